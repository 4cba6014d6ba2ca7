"""What the lists can be narrowed down by. Filters travel in the address, so each is a GET form."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kunjae.audit.events import CATALOGUE
from kunjae.core import clock, reasons, text
from kunjae.core.form_fields import Line, accept
from kunjae.core.identifiers import case_number, parse_case_number
from kunjae.core.numerals import to_ascii_digits
from kunjae.core.unacceptable import Unacceptable
from kunjae.documents.models import DocumentKind
from kunjae.reports import wording
from kunjae.reports.queries.members import Status
from kunjae.reports.queries.membership import GroupCount, Selection
from kunjae.reports.queries.record import Narrowing, names_by_area
from kunjae.reports.queries.register import Outcome

#: Fiscal years offered in the register, this one and those before it; a case number itself names its year.
YEARS_OFFERED = 10

_ALL_GROUPS = _("All groups")
_BLANK = re.compile(r"\{\w+\}")

# --- A day in one box -------------------------------------------------------------------------------------------

_ERA = re.compile(r"\s*(?:พ\.?\s?ศ\.?|B\.?\s?E\.?)\s*", re.IGNORECASE)
_NUMBERS = re.compile(r"([0-9]{1,2})\s*[/.\-\s]\s*([0-9]{1,2})\s*[/.\-\s]\s*([0-9]{1,4})")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_NAMED = re.compile(r"([0-9]{1,2})\s*([^0-9/\-]+?)\s*([0-9]{1,4})")


def read_day(typed: str) -> date:
    """Read a day as it is written in one line: 16 ต.ค. 2569, 16/10/2569, ๑๖ ตุลาคม พ.ศ. ๒๕๖๙, 16 Oct 2569 BE.

    :raises Unacceptable: `day_unreadable`, or as `clock.parse_day` says
    """
    line = _ERA.sub(" ", to_ascii_digits(text.canonical(typed))).strip()
    if match := _ISO.fullmatch(line):
        year, month, day = match.groups()
    elif match := _NUMBERS.fullmatch(line) or _NAMED.fullmatch(line):
        day, month, year = match.groups()
    else:
        raise Unacceptable("day_unreadable")
    return clock.parse_day(day, month, year)


class DayInOneBox(forms.Field):
    """A day of the Buddhist era, typed in one line; none if nothing was typed."""

    def __init__(self, *, latest: date | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.latest = latest

    def to_python(self, value: Any) -> date | None:
        typed = str(value or "")[:60]
        if not text.canonical(typed):
            return None
        day: date = accept(read_day, typed)
        if self.latest is not None and day > self.latest:
            shown = clock.long_date(self.latest, get_language() or "th")
            raise ValidationError(reasons.sentence("date_too_late", {"day": shown}), code="date_too_late")
        return day

    def widget_attrs(self, widget: forms.Widget) -> dict[str, str]:
        return {"autocomplete": "off", "spellcheck": "false"}


# --- Filters ----------------------------------------------------------------------------------------------------


class MembershipFilter(forms.Form):
    """Which memberships: of a group, in a state, on a day, of a person."""

    group = forms.CharField(label=_("User group"), required=False, max_length=40, widget=forms.Select)
    status = forms.ChoiceField(label=_("Status"), required=False)
    on = DayInOneBox(label=_("As of"), required=False)
    words = Line(label=_("Name or user id"), required=False, length_max=100)

    def __init__(self, asked: Mapping[str, str], *, today: date) -> None:
        # With the blanks that somebody types.
        shown_today = clock.short_date(today, get_language() or "th").replace("\u00a0", " ")
        super().__init__({**asked, "on": asked.get("on") or shown_today})
        self.today = today
        self.fields["on"].latest = today
        self.fields["status"].choices = [
            ("", pgettext_lazy("status", "All statuses")),
            *((status.value, wording.STATUSES[status]) for status in Status),
        ]
        self.fields["group"].widget.choices = [("", _ALL_GROUPS)]

    @property
    def selection(self) -> Selection:
        """What is asked for; of a form that was refused, today's report."""
        asked = self.cleaned_data if self.is_valid() else {}
        return Selection(
            on=asked.get("on") or self.today,
            group=asked.get("group", ""),
            status=asked.get("status", ""),
            words=asked.get("words", ""),
        )

    def offer(self, groups: Iterable[GroupCount], language: str) -> None:
        """Put the groups that there were on the day asked into the list, and refuse one that there never was."""
        groups, asked = list(groups), self.data.get("group", "")
        self.fields["group"].widget.choices = [
            ("", _ALL_GROUPS),
            *(
                (group.code, group.name(language))
                for group in groups
                if group.is_in_force or group.lines or group.code == asked
            ),
        ]
        if self.is_valid() and asked and asked not in {group.code for group in groups}:
            self.add_error("group", _("Choose a group from the list."))


