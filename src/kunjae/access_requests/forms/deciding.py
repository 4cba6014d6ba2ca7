"""The opinion of the head of finance, and the filter of the list of requests."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from kunjae.access_requests.forms.parts import ShownVersion, group_choices, refusal, said
from kunjae.access_requests.models import RequestState
from kunjae.access_requests.operations import Opinion
from kunjae.core import reasons
from kunjae.core.form_fields import DocumentNumber, Line, Paragraph, ThaiDate, UserId
from kunjae.entitlements.models import GroupEdition

APPROVE, REFUSE = "approve", "refuse"


class Decision(forms.Form):
    """
    Approve, naming the groups as granted, or refuse and say why: exactly one, and none beforehand (A2-06).

    `needs_user_id` is whether an account will be opened; `namesakes` are user ids of accounts of the same name.
    """

    # What each opinion needs, only the opinion knows.
    use_required_attribute = False
    version = ShownVersion()
    opinion = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("Opinion"),
        choices=[(APPROVE, pgettext_lazy("opinion", "Approved")), (REFUSE, pgettext_lazy("opinion", "Not approved"))],
        error_messages={"required": said("opinion_missing"), "invalid_choice": said("opinion_missing")},
    )
    username = UserId(
        missing=said("new_user_id_missing"),
        label=_("User id of the new user"),
        help_text=_("Suggested by the system; you may change it. It is never given to anybody else."),
    )
    namesake = forms.BooleanField(required=False, label=_("The new user is another person of the same name"))
    groups = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=_("Groups that are granted")
    )
    order_number = DocumentNumber(
        required=False,
        length_max=60,
        label=_("Number of the assignment order"),
        help_text=_("As in 338/2569. If the order is still to come, leave it empty: it is to follow within 30 days."),
    )
    order_date = ThaiDate(required=False, label=_("Date of the order"))
    refusal_reason = Paragraph(
        missing=said("refusal_reason_missing"),
        length_max=500,
        rows=4,
        label=_("Why the request is not approved"),
        help_text=_("The applicant reads these words, and they are printed on the form."),
    )

    def __init__(
        self,
        *args: Any,
        editions: Sequence[GroupEdition],
        asked_codes: Sequence[str],
        needs_user_id: bool,
        namesakes: Sequence[str] = (),
        must_grant: bool,
        today: date,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.asked_codes = tuple(asked_codes)
        self.must_grant = must_grant
        self.fields["groups"].choices = group_choices(editions, get_language() or "th")
        self.fields["groups"].error_messages["invalid_choice"] = reasons.sentence(
            "group_not_in_force", {"group": "%(value)s"}
        )
        # A date in an order may lie ahead of its signing by a mistake only.
        self.fields["order_date"].latest = today
        if not needs_user_id:
            del self.fields["username"]
        else:
            self.fields["username"].widget.attrs["autocomplete"] = "off"
        self.namesakes = ", ".join(namesakes)
        if namesakes:
            self.fields["namesake"].help_text = _("Somebody of this name has an account here: %(usernames)s") % {
                "usernames": self.namesakes
            }
        else:
            del self.fields["namesake"]

    def clean(self) -> dict[str, Any]:
        """Ask for what the opinion needs; what belongs to the other one does not count."""
        cleaned = super().clean()
        chosen = cleaned.get("opinion")
        if chosen != REFUSE:
            self.errors.pop("refusal_reason", None)
        if chosen != APPROVE:
            for name in ("username", "namesake", "groups", "order_number", "order_date"):
                self.errors.pop(name, None)
        else:
            self._clean_approval(cleaned)
        return cleaned

    def _clean_approval(self, cleaned: dict[str, Any]) -> None:
        if self.must_grant and "groups" not in self.errors and not cleaned.get("groups"):
            self.add_error("groups", refusal("nothing_granted"))
        if self.namesakes and not cleaned.get("namesake"):
            self.add_error("namesake", refusal("same_name_has_account", usernames=self.namesakes))
        if {"order_number", "order_date"} & self.errors.keys():
            return
        number, day = cleaned["order_number"], cleaned["order_date"]
        if number and not day:
            self.add_error("order_date", refusal("order_date_missing"))
        elif day and not number:
            self.add_error("order_number", refusal("order_number_missing"))

    @property
    def approves(self) -> bool:
        """Tell whether the opinion is to approve, once the form is valid."""
        return self.cleaned_data["opinion"] == APPROVE

    def as_opinion(self) -> Opinion:
        """Give the opinion, once the form is valid."""
        cleaned = self.cleaned_data
        if not self.approves:
            return Opinion(version=cleaned["version"], approve=False, refusal_reason=cleaned["refusal_reason"])
        return Opinion(
            version=cleaned["version"],
            approve=True,
            group_codes=tuple(cleaned["groups"]),
            username=cleaned.get("username", ""),
            is_namesake=cleaned.get("namesake", False),
            order_number=cleaned["order_number"],
            order_date=cleaned["order_date"],
        )

    def hidden_values(self) -> list[tuple[str, str]]:
        """List what was sent, name by name, for the page that asks to confirm it."""
        parts = ("order_date_day", "order_date_month", "order_date_year")
        names = [name for name in self.fields if name != "order_date"] + list(parts)
        return [(name, value) for name in names for value in self.data.getlist(name)]


class RequestFilter(forms.Form):
    """What of the decided requests is shown."""

    words = Line(required=False, length_max=100, label=_("Name or number"))
    state = forms.ChoiceField(
        required=False,
        label=_("Result"),
        choices=[
            ("", _("All")),
            *(
                (state.value, state.label)
                for state in (
                    RequestState.APPROVED,
                    RequestState.REFUSED,
                    RequestState.WITHDRAWN,
                    RequestState.SELF_SERVED,
                )
            ),
        ],
    )
