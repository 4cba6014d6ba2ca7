"""Addresses of signing in, activating, and one's own account."""

from django.urls import path

from kunjae.identity.views import (
    activating,
    choosing,
    deviations,
    own_account,
    password_clock,
    password_policy,
    password_simulation,
    signing_in,
    undertaking,
)

app_name = "identity"
urlpatterns = [
    path("sign-in/", signing_in.signing_in, name="sign_in"),
    path("sign-in/new-password/", choosing.renew_password, name="renew_password"),
    path("sign-in/due-password/", password_clock.due_password, name="due_password"),
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
