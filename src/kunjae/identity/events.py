"""What the record can say about accounts, credentials and sessions."""

from django.utils.translation import gettext_lazy as _

from kunjae.audit.events import declare, declare_words
from kunjae.identity.models.factor import FactorEnd, FactorKind, FactorSource
from kunjae.identity.models.session import EndReason
from kunjae.messaging.events import name_kinds

declare("password_policy.adopted", _("The password policy {code}, version {version}, was adopted"), "code", "version")
declare(
    "password_policy.proposed",
    _("The password policy {code}, version {version}, was proposed from {effective_date} on, by {instrument}"),
    "code",
    "version",
    "effective_date",
    "instrument",
)
declare(
    "password_policy.confirmed",
    _(
        "The password policy {code}, version {version}, was decided from {effective_date} on, as another person had"
        " proposed, by {instrument}"
    ),
    "code",
    "version",
    "effective_date",
    "instrument",
)
declare(
    "password_policy.withdrawn",
    _("The proposal of the password policy {code}, version {version}, was withdrawn"),
    "code",
    "version",
    "effective_date",
)
declare(
    "second_factor_day.proposed",
    _("A second factor for everybody was proposed from {effective_date} on, by {instrument}"),
    "effective_date",
    "instrument",
)
declare(
    "second_factor_day.confirmed",
    _(
        "A second factor for everybody was decided from {effective_date} on, as another person had proposed, by"
        " {instrument}"
    ),
    "effective_date",
    "instrument",
)
declare(
    "second_factor_day.withdrawn",
    _("The proposal of a second factor for everybody from {effective_date} on was withdrawn"),
    "effective_date",
)
declare(
    "second_factor_day.told",
    _("{count} persons without a second factor were told that everybody needs one from {effective_date} on"),
    "effective_date",
    "count",
)
declare(
    "breached_list.imported",
    _("A list of {entries} leaked passwords was imported: {source}"),
    "entries",
    "source",
    "digest",
)
declare("honeytoken.laid", _("The decoy {username} was laid: {note}"), "username", "note")
declare("honeytoken.lifted", _("The decoy {username} was lifted"), "username")
declare(
    "honeytoken.tried",
    _("Somebody tried to sign in with the decoy {username}: {tries} tries, from {places} places"),
    "username",
    "tries",
    "places",
)
declare("subject.opened", _("The user id {username} was opened for {person}"), "username", "person")
declare("subject.suspended", _("The user id {username} was suspended: {reason}"), "username", "reason")
declare("subject.resumed", _("The user id {username} was put back into use"), "username")
declare("subject.closed", _("The user id {username} was closed for good"), "username")
declare("subject.contact_changed", _("The contact details of {username} were changed"), "username")
declare(
    "desk_officer.posted",
    _("{person} was posted by order no. {order_number}; {posted_by} ran the command"),
    "person",
    "username",
    "order_number",
    "posted_by",
)
declare(
    "desk_officer.restored",
    _(
        "The ways in of {person} ended, and a new activation was sent, by order no. {order_number}; {restored_by} ran the"
        " command"
    ),
    "person",
    "username",
    "order_number",
    "restored_by",
)
declare(
    "desk_officer.released",
    _("{person} was released by order no. {order_number}, and the account closed; {released_by} ran the command"),
    "person",
    "username",
    "order_number",
    "released_by",
)
declare("activation.issued", _("An activation was issued for {username}"), "username", "purpose", "second_way")
declare("activation.refused", _("A wrong code was given for the activation of {username}"), "username")
declare("activation.ended", _("The activation of {username} was ended"), "username", "why")
declare("credential.set", _("{username} set a password"), "username", "how", "policy")
declare(
    "credential.judged", _("The password of {username} was found to meet the policy {policy}"), "username", "policy"
)
declare("credential.revoked", _("The password of {username} was revoked"), "username", "why")
declare(
    "credential.due_soon",
    _("{username} was told {days} days before that a new password will be asked for from {due_date} on"),
    "username",
    "days",
    "due_date",
)
declare(
    "credential.change_put_off",
    _("{username} puts off the change of the password until {ask_again_date}: {reason}"),
    "username",
    "ask_again_date",
    "reason",
)
declare(
    "credential.passkey_chosen",
    _("{username} uses a passkey instead of changing the password"),
    "username",
)
declare(
    "password_clock.started",
    _("{accounts} passwords were given the day from which a new one is asked for"),
    "accounts",
)
declare(
    "password_clock.stopped",
    _("{accounts} passwords lost the day from which a new one is asked for: the policy in force has no clock"),
    "accounts",
)
declare(
    "undertaking.accepted",
    _("{username} accepted the duties of clause 3, version {version}"),
    "username",
    "version",
    "digest",
)
declare("reset.sent", _("{username} was sent a link to set a forgotten password anew"), "username")
declare("reset.proved", _("{username} showed a second factor behind the link ({kind})"), "username", "kind")
declare("user_id.told", _("The user id {username} was sent to its mailbox"), "username")
declare(
    "second_factor.bound",
    _("{username} bound a second factor ({kind}, {source})"),
    "username",
    "kind",
    "source",
)
declare("second_factor.ended", _("A second factor of {username} ended ({kind}, {why})"), "username", "kind", "why")
declare(
    "recovery_code.used",
    _("{username} used the recovery code no. {number}; {left} are left"),
    "username",
    "number",
    "left",
)
declare("session.proved", _("{username} proved himself anew ({factor})"), "username", "factor")
declare("session.started", _("{username} signed in"), "username")
declare("session.ended", _("A session of {username} ended ({reason})"), "username", "reason")
declare("credential.rehashed", _("The stored form of the password of {username} was strengthened"), "username")

declare_words("session.ended.reason", dict(EndReason.choices))
declare_words(
    "credential.revoked.why",
    {"may_be_known": _("somebody else may know it"), "restored": _("a new one is set by activation")},
)
declare_words("second_factor.bound.kind", dict(FactorKind.choices))
declare_words("reset.proved.kind", dict(FactorKind.choices))
declare_words("second_factor.bound.source", dict(FactorSource.choices))
declare_words("second_factor.ended.kind", dict(FactorKind.choices))
declare_words("second_factor.ended.why", dict(FactorEnd.choices))
declare_words("session.proved.factor", {**dict(FactorKind.choices), "password": _("password")})
name_kinds({
    "factor_bound": _("notice of a new second factor"),
    "factor_removed": _("notice that a second factor was removed"),
    "factors_ended": _("notice that all second factors ended"),
    "recovery_code_used": _("notice that a recovery code was used"),
    "activation": _("activation"),
    "activation_code": _("second code of an activation"),
    "slip_printed": _("notice that a slip was printed"),
    "account_suspended": _("notice of suspension"),
    "account_resumed": _("notice that the account is in use again"),
    "account_closed": _("notice of closing"),
    "password_revoked": _("notice that the password was revoked"),
    "contact_changed": _("notice of changed contact details"),
    "password_due": _("notice that a new password will be asked for"),
    "password_set": _("notice that a password was set"),
    "password_reset": _("link to set a forgotten password anew"),
    "user_id": _("forgotten user id"),
    "honeytoken_tried": _("alert that a decoy was tried"),
    "desk_account": _("notice to the department about the account of a colleague"),
    "factor_day": _("notice of the day from which a second factor is needed"),
})  # fmt: skip
