"""The register of authorities: one file, all of it or nothing."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from kunjae.audit.change import Change, state_change
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.text import sort_key
from kunjae.organisations import policies
from kunjae.organisations.models import (
    USUAL_FINANCE_HEAD_TITLE,
    AuthorityEdition,
    District,
    LocalAuthority,
    Province,
    full_name_th,
)
from kunjae.organisations.register import reading
from kunjae.organisations.register.comparison import Comparison, Difference, compare
from kunjae.organisations.register.names import keys_of
from kunjae.organisations.register.reading import Register, Row

#: So many new authorities are written at a time, and so many changes before the next word of progress.
_LOT, _CHANGES_LOT = 2000, 500

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One authority as the outcome names it; `former` is what it was until now, empty if it is new."""

    code: str
    name: str
    former: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """
    What an import did, or with `dry_run` would do.

    `missing` are authorities on record that the file does not hold; they stay as they are.
    """

    rows: int
    added: int
    changed: int
    unchanged: int
    encoding: str
    digest: str
    dry_run: bool
    changes: tuple[Entry, ...]
    missing: tuple[Entry, ...]


def import_register(
    *, actor: Actor, file: bytes, at: datetime, dry_run: bool = False, progress: Progress | None = None
) -> Outcome:
    """
    Bring the authorities on record to what a register says; a second time it changes nothing.

    An authority whose name, kind, district or code differs gets a new edition, and its former one ends today.
    None is ever removed. `progress` is told how many of how many authorities are written.

    :raises Unacceptable: a `register_…` reason; then nothing was written
    :raises Denied: `not_at_department_desk`
    """
    register = reading.read(file)
    comparison = compare(register.rows)
    if dry_run or comparison.is_same:
        policies.may_import_register(actor, on=thai_day(at)).enforce()
        return _outcome(register, comparison, dry_run=dry_run)
    with state_change(actor=actor, at=at) as change:
        policies.may_import_register(actor, on=thai_day(at)).enforce()
        provinces = _lock_provinces(register.rows)
        # Once more, now that no other import can come between.
        comparison = compare(register.rows)
        outcome = _outcome(register, comparison, dry_run=False)
        change.record(
            "register.imported",
            organisation_id=None,
            rows=outcome.rows,
            added=outcome.added,
            changed=outcome.changed,
            missing=len(outcome.missing),
            encoding=register.encoding,
            file_digest=register.digest,
        )
        writing = _Writing(change, register, provinces, progress or (lambda _done, _total: None))
        writing.add(comparison)
        writing.change_all(comparison.changed)
    return outcome


def _outcome(register: Register, comparison: Comparison, *, dry_run: bool) -> Outcome:
    return Outcome(
        rows=len(register.rows),
        added=len(comparison.added),
        changed=len(comparison.changed),
        unchanged=comparison.unchanged_count,
        encoding=register.encoding,
        digest=register.digest,
        dry_run=dry_run,
        changes=tuple(
            Entry(
                code=item.row.code,
                name=full_name_th(item.row.kind, item.row.name_th),
                former=_former_name(item),
                line=item.row.line,
            )
            for item in comparison.changed
        ),
        missing=tuple(Entry(code=authority.code, name=authority.full_name) for authority in comparison.missing),
    )


def _former_name(item: Difference) -> str:
    """Name what an authority was, with its code and district where they changed too."""
    assert item.authority is not None  # noqa: S101 (a change is one of an authority on record)
    words = [item.authority.full_name]
    if item.authority.district.name_th != item.row.district_th:
        words.append(f"อำเภอ{item.authority.district.name_th}")
    if item.authority.code != item.row.code:
        words.append(f"({item.authority.code})")
    return " ".join(words)


def _lock_provinces(rows: Collection[Row]) -> dict[str, Province]:
    """Enter missing provinces and lock all of the file: two imports at once go one after the other here."""
    names = {row.province_code: row.province_th for row in rows}
    known = set(Province.objects.filter(code__in=names).values_list("code", flat=True))
    Province.objects.bulk_create(
        [
            Province(code=code, name_th=name, sort_key=sort_key(name))
            for code, name in sorted(names.items())
            if code not in known
        ],
        ignore_conflicts=True,
    )
    locked = Province.objects.select_for_update().filter(code__in=names).order_by("pk")
    return {province.code: province for province in locked}