class RegisterFilter(forms.Form):
    """Which entries of the register: of a fiscal year, with an outcome."""

    year = forms.TypedChoiceField(label=_("Fiscal year"), required=False, coerce=int, empty_value=None)
    outcome = forms.ChoiceField(label=_("Result"), required=False)

    def __init__(self, asked: Mapping[str, str], *, today: date) -> None:
        super().__init__(asked)
        this_year = clock.fiscal_year(today)
        years = [str(year) for year in range(this_year, this_year - YEARS_OFFERED, -1)]
        self.fields["year"].choices = [("", _("All years")), *((year, year) for year in years)]
        self.fields["outcome"].choices = [
            ("", _("All results")),
            *((outcome.value, wording.OUTCOMES[outcome]) for outcome in Outcome),
        ]


class RecordFilter(forms.Form):
    """Which events: of a kind, of a person, of a case, within some days."""

    kind = forms.ChoiceField(label=pgettext_lazy("record", "What happened"), required=False)
    about = Line(label=_("Person or request no."), required=False, length_max=100)
    first_day = DayInOneBox(label=_("From the day"), required=False)
    last_day = DayInOneBox(label=_("To the day"), required=False)

    def __init__(self, asked: Mapping[str, str], *, today: date) -> None:
        super().__init__(asked)
        self.fields["first_day"].latest = today
        self.fields["kind"].choices = [("", pgettext_lazy("record", "Everything")), *_kinds()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", ValidationError(reasons.sentence("days_reversed"), code="days_reversed"))
        return cleaned

    @property
    def narrowing(self) -> Narrowing:
        """What is asked for; nothing of a form that was refused. What reads as a case number is one."""
        if not self.is_valid():
            return Narrowing()
        asked = dict(self.cleaned_data)
        about = asked.pop("about")
        try:
            return Narrowing(**asked, case=case_number(*parse_case_number(about)))
        except Unacceptable:
            return Narrowing(**asked, person=about)


def _kinds() -> list[tuple[Any, list[tuple[str, str]]]]:
    """Offer each area as a whole, and each event in it by its sentence with its blanks left open."""
    return [
        (
            wording.AREAS[area],
            [
                (area, _("All of this: %(area)s") % {"area": wording.AREAS[area]}),
                *((name, _BLANK.sub("…", str(CATALOGUE[name].sentence))) for name in names),
            ],
        )
        for area, names in names_by_area().items()
    ]


class DocumentFilter(forms.Form):
    """Which issued documents: of a kind, under a number."""

    kind = forms.ChoiceField(
        label=_("Kind of document"), required=False, choices=[("", _("Every kind")), *DocumentKind.choices]
    )
    number = Line(label=_("Code or case number"), required=False, length_max=40)


class CodeOnPaper(forms.Form):
    """The code under which a printed document is verified, as its reader types it."""

    code = forms.CharField(
        label=_("Code on the paper"),
        help_text=_("10 digits beside the QR code, as in 482\u00a0913\u00a07756. Thai digits may be typed too."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )

    def refuse(self) -> None:
        """Say that there is no such paper: of a code that was never given as of one that cannot be."""
        self.errors.clear()
        self.add_error(
            "code",
            ValidationError(
                _("No document has this code. Compare each digit with the paper and type it again."),
                code="document_unknown",
            ),
        )
