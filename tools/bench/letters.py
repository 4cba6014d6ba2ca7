"""Letters of form 1 in the department's register: some at work, most decided long ago."""

from datetime import datetime, timedelta

from kunjae.core.clock import thai_day
from kunjae.documents.models import StoredFile
from kunjae.official_letters.models import CaseState, LetterCase
from tools.bench.bulk import Load
from tools.bench.population import Nation, public_id

#: Of so many letters one is at work; the others were returned or refused, which needs no tenure of its own.
_ONE_AT_WORK_OF = 15
_AT_WORK = (CaseState.RECEIVED, CaseState.VERIFIED, CaseState.FROZEN)


def add_letters(nation: Nation, count: int, *, at: datetime) -> None:
    """Fill in so many letters, each authority with at most one at work."""
    load = Load()
    towns = list(nation.towns)
    desk = nation.desk.person_id
    for number in range(count):
        town = towns[number % len(towns)]
        is_at_work = number % _ONE_AT_WORK_OF == 0 and number < len(towns)
        received_at = at - (
            timedelta(minutes=90 * (number // 7)) if is_at_work else timedelta(minutes=60 * number + 900)
        )
        day = thai_day(received_at)
        name = public_id(10_000_000 + number)
        scan = load.of(StoredFile).add(
            public_id=public_id(20_000_000 + number),
            organisation_id=town.authority_id,
            case=f"{number + 1:04d}/2570",
            kind="pdf",
            size=90_000,
            content_hash="0" * 64,
            kept_by_id=desk,
            kept_at=received_at,
            drawn_at=received_at,
        )
        state = _AT_WORK[number // _ONE_AT_WORK_OF % 3] if is_at_work else CaseState.RETURNED
        stage = {}
        if not is_at_work:
            stage = {"decided_at": received_at, "decided_by_id": desk, "decision_note": "ไม่ได้แนบคำสั่งแต่งตั้ง"}
        elif state != CaseState.RECEIVED:
            stage = {"verified_at": received_at, "verified_by_id": town.accounts[0].person_id}
        load.of(LetterCase).add(
            public_id=name,
            authority_id=town.authority_id,
            case=f"{number + 1:04d}/2570",
            way_in="paper",
            head_has_left=True,
            leaving_kind="moved",
            recipient_title="นาย",
            recipient_given_name="ธนากร",
            recipient_family_name="รุ่งเรืองกิจ",
            position_box="division",
            email=f"head{number}@example.go.th",
            mobile=f"089{number:07d}",
            letter_number=f"มท 52301/{number}",
            letter_number_key=f"52301/{number}",
            letter_year=day.year,
            letter_date=day,
            received_number=str(number),
            received_year=day.year,
            received_date=day,
            received_at=received_at,
            received_by_id=desk,
            scan_id=scan,
            complete_at=received_at,
            owner_id=desk if number % 3 else None,
            state=state,
            **stage,
        )
    load.close()
