"""What a register would change: each of its authorities beside the one on record. Reads, never writes."""

from collections.abc import Collection
from dataclasses import dataclass

from kunjae.core.unacceptable import Unacceptable
from kunjae.organisations.models import AuthorityEdition, LocalAuthority, Province
from kunjae.organisations.register.reading import Row


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that differs from the authority on record, or that has none yet (`authority` is None)."""

    row: Row
    authority: LocalAuthority | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    What a register adds and changes, and what it does not speak of.

    `missing` are authorities on record that the register does not hold; they stay as they are.
    `loaded_provinces` are the codes of provinces that have authorities on record already.
    """

    added: tuple[Row, ...]
    changed: tuple[Difference, ...]
    unchanged_count: int
    missing: tuple[LocalAuthority, ...]
    loaded_provinces: frozenset[str]

    @property
    def is_same(self) -> bool:
        """Test if the register says what is on record already."""
        return not (self.added or self.changed)


def compare(rows: Collection[Row]) -> Comparison:
    """
    Compare a register with the authorities on record.

    :raises Unacceptable: `register_province_known`, `register_code_given_up`, or a `register_former_…` reason
    """
    on_record = {
        authority.code: authority
        for authority in LocalAuthority.objects.select_related("district", "province").order_by("code")
    }
    _refuse_other_province_names(rows)
    matches = _Matches(rows, on_record)
    differences = [Difference(row, matches.authority_of(row)) for row in rows]
    found = matches.found
    changed = tuple(item for item in differences if item.authority and _differs(item.row, item.authority))
    added = tuple(item.row for item in differences if item.authority is None)
    return Comparison(
        added=added,
        changed=changed,
        unchanged_count=len(differences) - len(added) - len(changed),
        missing=tuple(
            authority for authority in on_record.values() if authority.pk not in found and authority.closed_date is None
        ),
        loaded_provinces=frozenset(authority.province.code for authority in on_record.values()),
    )


def _refuse_other_province_names(rows: Collection[Row]) -> None:
    names = dict(Province.objects.values_list("code", "name_th"))
    for row in rows:
        if names.get(row.province_code, row.province_th) != row.province_th:
            raise Unacceptable("register_province_known", line=row.line)


class _Matches:
    """Which authority on record a row speaks of: by its code, or by the code that it had before."""

    def __init__(self, rows: Collection[Row], on_record: dict[str, LocalAuthority]) -> None:
        self.on_record = on_record
        self.by_id = {authority.pk: authority for authority in on_record.values()}
        self.is_first_load = not on_record
        self.lines = {row.code: row.line for row in rows}
        self.followed: dict[str, int] = {}
        self.found: dict[int, int] = {}
        self.holders = {
            code: holder
            for code, holder in AuthorityEdition.objects.exclude(until_date=None)
            .order_by("until_date", "pk")
            .values_list("code", "authority_id")
            if code not in on_record
        }

    def authority_of(self, row: Row) -> LocalAuthority | None:
        """
        Find the authority of a row; None if it is new.

        :raises Unacceptable: if code and former code do not fit each other or what is on record
        """
        by_code = self.on_record.get(row.code)
        former = self._by_former_code(row) if row.former_code else None
        if by_code and former and by_code.pk != former.pk:
            raise Unacceptable("register_former_other", line=row.line)
        if by_code is None and former is None and row.code in self.holders:
            raise Unacceptable("register_code_given_up", line=row.line, code=self.by_id[self.holders[row.code]].code)
        if row.former_code and not by_code and not former and not self.is_first_load:
            raise Unacceptable("register_former_unknown", line=row.line)
        authority = by_code or former
        if authority and (first := self.found.setdefault(authority.pk, row.line)) != row.line:
            raise Unacceptable("register_former_twice", line=row.line, first=first)
        return authority

    def _by_former_code(self, row: Row) -> LocalAuthority | None:
        if (first := self.followed.setdefault(row.former_code, row.line)) != row.line:
            raise Unacceptable("register_former_twice", line=row.line, first=first)
        if row.former_code in self.lines:
            raise Unacceptable("register_former_listed", line=row.line, first=self.lines[row.former_code])
        holder = self.holders.get(row.former_code)
        return self.on_record.get(row.former_code) or (self.by_id[holder] if holder else None)


def _differs(row: Row, authority: LocalAuthority) -> bool:
    return (row.code, row.kind, row.name_th, row.province_code, row.district_th) != (
        authority.code, authority.kind, authority.name_th, authority.province.code, authority.district.name_th,
    )  # fmt: skip
