"""
Statements of the hot path, written by Django's ORM once in the life of a process and asked many times.

To write the SQL of a question costs the ORM more than PostgreSQL needs to answer it; a sign-in asks the same few ones
each time (docs/decisions/0012-benchmarks.md). What a statement says still follows the models; only the values change.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connection, models, router
from django.db.models.expressions import Expression

M = TypeVar("M", bound=models.Model)


class Blank(Expression):
    """A place in a question for a value that is given when it is asked, and written as `output_field` writes it."""

    def __init__(self, name: str, output_field: models.Field) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Write the place only: the value comes later."""
        return "%s", [self]

    def filled_from(self, values: dict[str, Any]) -> Any:
        """Give the value of this place as the database takes it."""
        return self.output_field.get_db_prep_value(values[self.name], connection)


@dataclass(frozen=True, slots=True)
class _Written:
    """One question as the ORM wrote it, and how its rows become instances."""

    sql: str
    parameters: tuple[Any, ...]
    fields: list[str]
    places: slice
    annotations: dict[str, int]
    converters: dict[int, tuple[list[Any], Any]]

    def rows(self, values: dict[str, Any]) -> list[Any]:
        """Ask the database; values come as Python knows them."""
        filled = [value.filled_from(values) if isinstance(value, Blank) else value for value in self.parameters]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, filled)
            rows = cursor.fetchall()
        return [self._converted(row) for row in rows] if self.converters else rows

    def _converted(self, row: Any) -> list[Any]:
        values = list(row)
        for place, (convert, expression) in self.converters.items():
            for step in convert:
                values[place] = step(values[place], expression, connection)
        return values


class Question(Generic[M]):
    """
    A question about rows of one model: `build` is called once for each kind of database, and gives the query.

    Its values are `Blank`s. It may name columns by `only`, and carry annotations; related rows it does not bring.
    """

    def __init__(self, build: Callable[[], "models.QuerySet[M]"]) -> None:
        self._build = build
        self._model: type[M]
        self._written: dict[str, _Written] = {}

    def ask(self, **values: Any) -> list[M]:
        """Ask it with these values; the rows come as instances, with the annotations as attributes."""
        written = self._written.get(connection.vendor) or self._write()
        return [self._instance(written, row) for row in written.rows(values)]

    def first(self, **values: Any) -> M | None:
        """Give the first row only."""
        return next(iter(self.ask(**values)), None)

    def _write(self) -> _Written:
        queryset = self._build()
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        selected = [expression for expression, _sql, _alias in compiler.select or ()]
        places = compiler.klass_info["select_fields"]
        self._model = queryset.model
        written = self._written[connection.vendor] = _Written(
            sql=sql,
            parameters=tuple(parameters),
            fields=[selected[place].target.attname for place in places],
            places=slice(places[0], places[-1] + 1),
            annotations=dict(compiler.annotation_col_map or {}),
            converters=compiler.get_converters(selected),
        )
        return written

    def _instance(self, written: _Written, row: Any) -> M:
        instance: M = self._model.from_db(connection.alias, written.fields, row[written.places])
        for name, place in written.annotations.items():
            setattr(instance, name, row[place])
        return instance


def insert(row: models.Model) -> None:
    """
    Write a new row, and give it the key that the database chose.

    For models without parents, signals or `save` of their own; whoever guards a model guards this, too.
    """
    sql, fields, chosen = _insertion(type(row), connection.vendor)
    values = [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        if chosen:
            row.pk = cursor.fetchone()[0]
    row._state.adding, row._state.db = False, router.db_for_write(type(row))  # noqa: SLF001 (as Django's own `save`)


@cache
def _insertion(model: type[models.Model], _vendor: str) -> tuple[str, list[models.Field], bool]:
    """Write the insertion of one row of a model: its columns, and the key if the database chooses it."""
    meta, quoted, key = model._meta, connection.ops.quote_name, model._meta.pk
    chosen = isinstance(key, models.AutoField)
    fields = [field for field in meta.local_concrete_fields if not (chosen and field is key)]
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    returning = f" RETURNING {quoted(str(key.column))}" if chosen else ""
    sql = f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES ({places}){returning}"  # noqa: S608 (names of ours)
    return sql, fields, chosen
