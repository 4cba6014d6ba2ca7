"""What the pages of circulars ask for."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kunjae.circulars.content import CircularContent
from kunjae.circulars.models import Audience, Circular, DatePrecision
from kunjae.circulars.queries import PROVINCES_ALONE, Selection
from kunjae.core import clock, identifiers, reasons
from kunjae.core.form_fields import DocumentNumber, Line, Paragraph, Scan, ThaiDate, accept
from kunjae.core.numerals import parse_whole_number
from kunjae.core.unacceptable import Unacceptable
from kunjae.organisations.models import Kind, Province

_MONTHS = [("", _("Choose the month"))]


class CircularForm(forms.Form):
    """A circular as its page takes it: number and day may be left open where nobody knows them (L-01)."""

    page = forms.CharField(widget=forms.HiddenInput, required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)
    mark = Line(
        label=_("File mark of the letter"), help_text=_("As it stands after ที่, for instance มท 0808.4/ว"),
        required=False, length_max=60,
    )  # fmt: skip
    number = DocumentNumber(
        label=_("Number of the letter"), help_text=_("Leave it empty if it is not known. It can be filled in later."),
        required=False, length_max=60,
    )  # fmt: skip
    day = Line(
        label=_("Day"), help_text=_("Leave the day empty if only the month is known."), required=False, length_max=10
    )
    month = forms.ChoiceField(label=_("Month"), error_messages={"required": _("Choose the month.")})
    year = Line(label=_("Year (B.E.)"), length_max=10, missing=_("Enter the year of the letter."))
    subject = Line(label=_("Subject"), length_max=500, missing=_("Enter the subject of the letter."))
    body = Paragraph(
        label=_("Text of the circular"), help_text=_("Typed text can be searched and read aloud; a scan cannot."),
        required=False, length_max=20_000, rows=12,
    )  # fmt: skip
    file = Scan(label=_("Scan of the signed letter (PDF)"), required=False)
    clauses = Line(
        label=_("Clauses that it concerns"), help_text=_("For instance 1(1), 5"), required=False, length_max=200
    )
    audience = forms.ChoiceField(
        label=_("To whom it goes"),
        choices=Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose to whom the circular goes.")},
    )
    provinces = forms.MultipleChoiceField(
        label=_("Which provinces"), required=False, widget=forms.CheckboxSelectMultiple
    )
    kinds = forms.MultipleChoiceField(
        label=_("Which kinds"), required=False, choices=Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    due_date = ThaiDate(label=_("To be acknowledged by"), required=False)

    def __init__(
        self, data: Any, files: Any, *, provinces: Iterable[Province], today: date, circular: Circular | None = None
    ) -> None:
        super().__init__(data, files, initial=_initial(circular))
        months = [(str(number), clock.month_name(number, get_language() or "th")) for number in range(1, 13)]
        self.fields["month"].choices = [*_MONTHS, *months]
        self.fields["provinces"].choices = [(province.code, province.name_th) for province in provinces]
        self.fields["due_date"].earliest = today
        self.has_file = circular is not None and circular.file_id is not None

    def clean(self) -> dict[str, Any]:
        """See that date, text and recipients are whole; the operation sees to it again."""
        cleaned = super().clean() or {}
        if cleaned.get("month") and cleaned.get("year"):
            try:
                cleaned["dated"] = accept(clock.parse_day, cleaned.get("day") or "1", cleaned["month"], cleaned["year"])
            except ValidationError as refused:
                self.add_error("day" if cleaned.get("day") else "year", refused)
        if not ({"body", "file"} & self.errors.keys() or cleaned.get("body") or cleaned.get("file") or self.has_file):
            self.add_error("body", _refusal("circular_says_nothing"))
        audience = cleaned.get("audience")
        for chosen, field in ((Audience.PROVINCES, "provinces"), (Audience.KINDS, "kinds")):
            if audience == chosen and not cleaned.get(field) and field not in self.errors:
                self.add_error(field, _refusal("circular_has_no_limits"))
        return cleaned

    def content(self) -> CircularContent:
        """Give what was written, once it is valid."""
        cleaned = self.cleaned_data
        audience = Audience(cleaned["audience"])
        limits = {Audience.PROVINCES: cleaned["provinces"], Audience.KINDS: cleaned["kinds"]}.get(audience, [])
        return CircularContent(
            subject=cleaned["subject"],
            dated=cleaned["dated"],
            date_precision=DatePrecision.DAY if cleaned["day"] else DatePrecision.MONTH,
            mark=cleaned["mark"],
            number=cleaned["number"],
            body=cleaned["body"],
            clauses=cleaned["clauses"],
            audience=audience,
            limits=tuple(limits),
            due_date=cleaned["due_date"],
        )

    @property
    def shown_version(self) -> int:
        """Give the version of the draft that the page showed; 0 is none."""
        try:
            return parse_whole_number(self.cleaned_data.get("version") or "0", low=0, high=30_000)
        except Unacceptable:
            return 0


def _initial(circular: Circular | None) -> dict[str, Any]:
    if circular is None:
        return {"page": identifiers.public_id(), "audience": Audience.ALL}
    return {
        "version": circular.version,
        "mark": circular.mark,
        "number": circular.number,
        "day": str(circular.dated.day) if circular.date_precision == DatePrecision.DAY else "",
        "month": str(circular.dated.month),
        "year": str(clock.be_year(circular.dated)),
        "subject": circular.subject,
        "body": circular.body,
        "clauses": circular.clauses,
        "audience": circular.audience,
        "provinces": circular.limited_to if circular.audience == Audience.PROVINCES else [],
        "kinds": circular.limited_to if circular.audience == Audience.KINDS else [],
        "due_date": circular.due_date,
    }


def _refusal(reason: str) -> ValidationError:
    return ValidationError(reasons.sentence(reason), code=reason)


class Reference(forms.Form):
    """The number and the day that were not known when a circular went out."""

    number = DocumentNumber(label=_("Number of the letter"), required=False, length_max=60)
    dated = ThaiDate(label=_("Date of the letter"), required=False)

    def __init__(self, data: Any, *, circular: Circular) -> None:
        super().__init__(data)
        if circular.number:
            del self.fields["number"]
        if circular.date_precision == DatePrecision.DAY:
            del self.fields["dated"]


class Version(forms.Form):
    """Which draft was shown before it was sent."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=30_000)


