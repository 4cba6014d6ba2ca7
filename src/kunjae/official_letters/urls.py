"""Addresses of official_letters."""

from django.urls import path

from kunjae.official_letters.views import case, confirming, deciding, desk, intake, objecting, preparing

app_name = "official_letters"
urlpatterns = [
    # Nobody signed in
    path("letters/", preparing.before, name="before"),
    path("letters/authority/", preparing.authority, name="authority"),
    path("letters/form-1.pdf", preparing.blank, name="blank"),
    path("letters/leave/", preparing.leave, name="leave"),
    path("letters/left/", preparing.left, name="left"),
    path("letters/confirm/", confirming.by_code, name="confirm_code"),
    path("letters/confirm/<str:secret>/", confirming.by_link, name="confirm"),
    path("letters/objection/<str:secret>/", objecting.objection, name="objection"),
    path("letters/<public_id:public_id>/", preparing.write, name="write"),
    path("letters/<public_id:public_id>/check/", preparing.check, name="check"),
    path("letters/<public_id:public_id>/ready/", preparing.ready, name="ready"),
    path("letters/<public_id:public_id>/letter.pdf", preparing.pdf, name="pdf"),
    # The department's desk
    path("department/letters/", desk.letters, name="letters"),
    path("department/letters/receive/", intake.begin, name="intake"),
    path("department/letters/receive/<public_id:public_id>/keying/", intake.key, name="key"),
    path("department/letters/receive/<public_id:public_id>/discard/", intake.discard, name="discard"),
    path("department/letters/receive/<public_id:public_id>/<slug:of>/<int:page>.png", intake.picture, name="picture"),
    path("department/letters/<public_id:public_id>/", case.case, name="case"),
    path("department/letters/<public_id:public_id>/taking/", case.taking, name="taking"),
    path("department/letters/<public_id:public_id>/correction/", case.correction, name="correction"),
    path("department/letters/<public_id:public_id>/order/", case.order, name="order"),
    path("department/letters/<public_id:public_id>/points/", case.point, name="point"),
    path("department/letters/<public_id:public_id>/recipient/", case.recipient, name="recipient"),
    path("department/letters/<public_id:public_id>/call/", case.call, name="call"),
    path("department/letters/<public_id:public_id>/proofs/", case.proofs, name="proofs"),
    path("department/letters/<public_id:public_id>/proofs/<slug:channel>/", case.told_code, name="told_code"),
    path("department/letters/<public_id:public_id>/notices/<int:notice_id>/", case.told, name="told"),
    path("department/letters/<public_id:public_id>/objection/", case.objection, name="objection_by_desk"),
    path("department/letters/<public_id:public_id>/objections/<int:objection_id>/", case.resolution, name="resolution"),
    path("department/letters/<public_id:public_id>/verification/", case.verification, name="verification"),
    path("department/letters/<public_id:public_id>/scan/<slug:of>/<int:page>.png", case.scan, name="scan"),
    path("department/letters/<public_id:public_id>/approval/", deciding.approval, name="approval"),
    path(
        "department/letters/<public_id:public_id>/approval/summary/",
        deciding.approval_summary,
        name="approval_summary",
    ),
    path("department/letters/<public_id:public_id>/return/", deciding.returning, name="returning"),
    path("department/letters/<public_id:public_id>/refusal/", deciding.refusing, name="refusing"),
    path("department/letters/<public_id:public_id>/issued/", deciding.issued, name="issued"),
    path("department/letters/<public_id:public_id>/activation/", deciding.reissue, name="reissue"),
    path("department/letters/<public_id:public_id>/slip/", deciding.slip, name="slip"),
    path("department/letters/<public_id:public_id>/reply.pdf", deciding.reply, name="reply"),
]
