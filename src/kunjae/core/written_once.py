"""
Statements of the hot path, written by Django's ORM once in the life of a process and asked many times.

To write the SQL of a question costs the ORM more than PostgreSQL needs to answer it; a sign-in asks the same few ones
each time (docs/decisions/0012-benchmarks.md). What a statement says still follows the models; only the values change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import connection, models, router
from django.db.models.expressions import Expression
from django.db.models.sql import UpdateQuery

M = TypeVar("M", bound=models.Model)


class Blank(Expression):
    """
    A place in a question for a value that is given when it is asked, and written as `output_field` writes it.

    `is_hidden` keeps PostgreSQL from planning anew for each value, where it would find the plan for this value a little
    cheaper each time, and lose more by planning.
    """

    def __init__(self, name: str, output_field: models.Field, *, is_hidden: bool = False) -> None:
        super().__init__(output_field=output_field)
        self.name, self.is_hidden = name, is_hidden

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Write the place only: the value comes later."""
        return "(SELECT %s)" if self.is_hidden else "%s", [self]

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
        with connection.cursor() as cursor:
            cursor.execute(self.sql, _filled(self.parameters, values))
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
    A question about rows of one model: each `build` is called once for each kind of database, and gives a query.

    Its values are `Blank`s. It may name columns by `only`, and carry annotations; related rows it does not bring. Several
    builds of the same columns are asked as one, each with its own limit: their rows come in no order, and a row that two
    of them find comes twice.
    """

    def __init__(self, *builds: Callable[[], "models.QuerySet[M]"]) -> None:
        self._builds = builds
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
        parts = [self._written_by(build()) for build in self._builds]
        first = parts[0]
        if any((part.fields, part.annotations) != (first.fields, first.annotations) for part in parts):
            raise TypeError(f"questions about different columns of {self._model.__name__} cannot be asked as one")
        whole = self._written[connection.vendor] = first if len(parts) == 1 else _as_one(parts)
        return whole

    def _written_by(self, queryset: "models.QuerySet[M]") -> _Written:
        compiler = queryset.query.get_compiler(connection=connection)
        sql, parameters = _with_constants_written_out(*compiler.as_sql())
        selected = [expression for expression, _sql, _alias in compiler.select or ()]
        places = compiler.klass_info["select_fields"]
        self._model = queryset.model
        return _Written(
            sql=sql,
            parameters=parameters,
            fields=[selected[place].target.attname for place in places],
            places=slice(places[0], places[-1] + 1),
            annotations=dict(compiler.annotation_col_map or {}),
            converters=compiler.get_converters(selected),
        )

    def _instance(self, written: _Written, row: Any) -> M:
        instance: M = self._model.from_db(connection.alias, written.fields, row[written.places])
        for name, place in written.annotations.items():
            setattr(instance, name, row[place])
        return instance


class Update:
    """
    A change of the rows that a question finds: `build` is called once for each kind of database, and gives the query.

    `to` says what the columns become. Whoever guards a model guards this, too: it is for bookkeeping.
    """

    def __init__(self, build: Callable[[], "models.QuerySet[Any]"], **to: Any) -> None:
        self._build, self._to = build, to
        self._written: dict[str, tuple[str, tuple[Any, ...]]] = {}

    def run(self, **values: Any) -> int:
        """Change the rows; returns how many."""
        sql, parameters = self._written.get(connection.vendor) or self._write()
        with connection.cursor() as cursor:
            cursor.execute(sql, _filled(parameters, values))
            return int(cursor.rowcount)

    def _write(self) -> tuple[str, tuple[Any, ...]]:
        query: Any = self._build().query.chain(UpdateQuery)
        query.add_update_values(self._to)
        written = _with_constants_written_out(*query.get_compiler(connection=connection).as_sql())
        self._written[connection.vendor] = written
        return written


def _filled(parameters: Sequence[Any], values: dict[str, Any]) -> list[Any]:
    """Put values into their places."""
    return [value.filled_from(values) if isinstance(value, Blank) else value for value in parameters]


def _as_one(parts: list[_Written]) -> _Written:
    """Join questions of the same columns; each stands in a bracket of its own, where SQLite, too, lets it have a limit."""
    bracketed = [f"SELECT * FROM ({part.sql}) AS part_{place}" for place, part in enumerate(parts)]  # noqa: S608 (ours)
    return replace(
        parts[0],
        sql=" UNION ALL ".join(bracketed),
        parameters=tuple(value for part in parts for value in part.parameters),
    )


def _with_constants_written_out(sql: str, parameters: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
    """
    Write what the code itself has chosen into the statement, on PostgreSQL; what is given when it is asked stays a place.

    An index with a condition serves a prepared statement only where the words of the condition stand in it.
    """
    pieces = sql.split("%s")
    if connection.vendor != "postgresql" or len(pieces) != len(parameters) + 1:
        return sql, tuple(parameters)
    written, places = pieces[0], []
    quoting: Any = connection.ops
    for value, piece in zip(parameters, pieces[1:], strict=True):
        is_constant = isinstance(value, str | int)
        if not is_constant:
            places.append(value)
        written += (quoting.compose_sql("%s", [value]).replace("%", "%%") if is_constant else "%s") + piece
    return written, tuple(places)


Statement = tuple[str, Sequence[Any]]
"""One statement that gives nothing back, and its values as the database takes them."""


def insert(*rows: models.Model, beside: Statement | None = None) -> None:
    """
    Write new rows, in one statement where the database can, and give them the keys that it chose.

    `beside` goes with them. For models without parents, signals or `save` of their own; a model that guards its rows is
    asked (`guard_insertion`). No row may need the key of another.
    """
    for row in rows:
        if row.pk is not None and isinstance(row._meta.pk, models.AutoField):
            raise TypeError(f"the database chooses the key of a {row._meta.label}")
        if guard := getattr(row, "guard_insertion", None):
            guard()
    insertions = [_insertion(type(row), connection.vendor) for row in rows]
    values = [insertion.values_of(row) for insertion, row in zip(insertions, rows, strict=True)]
    if connection.vendor == "postgresql" and (len(rows) > 1 or beside):
        sql = _together(tuple(insertions), beside[0] if beside else None)
        keys = iter(_run(sql, [value for part in [*values, beside[1] if beside else ()] for value in part]))
    else:
        found = [_run(insertion.sql, part) for insertion, part in zip(insertions, values, strict=True)]
        keys = iter([key for row_of_keys in found for key in row_of_keys])
        if beside:
            _run(*beside)
    for insertion, row in zip(insertions, rows, strict=True):
        if insertion.key_is_chosen:
            row.pk = next(keys)
        row._state.adding, row._state.db = False, router.db_for_write(type(row))  # noqa: SLF001 (as Django's own `save`)


def _run(sql: str, values: Sequence[Any]) -> tuple[Any, ...]:
    """Run a statement; returns its first row, if it gives rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return (cursor.fetchone() or ()) if cursor.description else ()