class FollowUpFilter(forms.Form):
    """What the follow-up of a circular is narrowed down by; a provincial office has no province to choose."""

    words = Line(
        label=_("Code, or any part of the name"),
        length_max=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "spellcheck": "false"}),
    )
    province = forms.ChoiceField(
        label=_("Province"),
        required=False,
        error_messages={"invalid_choice": _("Choose a province from the list.")},
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        error_messages={"invalid_choice": _("Choose a kind from the list.")},
    )
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All states")),
            ("waiting", _("Not acknowledged")),
            ("unopened", _("Not read yet")),
            ("opened", _("Opened, not acknowledged")),
            ("acknowledged", _("Acknowledged")),
        ],
        error_messages={"invalid_choice": _("Choose a state from the list.")},
    )

    def __init__(self, data: Mapping[str, Any], *, provinces: Iterable[Province] | None) -> None:
        super().__init__(data)
        kinds: list[tuple[str, Any]] = [("", _("All kinds")), *Kind.choices]
        if provinces is None:
            del self.fields["province"]
        else:
            kinds.append((PROVINCES_ALONE, _("Provincial offices")))
            self.fields["province"].choices = [
                ("", _("All provinces")),
                *((province.code, province.name_th) for province in provinces),
            ]
        self.fields["kind"].choices = kinds

    def selection(self) -> Selection:
        """Give what was chosen, once it is valid."""
        cleaned = self.cleaned_data
        return Selection(
            words=cleaned["words"],
            province=cleaned.get("province", ""),
            kind=cleaned["kind"],
            state=cleaned["state"],
        )
