"""The signed paper of form 2 comes back to its case by the QR code; every other paper is refused (D12, T-33)."""

import io

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from kunjae.access_requests import operations
from kunjae.access_requests.models import AccessRequest, SignedScan
from kunjae.audit.models import AuditEvent
from kunjae.core.uploads import CheckedUpload, check_upload
from kunjae.core.verdict import Denied
from kunjae.documents import drawing
from kunjae.documents.models import IssuedDocument, StoredFile
from tests import factories
from tests.factories import NOW, Town, actor_of, sign_in_client

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def town(monkeypatch, settings, tmp_path) -> Town:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return factories.a_town()


@pytest.fixture
def request_(town) -> AccessRequest:
    return factories.a_request(town)


def printed(town: Town, item: AccessRequest) -> bytes:
    """The form as the head prints it, with its QR code."""
    client = sign_in_client(Client(), town.head)
    answer = client.post(reverse("access_requests:form_pdf", args=[town.authority.code, item.public_id]))
    assert answer.status_code == 200
    return b"".join(answer)


def scanned(pdf: bytes, *, turn: int = 3, shade: int = 250) -> bytes:
    """What the office's scanner makes of it: a grey picture, a little askew."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=200 / 72).to_pil().convert("L")
    finally:
        document.close()
    out = io.BytesIO()
    picture.rotate(turn, expand=True, fillcolor=shade, resample=Image.Resampling.BICUBIC).save(out, "JPEG", quality=80)
    return out.getvalue()


def upload(data: bytes) -> CheckedUpload:
    return check_upload(data, filename="scan.jpg")


def a_page_without_code() -> CheckedUpload:
    out = io.BytesIO()
    Image.new("L", (1240, 1754), 255).save(out, "JPEG")
    return upload(out.getvalue())


def attach(town: Town, item: AccessRequest, scan: CheckedUpload, **options) -> SignedScan:
    return operations.attach_signed_scan(
        actor=actor_of(town.head), request_public_id=item.public_id, upload=scan, at=NOW, **options
    )


def refused(act, *args, **options) -> str:
    kept = StoredFile.objects.count()
    with pytest.raises(Denied) as denied:
        act(*args, **options)
    assert StoredFile.objects.count() == kept
    return denied.value.reason


def test_the_scan_of_the_signed_form_is_kept_with_its_case_and_seal(town, request_):
    scan = upload(scanned(printed(town, request_)))

    attached = attach(town, request_, scan)

    assert attached.document == IssuedDocument.objects.get(case=request_.case)
    assert (attached.scan.case, attached.scan.content_hash) == (request_.case, scan.sha256)
    event = AuditEvent.objects.get(name="signed_scan.attached")
    assert (event.case, event.subject_person_id) == (request_.case, request_.applicant_id)


def test_the_sheet_signed_before_the_opinion_comes_back_after_it(town, request_):
    pdf = printed(town, request_)
    factories.approve(town, request_)

    assert attach(town, request_, upload(scanned(pdf))).document.case == request_.case


def test_the_scan_of_another_case_is_refused_and_named(town, request_):
    other = factories.approve(town, request_) and factories.a_request(town, groups=("accounting_officer",))
    scan = upload(scanned(printed(town, other)))

    with pytest.raises(Denied) as denied:
        attach(town, request_, scan)
    assert (denied.value.reason, denied.value.facts["case"]) == ("scan_of_other_case", other.case)


def test_the_scan_of_another_authority_is_refused_without_a_word_about_it(town, request_):
    other = factories.a_town("กะรน", "karon")
    scan = upload(scanned(printed(other, factories.a_request(other))))

    with pytest.raises(Denied) as denied:
        attach(town, request_, scan)
    assert (denied.value.reason, "case" in denied.value.facts) == ("scan_of_other_paper", False)


def test_an_altered_print_is_told_by_its_hash(town, request_):
    pdf = printed(town, request_)
    # Somebody issues himself a sheet: the same code, another content.
    IssuedDocument._base_manager.filter(case=request_.case).update(content_hash="0" * 64)

    assert refused(attach, town, request_, upload(scanned(pdf))) == "scan_was_altered"


def test_a_code_that_was_never_issued_is_refused(town, request_):
    pdf = printed(town, request_)
    IssuedDocument._base_manager.filter(case=request_.case).update(code="1000000008")

    assert refused(attach, town, request_, upload(scanned(pdf))) == "scan_is_not_ours"


def test_paper_without_a_readable_code_needs_somebody_who_compared_it(town, request_):
    scan = a_page_without_code()

    assert refused(attach, town, request_, scan) == "scan_without_code"
    assert attach(town, request_, scan, answers_for_it=True).document is None


def test_the_same_file_is_kept_once(town, request_):
    scan = a_page_without_code()
    attach(town, request_, scan, answers_for_it=True)

    assert refused(attach, town, request_, scan, answers_for_it=True) == "scan_is_kept"


def test_only_the_head_files_it(town, request_):
    with pytest.raises(Denied) as denied:
        operations.attach_signed_scan(
            actor=actor_of(town.officer),
            request_public_id=request_.public_id,
            upload=a_page_without_code(),
            answers_for_it=True,
            at=NOW,
        )
    assert denied.value.reason == "not_head"


# --- Pages ------------------------------------------------------------------------------------------------------


def file_of(data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("scan.jpg", data, content_type="image/jpeg")


def test_the_page_finds_the_request_by_the_code_and_shows_the_paper(town, request_):
    data = scanned(printed(town, request_), turn=183)
    head = sign_in_client(Client(), town.head)

    answer = head.post(
        reverse("access_requests:signed_scans", args=[town.authority.code]), {"scan": file_of(data)}, follow=True
    )

    assert answer.redirect_chain[0][1] == 303
    assert answer.context["item"] == request_
    attached = request_.signed_scans.get()
    drawing.draw_pages(attached.scan_id, at=NOW)
    page = reverse(
        "access_requests:signed_scan_page", args=[town.authority.code, request_.public_id, attached.public_id, 1]
    )
    assert page in answer.content.decode()
    assert head.get(page)["Content-Type"] == "image/png"
    assert sign_in_client(Client(), town.officer).get(page).status_code == 200, "the applicant sees his own paper"


def test_a_stranger_sees_no_paper_of_it(town, request_):
    attached = attach(town, request_, a_page_without_code(), answers_for_it=True)
    other = factories.a_town("กะรน", "karon")
    args = [town.authority.code, request_.public_id, attached.public_id, 1]

    assert (
        sign_in_client(Client(), other.head).get(reverse("access_requests:signed_scan_page", args=args)).status_code
        == 404
    )


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"%PDF-1.7 nothing"])
def test_a_file_that_is_no_scan_is_refused_with_a_sentence(town, request_, data):
    head = sign_in_client(Client(), town.head)
    url = reverse("access_requests:signed_scans_of_request", args=[town.authority.code, request_.public_id])

    answer = head.post(url, {"scan": file_of(data)} if data else {})

    assert answer.status_code == 422
    assert not SignedScan.objects.exists()


def test_a_print_of_a_request_that_stands_is_not_keyed_as_a_new_one(town, request_):
    scan = upload(scanned(printed(town, request_)))

    with pytest.raises(Denied) as denied:
        operations.key_from_paper(
            actor=actor_of(town.head),
            authority=town.authority,
            applicant=None,
            title="นาย",
            given_name="มานะ",
            family_name="อดทน",
            email="mana@example.go.th",
            mobile="",
            content=factories.content(),
            upload=scan,
            at=NOW,
        )
    assert (denied.value.reason, denied.value.facts["case"]) == ("scan_has_its_case", request_.case)
