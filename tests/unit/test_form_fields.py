"""Fields of forms: clean values, sentences that say what to do, and nothing typed is lost."""

import re
from datetime import date
from pathlib import Path

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from kunjae import core
from kunjae.core import form_fields, reasons, uploads

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cc\xf8\x0f\x00\x01\x01\x01\x00\x1b\xb6\xeeV\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def refusal_of(field: forms.Field, typed: object) -> tuple[str | None, str]:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed)
    [error] = refused.value.error_list
    return error.code, str(error.message)


# --- What is accepted -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        (form_fields.Line(), " นํ้า\u00a0ดื่ม ", "น้ำ ดื่ม"),
        (form_fields.Line(required=False), " \u200b ", ""),
        (form_fields.Line(required=False), None, ""),
        (form_fields.Paragraph(), "ข้อ 1\r\nข้อ 2", "ข้อ 1\nข้อ 2"),
        (form_fields.PersonName(), "เเม้น", "แม้น"),
        (form_fields.UserId(), " Somchai.J ", "somchai.j"),
        (form_fields.CaseNumber(), "๑๔๗-๒๕๗๐", "0147/2570"),
        (form_fields.Code(), "๑๒๓ 456", "123456"),
        (form_fields.Code(digits=8), "0123-4567", "01234567"),
        (form_fields.Email(), "A@EXAMPLE.go.th", "A@example.go.th"),
        (form_fields.Phone(), "๐๒ ๑๒๓ ๔๕๖๗ ต่อ ๑๒", "021234567x12"),
        (form_fields.Mobile(), "+66 81-234-5678", "0812345678"),
        (form_fields.Mobile(required=False), "", ""),
        (form_fields.Title(), ["นางสาว", ""], "นางสาว"),
        (form_fields.Title(), ["นาย", "นาย"], "นาย"),
        (form_fields.Title(), ["other", " ว่าที่ร้อยตรี "], "ว่าที่ร้อยตรี"),
        (form_fields.Title(), ["", "ดร."], "ดร."),
        (form_fields.Title(required=False), ["", ""], ""),
        (form_fields.Title(required=False), None, ""),
        (form_fields.ThaiDate(), ["๑๕", "7", "๒๕๖๒"], date(2019, 7, 15)),
        (form_fields.ThaiDate(), [" 15 ", "กรกฎาคม", "2562\u200b"], date(2019, 7, 15)),
        (form_fields.ThaiDate(required=False), ["", "", ""], None),
        (form_fields.ThaiDate(required=False), None, None),
        (form_fields.Scan(required=False), None, None),
    ],
)
def test_field_returns_the_clean_value(field, typed, value):
    assert field.clean(typed) == value


