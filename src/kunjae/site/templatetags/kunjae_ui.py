"""The parts of the pages that are more than an include: status tags, keys, dates, blocks that vanish when blank."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.context import Context
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from kunjae.core import clock, phones

register = template.Library()

#: The meanings of look 2: each has a word, a shape and a colour, in this order of importance.
TAG_KINDS = ("ok", "note", "wait", "due", "stop", "acting", "over")
KEY_KINDS = ("held", "asked", "gone")
NOTE_KINDS = ("note", "ok", "due", "stop")

_PLAIN_KINDS = ("note", "held")

#: A browser parts Thai by a dictionary, which knows none of these as one word. The longer ones stand first.
_KEPT_WORDS = re.compile(
    "e-LAAS|(?:ผู้อำนวยการ|ผอ\\.)(?:กอง|สำนักการ)คลัง|หัวหน้าหน่วยงานคลัง|(?:โอน/ย้าย/)?ลาออก|"
    "สิ่งที่ส่งมาด้วย(?: [1-9๑-๙])?|เลขที่เรื่อง|เลขที่คำขอ|ที่อยู่ติดต่อ|คิวอาร์โค้ด|โทรศัพท์มือถือ|มือถือ|"
    "ผู้ใช้งาน|ผู้ใช้|ผู้รับรหัส|ผู้รับผิดชอบ|ผู้ลงนาม|ผู้ประสานงาน|ผู้บริหารท้องถิ่น|ส่วนท้องถิ่น|ท้องถิ่น|"
    "ผู้รักษาการ|รักษาราชการแทน|หน่วยงาน|รหัสผ่าน"
)
_KEPT = r'<span class="keep">\g<0></span>'
_MARKUP = re.compile("(<[^>]*>)")
# A no-break blank is part of a phrase.
_PHRASE = re.compile("[^ \\n\\t]+")
_PHRASE_LENGTH_MAX = 48


@register.simple_tag
def tag(kind: str, text: object) -> SafeString:
    """Render a status: the word, with the shape and colour of its kind.

    :raises ValueError: if the kind is not one of `TAG_KINDS`
    """
    return _marked("span", "tag", kind, TAG_KINDS, text)


@register.simple_tag
def key(kind: str, text: object) -> SafeString:
    """Render a right as a key: held, asked for, or gone.

    :raises ValueError: if the kind is not one of `KEY_KINDS`
    """
    return _marked("span", "key", kind, KEY_KINDS, text)


@register.simple_block_tag
def note(content: str, kind: str, title: object) -> SafeString:
    """Render a notice with a bold first line around any content.

    :raises ValueError: if the kind is not one of `NOTE_KINDS`
    """
    classes = _classes("note", kind, NOTE_KINDS)
    return format_html('<div class="{}"><p>{}</p>{}</div>', classes, title, content)


@register.simple_block_tag(takes_context=True)
def remember(context: Context, content: str, name: str) -> str:
    """Render the content and keep it under this name for the rest of the page."""
    context[name] = mark_safe(content.strip())  # noqa: S308 - the engine has escaped it already
    return content


@register.simple_block_tag
def unless_blank(content: str) -> str:
    """Render the content, or nothing where only empty elements are left of it."""
    return content if strip_tags(content).strip() else ""


@register.filter
def thai_date(day: date | datetime | None) -> str:
    """Return the day in the Buddhist era with its month in full, in the reader's language; an instant's day is that in Thailand."""
    return clock.long_date(_day(day), _language()) if day else ""


@register.filter
def thai_date_short(day: date | datetime | None) -> str:
    """Return the day in the Buddhist era with its month abbreviated, in the reader's language."""
    return clock.short_date(_day(day), _language()) if day else ""


@register.filter
def thai_datetime(at: datetime | None) -> str:
    """Return the instant as day and time in Thailand, in the reader's language."""
    return clock.long_datetime(at, _language()) if at else ""


@register.filter
def thai_datetime_short(at: datetime | None) -> str:
    """Return the instant as abbreviated day and time in Thailand, in the reader's language."""
    return clock.short_datetime(at, _language()) if at else ""


@register.filter
def thai_time(at: datetime | None) -> str:
    """Return the time of day in Thailand, in the reader's language."""
    if not at:
        return ""
    day = clock.short_date(clock.thai_day(at), _language())
    return clock.short_datetime(at, _language()).removeprefix(day).strip(" ")


@register.filter
def machine_date(day: date | datetime) -> str:
    """Return the day or instant as the datetime attribute of a `<time>` wants it."""
    return day.isoformat()


@register.filter
def shown(value: object) -> object:
    """Return a day or an instant in the Buddhist era, and anything else as it is; Django itself would count in AD."""
    if isinstance(value, datetime):
        return thai_datetime(value)
    return thai_date(value) if isinstance(value, date) else value


@register.filter
def thousands(number: int) -> str:
    """Return a number with its thousands parted, as in 7,849."""
    return f"{number:,}"


@register.filter
def phone(number: str) -> str:
    """Return a stored telephone number as it is read, and an e-mail address as it is."""
    return number if not number or "@" in number else phones.display(number, _language())


@register.filter
def keep_whole(text: str) -> SafeString:
    """Return the text with the words that no line may break (look 3) each kept in one piece."""
    pieces = _MARKUP.split(conditional_escape(text))
    # The odd pieces are the markup of a text that came with some.
    pieces[::2] = [_KEPT_WORDS.sub(_KEPT, piece) for piece in pieces[::2]]
    return mark_safe("".join(pieces))  # noqa: S308 - escaped above


@register.filter
def phrases(text: Any) -> Any:
    """Return the text with each phrase that blanks part kept in one piece, as long as a line can hold it.

    Thai parts phrases, not words: of a position or a name a browser would else break within. What is no text, and
    phrases longer than a line of a telephone, stay as they are.
    """
    if not isinstance(text, str | Promise):
        return text
    pieces = _MARKUP.split(conditional_escape(text))
    pieces[::2] = [_PHRASE.sub(_kept_phrase, piece) for piece in pieces[::2]]
    return mark_safe("".join(pieces))  # noqa: S308 - escaped above


@register.filter
def first_control_id(field: BoundField) -> str:
    """Return the id of the control that a link to this field should lead to: of several radios, the first."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def any_errors(forms: Iterable[BaseForm] | None) -> bool:
    """Return whether one of the forms, or the formset itself, was refused."""
    if not forms:
        return False
    return any(form.errors for form in forms) or bool(_formset_errors(forms))


@register.filter
def page_numbers(page: Page) -> Iterator[int | str]:
    """Return the numbers to show in a pager, with an ellipsis for those left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


def _kept_phrase(found: re.Match[str]) -> str:
    phrase = found[0]
    return f'<span class="phrase">{phrase}</span>' if 1 < len(phrase) <= _PHRASE_LENGTH_MAX else phrase


def _marked(element: str, block: str, kind: str, kinds: tuple[str, ...], text: object) -> SafeString:
    return format_html('<{} class="{}">{}</{}>', element, _classes(block, kind, kinds), text, element)


def _classes(block: str, kind: str, kinds: tuple[str, ...]) -> str:
    if kind not in kinds:
        raise ValueError(f"{block} knows no kind {kind!r}; there are {', '.join(kinds)}.")
    return block if kind in _PLAIN_KINDS else f"{block} {block}--{kind}"


def _formset_errors(forms: Any) -> Any:
    return forms.non_form_errors() if hasattr(forms, "non_form_errors") else ()


def _day(day: date | datetime) -> date:
    return clock.thai_day(day) if isinstance(day, datetime) else day


def _language() -> str:
    return get_language() or "th"
