"""A letter is keyed from its scan: the scan lies first, nothing typed is lost, and only `receive` makes a case (L-11)."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from django.db import transaction

from kunjae.audit.change import state_change
from kunjae.core import identifiers
from kunjae.core.actor import Actor
from kunjae.core.uploads import CheckedUpload, UploadKind, UploadRefused
from kunjae.core.verdict import Denied
from kunjae.documents import scan_reading, storage
from kunjae.documents.models import DocumentKind, StoredFile
from kunjae.documents.storage import LaidDown
from kunjae.official_letters.content import LetterContent
from kunjae.official_letters.models import LetterCase, LetterIntake, WayIn
from kunjae.official_letters.operations.receiving import Intake, receive
from kunjae.official_letters.policies.desk import at_department_desk
from kunjae.organisations.models import LocalAuthority

KEPT_FOR = timedelta(days=14)
"""So long after the last change a letter that nobody keyed to its end stays."""

TYPED_LENGTH_MAX = 40_000
#: Pages drawn while the officer waits: a letter has one, its order some more. The others are drawn with the case.
_PAGES_DRAWN_MAX = 6


def begin_intake(*, actor: Actor, upload: CheckedUpload, at: datetime) -> LetterIntake:
    """
    Lay the scan of a letter down, and read what its QR says.

    :raises Denied: `only_department_desk`
    """
    at_department_desk(actor, at=at).enforce()
    read = _what_it_says(upload)
    with storage.laid_down(upload) as scan, state_change(actor=actor, at=at) as change:
        intake = LetterIntake.objects.create(
            public_id=identifiers.public_id(),
            scan_id=scan.public_id,
            scan_kind=upload.kind,
            scan_pages_count=upload.page_count,
            begun_at=at,
            begun_by_id=actor.person_id or 0,
            changed_at=at,
            **read,
        )
        change.record("letter_intake.begun", intake, organisation_id=None, kind=upload.kind, content_hash=upload.sha256)
    _draw(scan)
    return intake


def _what_it_says(upload: CheckedUpload) -> dict[str, str]:
    """Read the QR of a letter prepared here; a scan without one, or too poor to read, says nothing."""
    try:
        papers = scan_reading.papers_on(upload)
    except UploadRefused:
        return {}
    for paper in papers:
        if paper.document is None:
            return {"scan_says": "letter_scan_is_not_ours"}
        if paper.document.kind != DocumentKind.FORM_1:
            return {"scan_says": "letter_scan_is_other_paper"}
        # Compared is what the register holds, never what the paper claims of itself (T-33).
        read = {"draft_code": paper.claim.code, "prepared_hash": paper.document.content_hash}
        return read if paper.is_as_issued else read | {"scan_says": "scan_was_altered"}
    return {}


def _draw(scan: LaidDown) -> None:
    row = StoredFile(public_id=scan.public_id, kind=scan.upload.kind)
    for number in range(1, min(scan.upload.page_count, _PAGES_DRAWN_MAX) + 1):
        storage.draw_page(row, scan.upload.data, number)


def note_code(*, actor: Actor, public_id: str, code: str, typed: Mapping[str, list[str]], at: datetime) -> LetterIntake:
    """
    Note the code under the letter's QR, typed by hand, with what the form now holds.

    Nothing was read, so nothing is compared later: the officer compares the letter with what stands in the form.

    :raises Denied: `only_department_desk`
    """
    return _change(
        actor,
        public_id,
        at,
        lambda intake: {
            "draft_code": code,
            "prepared_hash": intake.prepared_hash if intake.draft_code == code else "",
            "typed_json": _as_json(typed),
        },
    )


def keep_typed(*, actor: Actor, public_id: str, typed: Mapping[str, list[str]], at: datetime) -> LetterIntake:
    """
    Keep what was typed so far.

    :raises Denied: `only_department_desk`
    """
    return _change(actor, public_id, at, lambda _intake: {"typed_json": _as_json(typed)})


def add_order_scan(*, actor: Actor, public_id: str, upload: CheckedUpload, at: datetime) -> LetterIntake:
    """
    Lay the order that came with a letter beside it, in place of an earlier one.

    :raises Denied: `only_department_desk`
    """

    def values(intake: LetterIntake) -> dict[str, object]:
        if intake.order_id:
            earlier = (intake.order_id, intake.order_kind, intake.order_pages_count)
            transaction.on_commit(partial(storage.take_away, *earlier))
        return {"order_id": scan.public_id, "order_kind": upload.kind, "order_pages_count": upload.page_count}

    with storage.laid_down(upload) as scan:
        intake = _change(actor, public_id, at, values)
    _draw(scan)
    return intake


def receive_keyed(
    *,
    actor: Actor,
    public_id: str,
    authority: LocalAuthority,
    content: LetterContent,
    way_in: WayIn,
    letter_number: str,
    letter_date: date,
    received_number: str,
    received_date: date,
    at: datetime,
) -> LetterCase:
    """
    Make a case of a letter that was keyed to its end; the intake is gone with it.

    :raises Denied: as `receiving.receive` says; `sent_already`
    """
    with state_change(actor=actor, at=at):
        intake = LetterIntake.objects.select_for_update().filter(public_id=public_id).first()
        if intake is None:
            raise Denied("sent_already")
        case = receive(
            actor=actor,
            authority=authority,
            content=content,
            intake=Intake(
                way_in=way_in,
                letter_number=letter_number,
                letter_date=letter_date,
                received_number=received_number,
                received_date=received_date,
                scan=_as_laid_down(intake.scan_id, intake.scan_kind, intake.scan_pages_count),
                order_scan=_as_laid_down(intake.order_id, intake.order_kind, intake.order_pages_count)
                if intake.order_id
                else None,
                draft_code=intake.draft_code,
                prepared_hash=intake.prepared_hash,
            ),
            at=at,
            public_id=intake.public_id,
        )
        intake.delete()
    return case


def discard_intake(*, actor: Actor, public_id: str, at: datetime) -> None:
    """
    Take a letter that was not keyed to its end away again, with its scans; it may be laid down anew.

    :raises Denied: `only_department_desk`
    """
    with state_change(actor=actor, at=at) as change:
        at_department_desk(actor, at=at).enforce()
        intake = LetterIntake.objects.select_for_update().get(public_id=public_id)
        change.record("letter_intake.discarded", intake, organisation_id=None)
        _take_away(intake)


def remove_abandoned_intakes(*, actor: Actor, at: datetime) -> int:
    """
    Take away what nobody keyed to its end for fourteen days; for the worker's rounds.

    :returns: how many were taken away
    """
    abandoned = list(LetterIntake.objects.filter(changed_at__lte=at - KEPT_FOR).values_list("pk", flat=True))
    for key in abandoned:
        with state_change(actor=actor, at=at) as change:
            intake = LetterIntake.objects.select_for_update().get(pk=key)
            change.record("letter_intake.discarded", intake, organisation_id=None)
            _take_away(intake)
    return len(abandoned)


def _take_away(intake: LetterIntake) -> None:
    scans = [(intake.scan_id, intake.scan_kind, intake.scan_pages_count)]
    if intake.order_id:
        scans.append((intake.order_id, intake.order_kind, intake.order_pages_count))
    intake.delete()
    for scan in scans:
        transaction.on_commit(partial(storage.take_away, *scan))


def _change(
    actor: Actor, public_id: str, at: datetime, values: Callable[[LetterIntake], dict[str, object]]
) -> LetterIntake:
    with state_change(actor=actor, at=at) as change:
        at_department_desk(actor, at=at).enforce()
        intake = LetterIntake.objects.select_for_update().get(public_id=public_id)
        intake.change_to(changed_at=at, **values(intake))
        change.record("letter_intake.kept", intake, organisation_id=None)
    return intake


def _as_json(typed: Mapping[str, list[str]]) -> str:
    kept = json.dumps(dict(typed), ensure_ascii=False)
    # What no form of ours holds is not worth keeping.
    return kept if len(kept) <= TYPED_LENGTH_MAX else "{}"


def _as_laid_down(public_id: str, kind: str, pages_count: int) -> LaidDown:
    data = storage.original(public_id, kind)
    return LaidDown(public_id, CheckedUpload(kind=UploadKind(kind), page_count=pages_count, data=data))