# --- What is refused --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "code", "part_of_sentence"),
    [
        (form_fields.Line(), "", "required", "Fill in this field."),
        (form_fields.Line(missing="Say why."), " ", "required", "Say why."),
        (form_fields.Line(length_max=100), "ก" * 10_000, "text_too_long", "it has 10000 characters"),
        (form_fields.Line(), "a\nb", "text_line_break", "Take the line breaks out."),
        (form_fields.Line(), "a\u202eb", "text_unprintable", "(U+202E) near character 2"),
        (form_fields.Line(), "ก" + "\u0e48" * 200, "text_marks", "near character 1"),
        (form_fields.Paragraph(), "", "required", "Fill in"),
        (form_fields.PersonName(), "ก" * 10_000, "text_too_long", "Shorten it to 100 at most."),
        (form_fields.PersonName(), "สมชาย2", "name_characters", "Take out digits"),
        (form_fields.PersonName(), "som\u0430", "name_other_script", "Thai or in Roman"),
        (form_fields.PersonName(), "", "required", "Enter the name."),
        (form_fields.UserId(), "", "required", "Enter the user id."),
        (form_fields.UserId(), "สมชาย", "user_id_characters", "keyboard is set to English"),
        (form_fields.UserId(), "abc", "user_id_length", "4 to 32"),
        (form_fields.CaseNumber(), "147", "case_number_malformed", "0147/2570"),
        (form_fields.Code(), "12345", "code_malformed", "6 digits"),
        (form_fields.Code(), "12345x", "code_malformed", "6 digits"),
        (form_fields.Code(), "१२३४५६", "code_malformed", "6 digits"),
        (form_fields.Code(), "1" * 10_000, "code_malformed", "6 digits"),
        (form_fields.Email(), "a@b", "email_malformed", "name@example.go.th"),
        (form_fields.Email(), "a@b.com\nBcc: c@d.com", "email_several", "one e-mail address only"),
        (form_fields.Phone(), "12345", "phone_prefix", "06, 08 or 09"),
        (form_fields.Phone(), "081234567", "phone_mobile_length", "has 10 digits, this one has 9"),
        (form_fields.Mobile(), "021234567", "phone_not_mobile", "text messages"),
        (form_fields.Mobile(), "", "required", "Enter a mobile number."),
        (form_fields.Title(), ["", ""], "required", "Choose a title."),
        (form_fields.Title(), None, "required", "Choose a title."),
        (form_fields.Title(), ["lord", ""], "name_title_missing", "Choose a title."),
        (form_fields.Title(), ["other", ""], "name_title_untold", "Type the title"),
        (form_fields.Title(), ["นาย", "ดร."], "name_title_twice", "leave the box empty"),
        (form_fields.Title(), ["other", "ด" * 41], "text_too_long", "40 at most"),
        (form_fields.ThaiDate(), ["", "", ""], "required", "Enter the day, the month and the year."),
        (form_fields.ThaiDate(), ["15", "", "2562"], "date_incomplete", "A part of the date is missing"),
        (form_fields.ThaiDate(), ["15", "7", "2019"], "date_year_ce", "Is 2562 B.E. meant?"),
        (form_fields.ThaiDate(), ["15", "7", "๒๐๑๙"], "date_year_ce", "2019 is a year of the common era"),
        (form_fields.ThaiDate(), ["15", "7", "62"], "date_year_short", "four digits"),
        (form_fields.ThaiDate(), ["29", "2", "2569"], "date_no_such_day", "28 days in 2569"),
        (form_fields.ThaiDate(), ["1" * 10_000, "7", "2569"], "date_day_unreadable", "in digits"),
        (form_fields.Scan(), None, "required", "Choose the file"),
        (form_fields.Scan(), "not a file", "required", "Choose the file"),
        (form_fields.Scan(missing="Attach the order."), None, "required", "Attach the order."),
        (form_fields.Scan(), SimpleUploadedFile("a.pdf", b""), "upload_empty", "empty"),
        (form_fields.Scan(), SimpleUploadedFile("a.pdf", b"<html>"), "upload_wrong_type", "PDF, JPEG and PNG"),
        (form_fields.Scan(), SimpleUploadedFile("a.jpg", PNG), "upload_extension", "end in .png"),
        (form_fields.Scan(size_max=2**20), SimpleUploadedFile("a.png", PNG * 20_000), "upload_too_large", "(1.3 MB)"),
    ],
)
def test_field_refuses_with_a_sentence_that_says_what_to_do(field, typed, code, part_of_sentence):
    refused_code, sentence = refusal_of(field, typed)

    assert refused_code == code
    assert part_of_sentence in sentence


def test_thai_date_outside_its_bounds_names_the_bound():
    field = form_fields.ThaiDate(earliest=date(2026, 10, 1), latest=date(2026, 10, 31))

    assert field.clean(["1", "10", "2569"]) == date(2026, 10, 1)
    assert refusal_of(field, ["30", "9", "2569"]) == (
        "date_too_early",
        "The date cannot be before 1\u00a0October\u00a02569\u00a0BE. Check it.",
    )
    assert refusal_of(field, ["1", "11", "2569"])[0] == "date_too_late"


def test_every_reason_of_this_floor_has_a_sentence():
    sources = [file.read_text(encoding="utf-8") for file in Path(core.__file__).parent.glob("*.py")]
    raised = set().union(*(re.findall(r'(?:Unacceptable|Refused)\(\s*"(\w+)"', source) for source in sources))

    assert len(raised) > 50
    assert raised <= reasons.keys()


