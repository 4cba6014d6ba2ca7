"""The register of documents: number, date, digest, who printed, how long it is kept; each authority sees its own."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from kunjae.core.identifiers import group_short_code
from kunjae.documents.models import RETENTION, DocumentKind, IssuedDocument
from kunjae.organisations.models import Desk
from tests import factories
from tests.factories import NOW, Town, sign_in_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(monkeypatch) -> Town:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    town = factories.a_town()
    factories.a_request(town)
    return town


def page_of(town: Town) -> str:
    return reverse("reports:documents", args=[town.authority.code])


def listed(answer) -> list[str]:
    return [document.code for document, _code, _digest in answer.context["rows"]]


def test_every_kind_has_its_class_of_retention():
    assert set(RETENTION) == set(DocumentKind)


def test_the_head_sees_number_digest_and_who_printed(town):
    document = IssuedDocument.objects.get()
    answer = sign_in_client(Client(), town.head).get(page_of(town))

    # Names are kept whole by markup that the eye does not see.
    said = strip_tags(answer.content.decode())
    assert group_short_code(document.code) in said
    assert document.content_hash[:4] in said
    assert document.issued_by == town.officer.person
    assert town.officer.person.full_name in said
    assert str(document.retention.label) in said


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"kind": "form_2"}, 1),
        ({"kind": "form_1"}, 0),
        ({"number": "๐๐๐๑/๒๕๗๐"}, 1),
        ({"number": "1/2570"}, 1),
        ({"number": "0002/2570"}, 0),
        ({"number": "ไม่มี"}, 0),
        ({"page": "๙๙๙"}, 1),
    ],
)
def test_it_is_narrowed_by_kind_and_number(town, asked, count):
    answer = sign_in_client(Client(), town.head).get(page_of(town), asked)

    assert (answer.status_code, len(listed(answer))) == (200, count)


def test_a_code_finds_its_document_as_spoken(town):
    code = IssuedDocument.objects.get().code
    answer = sign_in_client(Client(), town.head).get(page_of(town), {"number": group_short_code(code)})

    assert listed(answer) == [code]


@pytest.mark.parametrize("asked", [{"kind": "secret"}, {"number": "x" * 10_000}, {"number": "\u202e1"}])
def test_a_filter_that_cannot_be_is_said(town, asked):
    answer = sign_in_client(Client(), town.head).get(page_of(town), asked)

    assert (answer.status_code, listed(answer)) == (422, [])


def test_each_authority_sees_its_own_and_the_department_all(town):
    other = factories.a_town("กะรน", "karon")
    factories.a_request(other)

    assert len(listed(sign_in_client(Client(), other.head).get(page_of(other)))) == 1
    assert sign_in_client(Client(), other.head).get(page_of(town)).status_code == 404
    everything = reverse("reports:all_documents")
    desk = sign_in_client(Client(), factories.a_desk_officer())
    shown = desk.get(everything)
    assert len(listed(shown)) == 2
    assert "อำเภอ" in shown.content.decode()
    for stranger in (town.head, town.officer, factories.a_desk_officer(Desk.PROVINCE, town.authority.province)):
        assert sign_in_client(Client(), stranger).get(everything).status_code == 404


def test_an_officer_does_not_see_the_register_of_documents(town):
    assert sign_in_client(Client(), town.officer).get(page_of(town)).status_code == 403
