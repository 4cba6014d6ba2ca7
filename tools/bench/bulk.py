"""Rows into PostgreSQL by COPY, with what Django's models would have filled in."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

_AT_A_TIME = 50_000


class Rows:
    """Rows of one model on their way; numbers are given here, defaults are the model's."""

    def __init__(self, model: type[models.Model]) -> None:
        fields = model._meta.concrete_fields
        self.table = model._meta.db_table
        self.columns = [str(field.column) for field in fields]
        self.lines: list[str] = []
        self._positions = {field.attname: place for place, field in enumerate(fields)}
        self._defaults = [_text(None if field.primary_key else field.get_default()) for field in fields]
        key = model._meta.pk
        self._key_place = self._positions[key.attname] if isinstance(key, models.AutoField) else None
        #: The highest number given so far.
        self.last: int = 0
        if self._key_place is not None:
            self.last = model._base_manager.aggregate(last=models.Max("pk"))["last"] or 0

    def add(self, **values: Any) -> int:
        """Add one row by the names of its columns' attributes; returns its number."""
        row = self._defaults.copy()
        for name, value in values.items():
            row[self._positions[name]] = _text(value)
        if self._key_place is not None:
            self.last += 1
            row[self._key_place] = str(self.last)
        self.lines.append("\t".join(row))
        return self.last


def _text(value: Any) -> str:
    if value is None:
        return r"\N"
    if isinstance(value, str):
        if "\\" in value or "\t" in value or "\n" in value:
            raise ValueError("such a character is not needed here")
        return value
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


class Load:
    """Many tables filled together."""

    def __init__(self) -> None:
        self._rows: dict[type[models.Model], Rows] = {}
        connection.ensure_connection()
        self._cursor = connection.connection.cursor()
        # The rows fit together by the way they are made: PostgreSQL need not look up each key again.
        self._cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")

    def of(self, model: type[models.Model]) -> Rows:
        """Return the rows of a model."""
        if model not in self._rows:
            self._rows[model] = Rows(model)
        return self._rows[model]

    def write(self, *, all_of_it: bool = False) -> None:
        """Write what has gathered, if it is much or the last."""
        if all_of_it or sum(len(rows.lines) for rows in self._rows.values()) >= _AT_A_TIME:
            for rows in self._rows.values():
                self.copy(rows.table, rows.columns, rows.lines)
                rows.lines.clear()

    def copy(self, table: str, columns: Iterable[str], lines: list[str]) -> None:
        """Copy lines of text into a table."""
        if lines:
            names = ", ".join(f'"{column}"' for column in columns)
            with self._cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                copy.write("\n".join(lines) + "\n")

    def close(self) -> None:
        """Write the rest, and set the sequences behind the last rows."""
        self.write(all_of_it=True)
        for statement in connection.ops.sequence_reset_sql(no_style(), list(self._rows)):
            self._cursor.execute(statement)
        self._cursor.execute("RESET session_replication_role; RESET synchronous_commit")
        self._cursor.close()


def settle() -> None:
    """Let PostgreSQL look at what it holds now, as it would by itself after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