# --- What the page shows ----------------------------------------------------------------------------------------


class Everything(forms.Form):
    line = form_fields.Line()
    paragraph = form_fields.Paragraph(rows=6)
    user_id = form_fields.UserId()
    title = form_fields.Title()
    phone = form_fields.Phone()
    code = form_fields.Code()
    when = form_fields.ThaiDate()
    scan = form_fields.Scan(required=False)


TYPED = {
    "line": "a\u202eb  ",
    "paragraph": "x" * 1001,
    "user_id": "Som Chai",
    "title_choice": "นาย",
    "title_other": "ดร.",
    "phone": "(081) 234-567",
    "code": "12 34",
    "when_day": "๒๙",
    "when_month": "2",
    "when_year": "2026",
}


def test_refused_form_keeps_everything_as_it_was_typed():
    form = Everything(TYPED)

    assert set(form.errors) == {"line", "paragraph", "user_id", "title", "phone", "code", "when"}
    assert form["line"].value() == "a\u202eb  "
    assert 'value="Som Chai"' in str(form["user_id"])
    assert 'value="(081) 234-567"' in str(form["phone"])
    assert 'value="๒๙"' in str(form["when"])
    assert 'value="2026"' in str(form["when"])
    assert re.search(r'<option value="2"\s+selected', str(form["when"]))
    assert 'value="ดร."' in str(form["title"])


def test_controls_carry_what_browsers_and_readers_need():
    form = Everything()

    assert "maxlength" not in form.as_p()
    assert 'autocomplete="username"' in str(form["user_id"])
    assert 'type="tel"' in str(form["phone"])
    assert 'autocomplete="one-time-code"' in str(form["code"])
    assert 'rows="6"' in str(form["paragraph"])
    assert 'accept=".pdf,.jpg,.jpeg,.png"' in str(form["scan"])
    assert re.search(r'<label for="id_title_1">(?:Other title|คำนำหน้าชื่ออื่น ๆ)</label>', str(form["title"]))
    assert form["when"].use_fieldset
    assert form["title"].use_fieldset


def test_thai_date_widget_shows_day_month_and_buddhist_year():
    widget = form_fields.ThaiDateWidget()
    context = widget.get_context("when", date(2019, 7, 5), {"id": "id_when"})

    assert widget.template_name == "kunjae/widgets/thai_date.html"
    parts = context["widget"]["subwidgets"]
    assert [part["name"] for part in parts] == ["when_day", "when_month", "when_year"]
    assert [part["attrs"]["id"] for part in parts] == ["id_when_0", "id_when_1", "id_when_2"]
    assert [part["value"] for part in parts] == ["5", ["7"], "2562"]


@pytest.mark.parametrize(("language", "name"), [("en", "July"), ("th", "กรกฎาคม")])
def test_thai_date_widget_names_months_in_the_language_of_the_reader(language, name):
    with translation.override(language):
        assert name in form_fields.ThaiDateWidget().render("when", None)


def test_title_widget_shows_a_rare_title_in_the_box():
    assert form_fields.TitleWidget().decompress("ดร.") == ["other", "ดร."]
    assert form_fields.TitleWidget().decompress("นาง") == ["นาง", ""]
    assert form_fields.TitleWidget().decompress("") == ["", ""]


def test_initial_values_come_back_clean():
    field = form_fields.ThaiDate()
    parts = field.widget.decompress(date(2028, 2, 29))

    assert field.clean(parts) == date(2028, 2, 29)


def test_scan_returns_the_checked_file():
    upload = form_fields.Scan().clean(SimpleUploadedFile("หนังสือ ขอรหัส.PNG", PNG))

    assert upload == uploads.CheckedUpload(kind=uploads.UploadKind.PNG, page_count=1, data=PNG)


def test_document_number_is_stored_in_the_digits_of_all_others():
    assert form_fields.DocumentNumber().clean(" ๓๔๕/๒๕๖๙ ") == "345/2569"
