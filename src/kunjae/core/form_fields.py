"""Fields of forms: what people type, in its one spelling, or a sentence that says what to do.

The rules live in the other modules of this floor; here they meet Django's forms. What was typed stays in the
form when it is refused, as it was typed. No field limits the length in the browser, which would cut off what
is pasted without a word.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise, lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kunjae.core import (
    clock,
    identifiers,
    numerals,
    phones,
    reasons,
    refusals,  # noqa: F401  (the sentences declare themselves)
    text,
    uploads,
)
from kunjae.core.unacceptable import Unacceptable

Cleaned = TypeVar("Cleaned")
Sentence = str | Promise

_said = lazy(reasons.sentence, str)


def _language() -> str:
    return get_language() or "th"


def _month_in_language(month: int) -> str:
    return clock.month_name(month, _language())


_month_name = lazy(_month_in_language, str)


def accept(clean: Callable[..., Cleaned], *typed: Any, **limits: Any) -> Cleaned:
    """Call a cleaner of this floor, and say its refusal as Django's forms do; the code is the reason.

    :raises ValidationError: if the cleaner raises `Unacceptable`
    """
    try:
        return clean(*typed, **limits)
    except Unacceptable as refused:
        raise ValidationError(reasons.sentence(refused.reason, refused.facts), code=refused.reason) from refused


class _Typed(forms.Field):
    """Text cleaned by one function; empty is an empty string, refused if the field is required."""

    missing_reason = "line_missing"
    control_attributes: Mapping[str, str] = {}

    def __init__(self, *, missing: Sentence | None = None, **options: Any) -> None:
        # The sentence of an empty field: `missing`, or that of the kind of field.
        options["error_messages"] = {
            "required": missing or _said(self.missing_reason),
            **options.get("error_messages", {}),
        }
        super().__init__(**options)

    def clean_typed(self, typed: str) -> str:
        raise NotImplementedError

    def to_python(self, value: Any) -> str:
        typed = "" if value is None else str(value)
        # Not only blanks: what nobody sees counts as nothing too. An endless text is surely something.
        is_empty = len(typed) < 1000 and not text.canonical(typed)
        return "" if is_empty else accept(self.clean_typed, typed)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {**super().widget_attrs(widget), **self.control_attributes}


class Line(_Typed):
    """One line of text. `length_max` counts vowels and marks: a column of that length holds it."""

    def __init__(self, *, length_max: int = 200, **options: Any) -> None:
        super().__init__(**options)
        self.length_max = length_max

    def clean_typed(self, typed: str) -> str:
        return text.clean_line(typed, length_max=self.length_max)


class DocumentNumber(Line):
    """The number of an order or a letter; Thai digits are stored as the others are (T-16)."""

    def clean_typed(self, typed: str) -> str:
        return numerals.to_ascii_digits(super().clean_typed(typed))


class Paragraph(_Typed):
    """Text of several lines. `length_max` counts vowels and marks: a column of that length holds it."""

    widget = forms.Textarea

    def __init__(self, *, length_max: int = 1000, rows: int = 4, **options: Any) -> None:
        self.rows = rows
        super().__init__(**options)
        self.length_max = length_max

    def clean_typed(self, typed: str) -> str:
        return text.clean_text(typed, length_max=self.length_max)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {**super().widget_attrs(widget), "rows": str(self.rows)}


class PersonName(_Typed):
    """A name, or part of one, of a person. For the person's own name add the autocomplete token."""

    missing_reason = "name_missing"
    control_attributes = {"spellcheck": "false", "autocapitalize": "words"}

    def __init__(self, *, length_max: int = 100, **options: Any) -> None:
        super().__init__(**options)
        self.length_max = length_max

    def clean_typed(self, typed: str) -> str:
        return text.clean_person_name(typed, length_max=self.length_max)


class UserId(_Typed):
    """A user id as it is stored (T-14); whether it is free is the operation's question."""

    missing_reason = "user_id_empty"
    control_attributes = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}

    def clean_typed(self, typed: str) -> str:
        return identifiers.clean_user_id(typed)


class CaseNumber(_Typed):
    """The number of a case, written out as in 0147/2570 however it was typed."""

    missing_reason = "case_number_missing"
    control_attributes = {"autocomplete": "off", "spellcheck": "false"}

    def clean_typed(self, typed: str) -> str:
        return identifiers.case_number(*identifiers.parse_case_number(typed))


class Code(_Typed):
    """A secret of so many digits; spaces and hyphens between them do not matter."""

    missing_reason = "code_missing"
    control_attributes = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}

    def __init__(self, *, digits: int = 6, **options: Any) -> None:
        super().__init__(**options)
        self.digits = digits

    def clean_typed(self, typed: str) -> str:
        code = numerals.to_ascii_digits(text.canonical(typed)).replace(" ", "").replace("-", "")
        if len(code) != self.digits or not set(code) <= set("0123456789"):
            raise Unacceptable("code_malformed", digits=self.digits)
        return code


