"""Addresses of access_requests."""

from django.urls import path

from kunjae.access_requests.views import (
    cases,
    deciding,
    executives,
    helping,
    intake,
    officer,
    offices,
    resetting,
    scanning,
    visitor,
)

app_name = "access_requests"
urlpatterns = [
    # Nobody signed in
    path("cannot-enter/", helping.cannot_enter, name="help"),
    path("cannot-enter/lost/", helping.lost, name="lost"),
    path("cannot-enter/unusable/", helping.unusable, name="unusable"),
    path("cannot-enter/user-id/", helping.user_id, name="forgotten_user_id"),
    path("cannot-enter/password/", helping.password, name="forgotten_password"),
    path("cannot-enter/sent/", helping.help_sent, name="help_sent"),
    path("cannot-enter/new-password/", resetting.proof, name="reset"),
    path("cannot-enter/new-password/link/<str:secret>/", resetting.link, name="reset_link"),
    path("cannot-enter/new-password/choose/", resetting.choosing, name="reset_choosing"),
    path("cannot-enter/new-password/done/", resetting.done, name="reset_done"),
    path("form-2/lost/", visitor.lost, name="form_2_lost"),
    path("form-2/mobile/", visitor.mobile, name="mobile"),
    path("form-2/mobile/code/", visitor.mobile_code, name="mobile_code"),
    path("form-2/write/", visitor.write, name="write"),
    path("form-2/check/", visitor.write_check, name="write_check"),
    path("form-2/submitted/", visitor.submitted, name="submitted"),
    path("form-2/withdrawal/", visitor.write_withdrawal, name="write_withdrawal"),
    path("form-2/form.pdf", visitor.own_form_pdf, name="own_form_pdf"),
    path("form-2/leave/", visitor.leave, name="leave"),
    path("form-2/left/", visitor.left, name="left"),
    path("form-2/<slug:secret>/", visitor.invitation, name="invitation"),
    # The officer
    path("o/<str:org_code>/my-requests/", officer.mine, name="mine"),
    path("o/<str:org_code>/my-requests/new/", officer.new, name="new"),
    # The head of finance
    path("o/<str:org_code>/requests/", deciding.waiting, name="waiting"),
    path("o/<str:org_code>/requests/paper/", intake.paper, name="paper"),
    path("o/<str:org_code>/requests/scans/", scanning.signed_scans, name="signed_scans"),
    path("o/<str:org_code>/requests/blank.pdf", cases.blank_form, name="blank_form"),
    path("o/<str:org_code>/invitations/new/", intake.invite, name="invite"),
    path("o/<str:org_code>/invitations/<public_id:public_id>/end/", intake.end_invitation, name="end_invitation"),
    # Chief executive and clerk (clause 2)
    path("o/<str:org_code>/executives/", executives.executives, name="executives"),
    path("o/<str:org_code>/executives/new/", offices.executive_new, name="executive_new"),
    path(
        "o/<str:org_code>/executives/<slug:office>/<public_id:public_id>/access/",
        executives.executive_access,
        name="executive_access",
    ),
    path(
        "o/<str:org_code>/executives/<slug:office>/<public_id:public_id>/access/check/",
        executives.executive_access_check,
        name="executive_access_check",
    ),
    path(
        "o/<str:org_code>/executives/<slug:office>/<public_id:public_id>/activation/",
        executives.executive_activation,
        name="executive_activation",
    ),
    path(
        "o/<str:org_code>/executives/<slug:office>/<public_id:public_id>/slip/",
        executives.executive_slip,
        name="executive_slip",
    ),
    path(
        "o/<str:org_code>/executives/<slug:office>/<public_id:public_id>/leaving/",
        offices.executive_leaving,
        name="executive_leaving",
    ),
    # One request
    path("o/<str:org_code>/requests/<public_id:public_id>/", cases.request_page, name="request"),
    path("o/<str:org_code>/requests/<public_id:public_id>/edit/", officer.edit, name="edit"),
    path("o/<str:org_code>/requests/<public_id:public_id>/check/", officer.check, name="check"),
    path("o/<str:org_code>/requests/<public_id:public_id>/withdrawal/", officer.withdrawal, name="withdrawal"),
    path("o/<str:org_code>/requests/<public_id:public_id>/decision/", deciding.decision, name="decision"),
    path(
        "o/<str:org_code>/requests/<public_id:public_id>/decision/summary/",
        deciding.decision_summary,
        name="decision_summary",
    ),
    path("o/<str:org_code>/requests/<public_id:public_id>/decided/", deciding.decided, name="decided"),
    path("o/<str:org_code>/requests/<public_id:public_id>/slip/", deciding.slip, name="slip"),
    path("o/<str:org_code>/requests/<public_id:public_id>/form.pdf", cases.form_pdf, name="form_pdf"),
    path(
        "o/<str:org_code>/requests/<public_id:public_id>/scans/",
        scanning.signed_scans_of_request,
        name="signed_scans_of_request",
    ),
    path(
        "o/<str:org_code>/requests/<public_id:public_id>/scans/<public_id:scan_public_id>/<int:page>.png",
        scanning.signed_scan_page,
        name="signed_scan_page",
    ),
    path("o/<str:org_code>/requests/<public_id:public_id>/scan/<int:page>.png", cases.scan, name="scan"),
]
