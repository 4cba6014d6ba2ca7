"""
A world that many tests begin with is built once in a process, by the true operations; the same rows are laid down again.

Only in a database in which nothing has happened yet: anywhere else the operations are walked.
"""

from collections.abc import Callable
from copy import copy, deepcopy
from functools import wraps
from typing import ParamSpec, TypeVar

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from kunjae.audit.models import AuditEvent

P = ParamSpec("P")
World = TypeVar("World")


def built_once(build: Callable[P, World]) -> Callable[P, World]:
    """Let a factory walk the operations the first time only; it is known by its arguments."""
    known: dict[object, tuple[list[list[models.Model]], World]] = {}

    @wraps(build)
    def world(*arguments: P.args, **options: P.kwargs) -> World:
        if AuditEvent.objects.exists():
            return build(*arguments, **options)
        key = (arguments, tuple(sorted(options.items())))
        if key not in known:
            tables = [model for model in apps.get_models() if not _all(model).exists()]  # Others the migrations filled.
            built = build(*arguments, **options)
            known[key] = ([list(_all(model)) for model in tables if _all(model).exists()], deepcopy(built))
            return built
        tables, built = known[key]
        with transaction.atomic():
            for rows in tables:
                _all(type(rows[0])).bulk_create([copy(row) for row in rows])
            _go_on_counting([type(rows[0]) for rows in tables])
        return deepcopy(built)

    return world


def _go_on_counting(laid_down: list[type[models.Model]]) -> None:
    """Let no new row take the number of one that was laid down: a flush may have begun the counters anew."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), laid_down):
            cursor.execute(statement)


def _all(model: type[models.Model]) -> models.QuerySet:
    # Past the guard of the model: these rows have passed it once.
    return models.QuerySet(model)
