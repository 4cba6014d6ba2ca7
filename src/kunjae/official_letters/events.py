"""What the record can say about this floor."""

from django.utils.translation import gettext_lazy as _

from kunjae.audit.events import declare, declare_words
from kunjae.messaging.events import name_kinds
from kunjae.official_letters.models import CallBackOutcome, NoticeParty, Point, ProofChannel, ProofMethod, WayIn

# Prepared by somebody without an account
declare("letter_draft.begun", _("A letter (form 1) was begun on the public page"))
declare("letter_draft.written", _("A letter being prepared was changed (version {version})"), "version")
declare("letter_draft.printed", _("A prepared letter was printed, verification no. {code}"), "code")
declare("letter_draft.removed", _("A prepared letter whose days were over was removed"))
# Keyed at the desk
declare("letter_intake.begun", _("The scan of a letter was laid down to be keyed ({kind})"), "kind", "content_hash")
declare("letter_intake.kept", _("What was keyed of a letter so far was kept"))
declare("letter_intake.discarded", _("A scan that did not become a case was taken away"))
# Received, proven, told
declare("letter.received", _("The letter no. {letter_number} for {person} was received ({way_in})"),
        "person", "letter_number", "letter_date", "received_number", "way_in")  # fmt: skip
declare("letter.corrected", _("What was keyed of the letter for {person} was corrected (version {version})"),
        "person", "version")  # fmt: skip
declare("letter.order_attached", _("The order that appoints {person} was attached"), "person")
declare("letter.taken", _("{owner} sees to the letter for {person}"), "person", "owner")
declare("letter_proof.sent", _("What proves the {channel} of {person} was sent"), "person", "channel")
declare("letter_proof.proven", _("The {channel} of {person} is proven: {method}"), "person", "channel", "method")
declare("letter_proof.refused", _("A wrong code was given for the {channel} of {person}"), "person", "channel")
declare("letter_proof.ended", _("The proof of the {channel} of {person} was ended: {why}"), "person", "channel", "why")
declare("letter_notice.made", _("{party} is told of the letter for {person}"), "person", "party")
declare("letter_notice.told", _("{party} was told otherwise of the letter for {person}: {how}"),
        "person", "party", "how")  # fmt: skip
# Objected to
declare("letter.objected", _("{party} objected to the letter for {person}"), "person", "party", "state")
declare("letter.objection_upheld", _("The objection to the letter for {person} was upheld: {resolution}"),
        "person", "resolution")  # fmt: skip
declare("letter.objection_dismissed", _("The objection to the letter for {person} was dismissed: {resolution}"),
        "person", "resolution")  # fmt: skip

declare_words("letter.received.way_in", dict(WayIn.choices))
for _event in ("letter_proof.sent", "letter_proof.proven", "letter_proof.refused", "letter_proof.ended"):
    declare_words(f"{_event}.channel", dict(ProofChannel.choices))
declare_words("letter_proof.proven.method", dict(ProofMethod.choices))
declare_words("letter_proof.ended.why", {
    "too_many_tries": _("too many wrong codes"),
    "replaced": _("a newer one was sent"),
    "changed": _("the letter was changed"),
    "objected": _("somebody objected to the letter"),
})  # fmt: skip
for _event in ("letter_notice.made", "letter_notice.told"):
    declare_words(f"{_event}.party", dict(NoticeParty.choices))
declare_words("letter.objected.party", {**dict(NoticeParty.choices), "desk": _("somebody who told the desk")})

name_kinds({
    "letter_notice": _("notice of a letter for new keys"),
    "letter_proof": _("link and code that prove an e-mail address"),
    "letter_code": _("code that proves a mobile"),
})  # fmt: skip

# Verified, decided, followed up
declare("letter.point_noted", _("Of the letter for {person} this was verified: {point}"), "person", "point", "version")
declare("letter.recipient_chosen", _("It was found out who {person} is, who is to receive the user id"),
        "person", "is_new", "is_namesake")  # fmt: skip
declare("letter.called_back", _("The authority was called about the letter for {person}: {outcome}"),
        "person", "outcome", "spoke_with")  # fmt: skip
declare("letter.verified", _("The letter for {person} was verified (version {version})"), "person", "version")
declare("letter.issued", _("The letter for {person} was approved and issued with the user id {username}"),
        "person", "username", "version", "second_way", "authority_name")  # fmt: skip
declare("letter.returned", _("The letter for {person} was returned for correction: {note}"), "person", "note")
declare("letter.refused", _("The letter for {person} was refused: {note}"), "person", "note")
declare("letter.reissued", _("A new activation was issued for {person}"), "person", "username", "second_way")
declare("letter.slip_printed", _("A slip with the second code was printed for {person}"), "person", "username")
declare("letter.activation_announced", _("All parties were told that {person} has set a password"), "person", "used_at")

declare_words("letter.point_noted.point", dict(Point.choices))
declare_words("letter.called_back.outcome", dict(CallBackOutcome.choices))
declare_words("credential.revoked.why", {"letter": _("new keys were asked for by letter")})
name_kinds({
    "letter_issued": _("notice that a user id was issued on a letter"),
    "letter_returned": _("notice that a letter was returned"),
    "letter_refused": _("notice that a letter was refused"),
    "letter_activated": _("notice that a head of finance has set a password"),
})  # fmt: skip
