"""The shared parts of the pages: what a template author writes, and what a reader gets."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

AT = datetime(2026, 10, 10, 17, 30, tzinfo=UTC)  # 11 October in Thailand
DAY = date(2026, 1, 5)


class Hinted:
    """The label of a choice that explains itself."""

    hint = "จัดทำเช็ค"

    def __str__(self) -> str:
        return "เจ้าหน้าที่การเงิน"


class Question(forms.Form):
    duty = forms.CharField(help_text="ตามคำสั่ง")
    group = forms.ChoiceField(widget=forms.RadioSelect, choices=[("1", Hinted()), ("2", "เจ้าหน้าที่บัญชี")])
    remark = forms.CharField(required=False)
    secret = forms.CharField(widget=forms.PasswordInput)
    token = forms.CharField(widget=forms.HiddenInput)

    def clean(self) -> None:
        raise forms.ValidationError("คนเดียวไม่ควรถือสองหน้าที่นี้")


def render(source: str, language: str = "th", **context: object) -> str:
    with translation.override(language):
        return Template("{% load kunjae_ui %}" + source).render(Context(context))


def test_tag_says_the_word_and_escapes_it():
    assert render('{% tag "due" word %}', word="<b>") == '<span class="tag tag--due">&lt;b&gt;</span>'


@pytest.mark.parametrize("part", ["tag", "key"])
def test_part_of_an_unknown_kind_is_refused(part):
    with pytest.raises(ValueError, match="knows no kind"):
        render(f'{{% {part} "loud" "x" %}}')


@pytest.mark.parametrize(
    ("filter_name", "value", "language", "shown"),
    [
        ("thai_date", DAY, "th", "5 มกราคม 2569"),
        ("thai_date", DAY, "en", "5 January 2569 BE"),
        ("thai_date", AT, "th", "11 ตุลาคม 2569"),
        ("thai_date_short", DAY, "th", "5 ม.ค. 2569"),
        ("thai_datetime", AT, "th", "11 ตุลาคม 2569 เวลา 00:30 น."),
        ("thai_time", AT, "th", "00:30 น."),
        ("shown", DAY, "th", "5 มกราคม 2569"),
        ("shown", "14 คน", "th", "14 คน"),
        ("thai_date", None, "th", ""),
    ],
)
def test_day_is_shown_in_the_buddhist_era_and_in_thailand(filter_name, value, language, shown):
    assert render(f"{{{{ value|{filter_name} }}}}", language, value=value).replace("\u00a0", " ") == shown


def test_kept_word_does_not_break_and_hostile_text_stays_text():
    shown = render("{{ text|keep_whole }}", text="<i>ระบบ e-LAAS")

    assert shown == '&lt;i&gt;ระบบ <span class="keep">e-LAAS</span>'


@pytest.mark.parametrize("word", ["ลาออก", "สิ่งที่ส่งมาด้วย 1", "ผู้ลงนาม", "ผู้บริหารท้องถิ่น", "เลขที่เรื่อง", "โทรศัพท์มือถือ"])
def test_word_of_the_letter_is_kept_in_one_piece(word):
    assert render("{{ text|keep_whole }}", text=f"และ{word}นั้น") == f'และ<span class="keep">{word}</span>นั้น'


def test_block_without_words_vanishes():
    assert render("{% unless_blank %}<div> <i></i></div>{% endunless_blank %}") == ""


def test_page_is_headed_by_its_title_once_escaped():
    page = Template('{% extends "plain.html" %}{% block title %}{{ name }}{% endblock %}')

    shown = page.render(Context({"name": "ก & ข"}))

    assert "<h1>ก &amp; ข</h1>" in shown
    assert "<title>ก &amp; ข –" in shown


def test_refused_form_says_so_in_the_title_and_links_every_error_to_its_control():
    with translation.override("en"):
        shown = render_to_string("plain.html", {"form": Question({"duty": "", "remark": ""})})

    assert "<title>Error: " in shown
    assert '<a href="#id_duty">' in shown
    assert '<a href="#id_group_0">' in shown
    assert "<li>คนเดียวไม่ควรถือสองหน้าที่นี้</li>" in shown
    assert "#id_token" not in shown


def test_one_refused_form_among_several_is_enough():
    shown = render_to_string("components/error_summary.html", {"forms": [Question(), Question({})]})

    assert '<a href="#id_duty">' in shown


def test_field_ties_hint_and_error_to_its_control():
    shown = Question({})["duty"].as_field_group()

    assert 'id="id_duty_helptext"' in shown
    assert 'id="id_duty_error"' in shown
    assert 'aria-describedby="id_duty_helptext id_duty_error"' in shown
    assert 'aria-invalid="true"' in shown


def test_choice_with_a_hint_is_described_by_it():
    shown = Question()["group"].as_field_group()

    assert '<span class="hint" id="id_group_0_hint">จัดทำเช็ค</span>' in shown
    assert 'aria-describedby="id_group_0_hint"' in shown
    assert shown.count("aria-describedby") == 1


def test_field_that_may_stay_empty_says_so():
    assert "(if any)" in _in_english(Question()["remark"])
    assert "(if any)" not in _in_english(Question()["duty"])


def test_password_is_never_shown_without_script():
    shown = Question()["secret"].as_field_group()

    assert 'type="password"' in shown
    assert 'type="button" hidden' in shown


def test_pager_keeps_the_filter_and_leaves_out_far_pages(rf):
    page = Paginator(range(137), 10).page(5)

    with translation.override("en"):
        shown = render_to_string("components/pager.html", {"page": page}, rf.get("/", {"group": "7", "page": "5"}))

    assert "Items 41 to 50 of 137" in shown
    assert 'href="?group=7&amp;page=6"' in shown
    assert '<b aria-current="page">Page 5</b>' in shown
    assert "Page 9" not in shown


def test_list_of_one_page_has_no_pager():
    assert render_to_string("components/pager.html", {"page": Paginator([1], 10).page(1)}).strip() == ""


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "404", "500"])
def test_error_page_needs_nothing_but_its_reference_number(status):
    shown = render_to_string(f"{status}.html", {"reference": "7F3K-2M9Q"})

    assert "7F3K-2M9Q" in shown
    assert "<form" not in shown


def _in_english(field: forms.BoundField) -> str:
    with translation.override("en"):
        return field.as_field_group()


def test_phrases_keeps_each_phrase_in_one_piece():
    shown = render("{{ text|phrases }}", text="รักษาราชการแทน ผู้อำนวยการกองคลัง <i>")

    assert shown == (
        '<span class="phrase">รักษาราชการแทน</span> <span class="phrase">ผู้อำนวยการกองคลัง</span> '
        '<span class="phrase">&lt;i&gt;</span>'
    )


@pytest.mark.parametrize("value", [12, None, "ก" * 49])
def test_phrases_leaves_what_is_no_phrase(value):
    assert render("{{ value|phrases }}", value=value) == str(value)


def test_thousands_parts_large_numbers_alone():
    assert [render("{{ number|thousands }}", number=number) for number in (0, 999, 7849)] == ["0", "999", "7,849"]