class _Writing:
    """The rows of one import on their way into the tables, inside its change."""

    def __init__(self, change: Change, register: Register, provinces: dict[str, Province], progress: Progress) -> None:
        self.change = change
        self.today: date = thai_day(change.at)
        self.source = f"register sha256:{register.digest}"
        self.provinces = provinces
        self.districts = _districts(register.rows, provinces)
        self.progress = progress

    def district_of(self, row: Row) -> District:
        return self.districts[row.province_code, row.district_th]

    def add(self, comparison: Comparison) -> None:
        """
        Enter new authorities, each with its first edition.

        The first load of a province is told by `register.imported`, whose digest names the file that lists them;
        a newcomer to a province that was loaded before is an event of its own (docs/decisions/0006).
        """
        rows = comparison.added
        for start in range(0, len(rows), _LOT):
            lot = rows[start : start + _LOT]
            authorities = LocalAuthority.objects.bulk_create([self._new(row) for row in lot])
            AuthorityEdition.objects.bulk_create(
                [self._edition(authority, row) for authority, row in zip(authorities, lot, strict=True)]
            )
            for authority, row in zip(authorities, lot, strict=True):
                if row.province_code in comparison.loaded_provinces:
                    self.change.record(
                        "authority.added",
                        authority,
                        organisation_id=authority.pk,
                        name=authority.full_name,
                        code=row.code,
                    )
            self.progress(start + len(lot), len(rows))

    def _new(self, row: Row) -> LocalAuthority:
        return LocalAuthority(
            code=row.code,
            kind=row.kind,
            name_th=row.name_th,
            district_id=self.district_of(row).pk,
            province_id=self.provinces[row.province_code].pk,
            finance_head_title=USUAL_FINANCE_HEAD_TITLE[row.kind],
            **_keys(row),
        )

    def _edition(self, authority: LocalAuthority, row: Row) -> AuthorityEdition:
        return AuthorityEdition(authority_id=authority.pk, from_date=self.today, **self._edition_facts(row))

    def _edition_facts(self, row: Row) -> dict[str, object]:
        return {
            "code": row.code,
            "kind": row.kind,
            "name_th": row.name_th,
            "district_id": self.district_of(row).pk,
            "source": self.source,
        }

    def change_all(self, differences: Collection[Difference]) -> None:
        """Give each changed authority a new edition; what it was stays in its history and can be searched."""
        for done, item in enumerate(differences, start=1):
            self._change(item)
            if done % _CHANGES_LOT == 0 or done == len(differences):
                self.progress(done, len(differences))

    def _change(self, item: Difference) -> None:
        row, authority, former = item.row, item.authority, _former_name(item)
        assert authority is not None  # noqa: S101 (a change is one of an authority on record)
        present = AuthorityEdition.objects.filter(authority=authority, until_date=None).first()
        if present is not None and present.from_date >= self.today:
            # Two imports on one day: the days of an edition cannot be none. The record keeps both.
            present.change_to(**self._edition_facts(row))
        else:
            if present is not None:
                present.change_to(until_date=self.today)
            self._edition(authority, row).save()
        formerly = AuthorityEdition.objects.filter(authority=authority).exclude(until_date=None).order_by("from_date")
        authority.change_to(
            code=row.code,
            kind=row.kind,
            name_th=row.name_th,
            district=self.district_of(row),
            province=self.provinces[row.province_code],
            **_keys(row, formerly=[word for edition in formerly for word in (edition.full_name, f"0{edition.code}")]),
        )
        self.change.record(
            "authority.changed",
            authority,
            organisation_id=authority.pk,
            name=authority.full_name,
            code=row.code,
            former=former,
            district=row.district_th,
        )


def _keys(row: Row, *, formerly: Collection[str] = ()) -> dict[str, str]:
    return keys_of(
        code=row.code,
        kind=row.kind,
        name_th=row.name_th,
        district_th=row.district_th,
        province_th=row.province_th,
        formerly=formerly,
    )


def _districts(rows: Collection[Row], provinces: dict[str, Province]) -> dict[tuple[str, str], District]:
    """Find or enter the districts of a file by province and name; the code is the one that most rows give them."""
    codes: dict[tuple[str, str], Counter[str]] = {}
    for row in rows:
        codes.setdefault((row.province_code, row.district_th), Counter())[row.district_code] += 1
    found = _districts_on_record()
    District.objects.bulk_create(
        [
            District(province=provinces[key[0]], name_th=key[1], code=counted.most_common(1)[0][0])
            for key, counted in codes.items()
            if key not in found
        ]
    )
    return _districts_on_record()


def _districts_on_record() -> dict[tuple[str, str], District]:
    on_record = District.objects.select_related("province")
    return {(district.province.code, district.name_th): district for district in on_record}
