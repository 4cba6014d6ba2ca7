"""What a line of the log may say."""

import io
import json
import logging
import logging.config

import pytest
import structlog
from django.test import RequestFactory

from kunjae.site import logs


@pytest.fixture
def line():
    """Return a function that gives one record to the log and reads the line it wrote."""
    description = logs.configuration(level="INFO")["formatters"]["json"]
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=description["processors"], foreign_pre_chain=description["foreign_pre_chain"]
    )
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    logger = logging.getLogger("kunjae.test_logs")
    logger.addHandler(handler)

    def line(record: logging.LogRecord | None = None) -> dict:
        if record is not None:
            handler.handle(record)
        assert stream.getvalue().count("\n") == 1
        return json.loads(stream.getvalue())

    yield line
    logger.removeHandler(handler)


def _record(name: str, message: str, *arguments: object, **more: object) -> logging.LogRecord:
    record = logging.getLogger(name).makeRecord(
        name, logging.ERROR, "", 0, message, arguments, more.pop("exc_info", None)
    )
    vars(record).update(more)
    return record


def test_control_and_direction_characters_cannot_forge_a_line(line):
    written = line(_record("kunjae", "one\r\n{}\u202e\u2028\x9bstop"))

    assert written["event"] == "one\r\n{}\u202e\u2028\x9bstop"


def test_a_fault_is_logged_without_the_values_in_its_message(line):
    try:
        {}["somchai@example.go.th"]
    except KeyError as fault:
        written = line(_record("kunjae", "failed", exc_info=(type(fault), fault, fault.__traceback__)))

    assert "somchai" not in json.dumps(written)
    assert written["fault"] == "KeyError"
    assert "test_logs.py" in written["frames"][-1]


@pytest.mark.parametrize(
    ("message", "arguments"),
    [("Internal Server Error: %s", ()), ("%s: %s", ("Internal Server Error",)), ("Internal Server Error", ())],
)
def test_a_failed_page_is_logged_by_its_route(line, message, arguments):
    request = RequestFactory().get("/activate/code-of-somebody/")

    arguments = (*arguments, request.path)[: message.count("%s")]
    written = line(_record("django.request", message, *arguments, request=request, status_code=500))

    assert "code-of-somebody" not in json.dumps(written)
    assert written["event"] == "Internal Server Error"
    assert written["status"] == 500


@pytest.mark.parametrize("name", ["path", "username", "email", "secret"])
def test_what_may_name_somebody_is_left_out(line, name):
    structlog.get_logger("kunjae.test_logs").error("error_page", status=404, **{name: "somchai"})

    written = line()

    assert "somchai" not in json.dumps(written)
    assert written["status"] == 404
