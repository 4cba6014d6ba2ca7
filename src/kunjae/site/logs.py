"""Logs: one line of JSON per event on standard error, without anything that names a person."""

import logging
import logging.config
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

# A path may hold a one-time secret, the others a person: no caller may log them, even by mistake.
UNSPEAKABLE = {
    "path", "query", "url", "username", "user_id", "email", "mobile", "password", "code", "secret", "token", "person",
}  # fmt: skip
EventDict = MutableMapping[str, Any]
_CHAIN: list[Any] = [
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configuration(*, level: str, with_values: bool = False) -> dict[str, Any]:
    """
    Build the description for `logging.config.dictConfig`.

    `with_values` writes faults whole, with their messages: for a developer's desk, never where people work.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _CHAIN,
                "processors": [
                    _name_the_page_not_the_path,
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.format_exc_info if with_values else _describe_fault_without_its_values,
                    _leave_out_what_may_name_somebody,
                    # ASCII only: control and bidi characters cannot forge a line or reverse one.
                    structlog.processors.JSONRenderer(ensure_ascii=True, sort_keys=True),
                ],
            },
        },
        # On the handler, too: servers and workers set the level of their own loggers.
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json", "level": level}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # A stranger's 404 is no event worth a line each.
            "django.request": {"level": "ERROR"},
            "django.security": {"level": "WARNING"},
            # It warns at each try; who waited for the connection says so once, at the end.
            "psycopg.pool": {"level": "ERROR"},
        },
    }


def configure(description: dict[str, Any]) -> None:
    """Set up the standard library's logging, and structlog on top of it."""
    logging.config.dictConfig(description)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            *_CHAIN,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _name_the_page_not_the_path(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Replace Django's message, which quotes the path (codes may stand in it), by the route."""
    record = event.get("_record")
    request = getattr(record, "request", None)
    if record is not None and record.name.startswith(("django.request", "django.security")):
        match = getattr(request, "resolver_match", None)
        event["event"] = str(event["event"]).partition(":")[0]
        event["route"] = match.route if match else None
        event["status"] = getattr(record, "status_code", None)
    return event


def _describe_fault_without_its_values(_logger: object, _method: str, event: EventDict) -> EventDict:
    """
    Log the fault's class and where it rose, not its message.

    Messages quote values: PostgreSQL's name the row that stood in the way, a parser's the text it met.
    """
    information = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if information is True:
        information = sys.exc_info()
    fault = information[1] if isinstance(information, tuple) else information
    if not isinstance(fault, BaseException):
        return event
    event["fault"] = type(fault).__qualname__
    diagnosis = getattr(fault.__cause__, "diag", None)
    if diagnosis is not None:
        event["constraint"] = diagnosis.constraint_name
    event["frames"] = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(fault.__traceback__)[-12:]
    ]
    return event


def _leave_out_what_may_name_somebody(_logger: object, _method: str, event: EventDict) -> EventDict:
    for name in UNSPEAKABLE & event.keys():
        del event[name]
    return event
