"""What the record can say about form 2."""

from django.utils.translation import gettext_lazy as _

from kunjae.audit.events import declare
from kunjae.messaging.events import name_kinds

declare("invitation.sent", _("{person} was invited to fill in form 2"), "person")
declare("invitation.opened", _("{person} opened the invitation"), "person")
declare("invitation.ended", _("The invitation of {person} was ended"), "person")
declare("contact.confirmed", _("{person} confirmed a mobile number"), "person")
declare("access_request.drafted", _("{person} began a request"), "person")
declare("access_request.corrected", _("The request of {person} was corrected"), "person", "version")
declare("access_request.submitted", _("The request of {person} was submitted"), "person", "way_in")
declare("access_request.withdrawn", _("The request of {person} was withdrawn"), "person")
declare("access_request.approved", _("The request of {person} was approved"), "person", "asked", "granted")
declare("access_request.refused", _("The request of {person} was not approved: {reason}"), "person", "reason")
declare(
    "access_request.self_served",
    _("{person} set a forgotten password anew, with mailbox and second factor"),
    "person",
)
declare("account.diagnosed", _("{username} was sent by mail how the account stands"), "username")
declare("mobile_code.sent", _("A code was sent to a mobile to confirm it"))
declare("mobile_code.refused", _("A wrong or stale code was given to confirm a mobile"))
declare("signed_scan.attached", _("The signed paper of the request of {person} was attached"), "person", "by_code")
declare("executive_access.given", _("{person} was given read-only access ({group})"), "person", "group")

name_kinds({
    "invitation": _("invitation to form 2"),
    "help": _("link to form 2 for who cannot get in"),
    "diagnosis": _("how an account stands that cannot be entered"),
    "officers_password_revoked": _("notice that an officer's password was lost"),
    "heads_password_revoked": _("notice to clerk and department that a head's password was lost"),
    "mobile_code": _("code that confirms a mobile"),
    "request_waits": _("notice of a request that waits"),
    "request_approved": _("notice of an approval"),
    "request_refused": _("notice of a refusal"),
    "officer_reset": _("notice that an officer set a forgotten password anew"),
    "heads_reset": _("notice that a head set a forgotten password anew"),
})  # fmt: skip