@dataclass(frozen=True, slots=True, eq=False)
class _Insertion:
    """The insertion of one row of a model: its columns, and the name of the key if the database chooses it."""

    sql: str
    fields: tuple[Any, ...]
    key_is_chosen: bool

    def values_of(self, row: models.Model) -> list[Any]:
        """Give what the row holds, as the database takes it."""
        return [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in self.fields]


@cache
def _insertion(model: type[models.Model], _vendor: str) -> _Insertion:
    meta, quoted, key = model._meta, connection.ops.quote_name, model._meta.pk
    chosen = isinstance(key, models.AutoField)
    fields = tuple(field for field in meta.local_concrete_fields if not (chosen and field is key))
    columns = ", ".join(quoted(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    returning = f" RETURNING {quoted(str(key.column))} AS key" if chosen else ""
    sql = f"INSERT INTO {quoted(meta.db_table)} ({columns}) VALUES ({places}){returning}"  # noqa: S608 (names of ours)
    return _Insertion(sql, fields, chosen)


@cache
def _together(insertions: tuple[_Insertion, ...], beside: str | None) -> str:
    """Join insertions, and what goes beside them, in one statement of PostgreSQL, which gives the keys in their order."""
    parts = [insertion.sql for insertion in insertions] + ([beside] if beside else [])
    written = ", ".join(f"w{number} AS ({sql})" for number, sql in enumerate(parts))
    keyed = [f"w{number}" for number, insertion in enumerate(insertions) if insertion.key_is_chosen]
    keys, sources = ", ".join(f"{name}.key" for name in keyed), ", ".join(keyed)
    return f"WITH {written} " + (f"SELECT {keys} FROM {sources}" if keyed else "SELECT 1")  # noqa: S608 (names of ours)
