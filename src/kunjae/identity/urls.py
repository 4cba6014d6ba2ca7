"""Addresses of signing in, activating, and one's own account."""

from django.urls import path

from kunjae.identity.views import (
    activating,
    choosing,
    deviations,
    honeytokens,
    own_account,
    own_factors,
    passkeys,
    password_policy,
    password_simulation,
    second_factor,
    signing_in,
    undertaking,
)

app_name = "identity"
urlpatterns = [
    path("sign-in/", signing_in.signing_in, name="sign_in"),
    path("sign-in/new-password/", choosing.renew_password, name="renew_password"),
    path("sign-in/second-factor/", second_factor.asked, name="second_factor"),
    path("sign-in/enrolment/", second_factor.enrolment, name="enrolment"),
    path("sign-in/enrolment/passkey/", passkeys.enrolment, name="enrolment_passkey"),
    path("sign-in/passkey/", passkeys.sign_in, name="passkey_sign_in"),
    path("me/second-factors/passkey/", passkeys.bind, name="bind_passkey"),
    path("me/second-factors/", own_factors.overview, name="own_factors"),
    path("me/second-factors/app/", own_factors.app, name="bind_app"),
    path("me/second-factors/codes/", own_factors.codes, name="draw_codes"),
    path("me/second-factors/<public_id:public_id>/end/", own_factors.removal, name="remove_factor"),
    path("me/proof/", own_factors.proof, name="proof"),
    path("sign-in/undertaking/", undertaking.undertaking, name="undertaking"),
    path("me/undertaking/", undertaking.own_undertaking, name="own_undertaking"),
    path("sign-out/", signing_in.signing_out, name="sign_out"),
    path("stay/", signing_in.stay, name="stay"),
    path("activate/", activating.by_typing, name="activate"),
    path("activate/code/", activating.by_link, name="activate_by_link"),
    path("activate/password/", activating.choose_password, name="choose_password"),
    path("activate/done/", activating.activated, name="activated"),
    path("activate/link/<str:secret>/", activating.link, name="activation_link"),
    path("me/password/", own_account.change_password, name="change_password"),
    path("password-standards/", deviations.register, name="deviations"),
    path("password-standards/register.pdf", deviations.on_paper, name="deviations_on_paper"),
    path("department/password-standards/", deviations.for_department, name="deviations_for_department"),
    path("department/honeytokens/", honeytokens.overview, name="honeytokens"),
    path(
        "department/honeytokens/<public_id:public_id>/lifting/",
        honeytokens.lifting,
        name="honeytoken_lifting",
    ),
    path("department/password-policy/simulation/", password_simulation.simulation, name="password_simulation"),
    path("department/password-policy/", password_policy.overview, name="password_policy"),
    path(
        "department/password-policy/<public_id:public_id>/confirmation/",
        password_policy.confirmation,
        name="password_policy_confirmation",
    ),
    path(
        "department/password-policy/<public_id:public_id>/withdrawal/",
        password_policy.withdrawal,
        name="password_policy_withdrawal",
    ),
    path("me/sign-ins/", own_account.sign_ins, name="sign_ins"),
    path("me/sessions/", own_account.sessions, name="sessions"),
    path("me/sessions/end-others/", own_account.end_other_sessions, name="end_other_sessions"),
    path("me/sessions/<public_id:public_id>/end/", own_account.end_session, name="end_session"),
]
