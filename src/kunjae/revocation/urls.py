"""Addresses of การจัดการข้อมูลผู้ใช้ and การจัดการกลุ่มผู้ใช้."""

from django.urls import path

from kunjae.revocation.views import (
    closing,
    desks,
    disowning,
    emergency,
    groups,
    naming,
    old_passwords,
    people,
    removing,
    units,
    use,
)

app_name = "revocation"
urlpatterns = [
    path("me/sign-ins/not-me/", disowning.disowning, name="disowning"),
    path("department/officers/", desks.officers, name="desk_officers"),
    path("department/officers/<public_id:public_id>/resumption/", desks.resumption, name="desk_resumption"),
    path("o/<str:org_code>/people/", people.people, name="people"),
    path("o/<str:org_code>/people/old-passwords/", old_passwords.old_passwords, name="old_passwords"),
    path("o/<str:org_code>/people/<public_id:public_id>/", people.person, name="person"),
    path("o/<str:org_code>/people/<public_id:public_id>/name/", naming.naming, name="naming"),
    path("o/<str:org_code>/use/", use.use, name="use"),
    path("o/<str:org_code>/use/accounts/", use.use_accounts, name="use_accounts"),
    path("o/<str:org_code>/use/accounts/<public_id:public_id>/", use.keeping, name="keeping"),
    path("o/<str:org_code>/use/sessions/", use.use_sessions, name="use_sessions"),
    path("o/<str:org_code>/use/two-places/", use.use_two_places, name="use_two_places"),
    path("o/<str:org_code>/units/", units.units, name="units"),
    path("o/<str:org_code>/units/<int:unit_id>/closing/", units.unit_closing, name="unit_closing"),
    path("o/<str:org_code>/people/<public_id:public_id>/sessions/", people.sessions, name="sessions"),
    path("o/<str:org_code>/people/<public_id:public_id>/suspension/", removing.suspension, name="suspension"),
    path(
        "o/<str:org_code>/people/<public_id:public_id>/second-factors/", removing.second_factors, name="second_factors"
    ),
    path("o/<str:org_code>/people/<public_id:public_id>/resumption/", removing.resumption, name="resumption"),
    path("o/<str:org_code>/people/<public_id:public_id>/closure/", closing.closure, name="closure"),
    path("o/<str:org_code>/people/<public_id:public_id>/closure/check/", closing.closure_check, name="closure_check"),
    path(
        "o/<str:org_code>/people/<public_id:public_id>/groups/<public_id:grant_public_id>/removal/",
        removing.removal,
        name="removal",
    ),
    path("o/<str:org_code>/suspensions/", emergency.suspensions, name="suspensions"),
    path("o/<str:org_code>/groups/", groups.groups, name="groups"),
]
