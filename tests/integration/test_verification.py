"""The public page that verifies a printed paper (T-33)."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from kunjae.core.identifiers import short_code
from kunjae.core.numerals import to_thai_digits
from kunjae.documents.models import DocumentKind, IssuedDocument
from kunjae.documents.operations import issue_document
from kunjae.reports.views import verification
from tests import factories
from tests.factories import NOW, TEST, Town
from tests.integration.reports_ground import words_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return factories.a_town()


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet():
    cache.clear()


def a_paper(town: Town, *, case: str = "0147/2570", content_hash: str = "3f2a9c0177be" + "0" * 52) -> IssuedDocument:
    return issue_document(
        actor=TEST,
        kind=DocumentKind.FORM_2,
        authority=town.authority,
        case=case,
        content_hash=content_hash,
        summary="นางสาวญาณิศา ภู่ประเสริฐ",
        at=NOW,
    )


def test_verify_shows_minimal_facts_and_nobodys_name(town):
    paper = a_paper(town)

    answer = Client().get(reverse("reports:verify_code", args=[paper.code]))

    assert answer.status_code == 200
    words = words_of(answer)
    for fact in ("เทศบาลตำบลราไวย์", "อำเภอเมืองภูเก็ต จังหวัดภูเก็ต", "0147/2570", "3f2a 9c01 77be", "16 ตุลาคม 2569"):
        assert fact in words.replace("\u00a0", " "), fact
    assert "ญาณิศา" not in words
    assert "ฉบับล่าสุดของเรื่องนี้" in words


def test_verify_tells_a_paper_whose_case_has_changed_since(town):
    old = a_paper(town)
    new = a_paper(town, content_hash="ab" * 32)

    assert "มีฉบับใหม่กว่า" in words_of(Client().get(reverse("reports:verify_code", args=[old.code])))
    assert "มีฉบับใหม่กว่า" not in words_of(Client().get(reverse("reports:verify_code", args=[new.code])))


def test_verify_tells_a_qr_code_that_claims_something_else(town):
    paper = a_paper(town)
    address = reverse("reports:verify_code", args=[paper.code])

    assert "ไม่ตรงกับทะเบียน" in words_of(Client().get(address, {"n": "0147/2570", "h": "ffffffffffff"}))
    assert "ไม่ตรงกับทะเบียน" in words_of(Client().get(address, {"n": "0148/2570", "h": "3f2a9c0177be"}))
    assert "ไม่ตรงกับทะเบียน" not in words_of(Client().get(address, {"n": "0147/2570", "h": "3f2a9c0177be"}))


def test_verify_takes_thai_digits_and_spaces(town):
    code = a_paper(town).code
    typed = to_thai_digits(f"{code[:3]} {code[3:6]} {code[6:]}")

    answer = Client().get(reverse("reports:verify"), {"code": typed})

    assert answer.status_code == 200
    assert "0147/2570" in words_of(answer)


def without_what_was_typed(answer) -> str:
    return re.sub(r' value="[^"]*"', "", answer.content.decode())


def test_verify_unknown_and_malformed_look_alike(town):
    code = a_paper(town).code
    mistyped = code[:-1] + str((int(code[-1]) + 1) % 10)
    unknown = next(drawn for drawn in iter(short_code, "") if drawn != code)

    answers = [
        Client().get(reverse("reports:verify"), {"code": typed})
        for typed in (unknown, mistyped, "123", "", "ไม่มี", "9" * 5000, "12\x0034")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({without_what_was_typed(answer) for answer in answers}) == 1


def test_verify_asks_to_wait_when_one_address_asks_too_often(monkeypatch):
    monkeypatch.setattr(verification, "LOOKS_MAX", 2)
    client = Client()

    answers = [client.get(reverse("reports:verify"), {"code": "123"}) for _number in range(3)]

    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert answers[-1]["Retry-After"]
    assert Client(REMOTE_ADDR="192.0.2.7").get(reverse("reports:verify"), {"code": "123"}).status_code == 404