class Email(_Typed):
    """One e-mail address."""

    widget = forms.EmailInput
    missing_reason = "email_missing"
    control_attributes = {"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}

    def clean_typed(self, typed: str) -> str:
        return phones.clean_email(typed)


class Phone(_Typed):
    """A Thai telephone number, with an inner number if there is one, as `phones` stores it."""

    widget = forms.TextInput(attrs={"type": "tel"})
    missing_reason = "phone_missing"
    control_attributes = {"autocomplete": "tel"}

    def clean_typed(self, typed: str) -> str:
        return phones.clean_phone(typed)


class Mobile(Phone):
    """A Thai mobile number, in ten digits."""

    missing_reason = "mobile_missing"

    def clean_typed(self, typed: str) -> str:
        return phones.clean_mobile(typed)


# --- Title ------------------------------------------------------------------------------------------------------

#: The titles of the forms, as they stand there.
TITLES = ("นาย", "นาง", "นางสาว")
_OTHER_TITLE = "other"


class TitleWidget(forms.MultiWidget):
    """A list of the titles of the forms, and a box for every other one."""

    template_name = "kunjae/widgets/title.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        choices = [
            ("", _("Choose a title")),
            (TITLES[0], _("Mr (นาย)")),
            (TITLES[1], _("Mrs (นาง)")),
            (TITLES[2], _("Miss (นางสาว)")),
            (_OTHER_TITLE, _("Other (type it in the box)")),
        ]
        named: dict[str, forms.Widget | type[forms.Widget]] = {
            "choice": forms.Select(choices=choices, attrs={"aria-label": _("Title before the name")}),
            "other": forms.TextInput(attrs={"spellcheck": "false"}),
        }
        super().__init__(named, attrs)

    def decompress(self, value: str | None) -> list[str]:
        if not value:
            return ["", ""]
        return [value, ""] if value in TITLES else [_OTHER_TITLE, value]

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # The box is empty most of the time.


class Title(forms.MultiValueField):
    """The title before a name, as text: นาย, นาง, นางสาว, or what was typed for “other”."""

    widget = TitleWidget

    def __init__(self, *, length_max: int = 40, **options: Any) -> None:
        options["error_messages"] = {"required": _said("name_title_missing"), **options.get("error_messages", {})}
        fields = (forms.CharField(required=False, strip=False), forms.CharField(required=False, strip=False))
        super().__init__(fields, **options)
        self.length_max = length_max

    def clean(self, value: Sequence[str | None] | None) -> str:
        choice, typed = (part or "" for part in (value or ("", "")))
        title = accept(self._title, choice, typed)
        if not title and self.required:
            raise ValidationError(self.error_messages["required"], code="required")
        return title

    def _title(self, choice: str, typed: str) -> str:
        other = text.clean_person_name(typed, length_max=self.length_max)
        if choice in TITLES:
            if other and other != choice:
                raise Unacceptable("name_title_twice")
            return choice
        if choice and choice != _OTHER_TITLE:
            raise Unacceptable("name_title_missing")
        if choice == _OTHER_TITLE and not other:
            raise Unacceptable("name_title_untold")
        return other


# --- Day --------------------------------------------------------------------------------------------------------


class ThaiDateWidget(forms.MultiWidget):
    """A day in three parts: day, name of the month, year of the Buddhist era."""

    template_name = "kunjae/widgets/thai_date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        months = [("", _("Choose the month")), *((str(month), _month_name(month)) for month in range(1, 13))]
        digits = {"inputmode": "numeric", "autocomplete": "off"}
        named: dict[str, forms.Widget | type[forms.Widget]] = {
            "day": forms.TextInput(attrs=digits),
            "month": forms.Select(choices=months),
            "year": forms.TextInput(attrs=digits),
        }
        super().__init__(named, attrs)

    def decompress(self, value: date | None) -> list[str]:
        if value is None:
            return ["", "", ""]
        return [str(value.day), str(value.month), str(clock.be_year(value))]


class ThaiDate(forms.MultiValueField):
    """A day of the Buddhist era, as a `date`; `earliest` and `latest` may also be set on the field of a form."""

    widget = ThaiDateWidget

    def __init__(self, *, earliest: date | None = None, latest: date | None = None, **options: Any) -> None:
        options["error_messages"] = {"required": _said("date_missing"), **options.get("error_messages", {})}
        fields = [forms.CharField(required=False, strip=False) for _part in ("day", "month", "year")]
        super().__init__(fields, **options)
        self.earliest, self.latest = earliest, latest

    def clean(self, value: Sequence[str | None] | None) -> date | None:
        parts = [text.canonical((part or "")[:100]) for part in (value or ("", "", ""))]
        if not any(parts):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        day = accept(clock.parse_day, *parts)
        accept(self._refuse_out_of_bounds, day)
        return day

    def _refuse_out_of_bounds(self, day: date) -> None:
        if self.earliest is not None and day < self.earliest:
            raise Unacceptable("date_too_early", day=clock.long_date(self.earliest, _language()))
        if self.latest is not None and day > self.latest:
            raise Unacceptable("date_too_late", day=clock.long_date(self.latest, _language()))


# --- Scan -------------------------------------------------------------------------------------------------------


class Scan(forms.FileField):
    """The scan of a paper, as `uploads.CheckedUpload`; None if there is none and none is required."""

    widget = forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"})

    def __init__(
        self, *, missing: Sentence | None = None, size_max: int = uploads.UPLOAD_SIZE_MAX, **options: Any
    ) -> None:
        options["error_messages"] = {
            "required": missing or _said("upload_missing"),
            **options.get("error_messages", {}),
        }
        super().__init__(**options)
        self.size_max = size_max

    def clean(self, data: UploadedFile | None, initial: Any = None) -> uploads.CheckedUpload | None:
        if not isinstance(data, UploadedFile):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        accept(uploads.refuse_too_large, data.size or 0, size_max=self.size_max)
        return accept(uploads.check_upload, data.read(), filename=data.name or "", size_max=self.size_max)
