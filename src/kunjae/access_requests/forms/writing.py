"""Part 1 of form 2, as the officer fills it in, and as the head keys it from paper."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from kunjae.access_requests.content import Content
from kunjae.access_requests.forms.parts import FilledInPage, ShownVersion, group_choices, refusal, said
from kunjae.access_requests.models import CredentialWish
from kunjae.core import reasons
from kunjae.core.form_fields import Email, Line, Mobile, Paragraph, PersonName, Scan, ThaiDate, Title
from kunjae.entitlements.models import GroupEdition
from kunjae.organisations.models import Person

YES, NO = "yes", "no"
NOBODY_LISTED = "new"

_WISHES = {
    CredentialWish.NEW_USER: _("New user"),
    CredentialWish.CANNOT_ENTER: _("Cannot get in because"),
}


class Part1(forms.Form):
    """
    The two main boxes of part 1, either or both, and the position.

    `wishes` are the lines of the first box that this person can tick; without one the box is not
    shown, and the form asks for groups alone. What stands under a box that is not ticked does not
    count, and neither does what is wrong or missing there.
    """

    # What a field under a box needs, only its box knows.
    use_required_attribute = False
    version = ShownVersion()
    position_th = Line(
        length_max=150,
        label=_("Position"),
        missing=said("position_missing"),
        help_text=_("As in the appointment, with its level: นักวิชาการเงินและบัญชีปฏิบัติการ"),
    )
    wants_credentials = forms.BooleanField(
        required=False, label=_("Ask for a user id and/or password to work in the accounting system (e-LAAS)")
    )
    credential_wish = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("What is asked for"),
        choices=list(_WISHES.items()),
        error_messages={"required": said("credential_wish_missing")},
    )
    cannot_enter_reason = Paragraph(
        length_max=300,
        rows=2,
        label=_("Why it is not possible to get in"),
        missing=said("cannot_enter_reason_missing"),
        help_text=_("For instance: forgotten password, lost user id"),
    )
    secret_may_be_known = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("May somebody else know the password?"),
        help_text=_("If so, the present password stops working the moment this request is sent."),
        choices=[(YES, _("Yes, or not sure")), (NO, _("No, nobody else knows it"))],
        error_messages={"required": said("secret_question_missing")},
    )
    wants_groups = forms.BooleanField(required=False, label=_("Ask to be added to user groups, to perform the duty"))
    duty = Paragraph(
        length_max=500,
        rows=3,
        label=_("The duty"),
        missing=said("duty_missing"),
        help_text=_(
            "What you were assigned, by which order and since when. To give up or change groups, write it here too."
        ),
    )
    groups = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("User groups"),
        help_text=_(
            "Tick those that the duty needs. If you do not know which, leave them; the head of finance chooses."
        ),
    )

    def __init__(
        self,
        *args: Any,
        wishes: Sequence[CredentialWish] = (),
        editions: Sequence[GroupEdition] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.wishes = tuple(wishes)
        self.fields["groups"].choices = group_choices(editions, get_language() or "th")
        self.fields["groups"].error_messages["invalid_choice"] = reasons.sentence(
            "group_not_in_force", {"group": "%(value)s"}
        )
        if len(self.wishes) > 1:
            self.fields["credential_wish"].choices = [(wish, _WISHES[wish]) for wish in self.wishes]
        else:
            del self.fields["credential_wish"]
        if CredentialWish.CANNOT_ENTER not in self.wishes:
            del self.fields["cannot_enter_reason"]
            del self.fields["secret_may_be_known"]
        if not self.wishes:
            # Nothing else can be asked for: the box is ticked as good as given.
            del self.fields["wants_credentials"]
            del self.fields["wants_groups"]

    def clean(self) -> dict[str, Any]:
        """Overlook what stands under a box that is not ticked; one of them must be."""
        cleaned = super().clean()
        if not self._wants_credentials and not self._wants_groups:
            self.add_error("wants_credentials", refusal("asks_for_nothing"))
        if not self._wants_credentials:
            self._forget("credential_wish")
        if self._wish is not CredentialWish.CANNOT_ENTER:
            self._forget("cannot_enter_reason", "secret_may_be_known")
        if not self._wants_groups:
            self._forget("duty", "groups")
        return cleaned

    def _forget(self, *names: str) -> None:
        """Overlook what is wrong in a field that does not count."""
        for name in names:
            self.errors.pop(name, None)

    @property
    def _wants_credentials(self) -> bool:
        return bool(self.cleaned_data.get("wants_credentials"))

    @property
    def _wants_groups(self) -> bool:
        return "wants_groups" not in self.fields or bool(self.cleaned_data.get("wants_groups"))

    @property
    def _wish(self) -> CredentialWish:
        if not self._wants_credentials:
            return CredentialWish.NONE
        if len(self.wishes) == 1:
            return self.wishes[0]
        return CredentialWish(self.cleaned_data.get("credential_wish") or CredentialWish.NONE)

    def content(self, *, form_date: date) -> Content:
        """Give what was filled in, once the form is valid."""
        cleaned = self.cleaned_data
        cannot_enter = self._wish is CredentialWish.CANNOT_ENTER
        return Content(
            position_th=cleaned["position_th"],
            form_date=form_date,
            credential_wish=self._wish,
            cannot_enter_reason=cleaned["cannot_enter_reason"] if cannot_enter else "",
            secret_may_be_known=cannot_enter and cleaned["secret_may_be_known"] == YES,
            wants_groups=self._wants_groups,
            duty=cleaned["duty"] if self._wants_groups else "",
            group_codes=tuple(cleaned["groups"]) if self._wants_groups else (),
        )

    @staticmethod
    def initial_of(content: Content, *, version: int) -> dict[str, Any]:
        """Give the values with which the form shows a content again."""
        known = {True: YES, False: NO} if content.credential_wish == CredentialWish.CANNOT_ENTER else {}
        return {
            "version": version,
            "position_th": content.position_th,
            "wants_credentials": content.credential_wish != CredentialWish.NONE,
            "credential_wish": content.credential_wish,
            "cannot_enter_reason": content.cannot_enter_reason,
            "secret_may_be_known": known.get(content.secret_may_be_known, ""),
            "wants_groups": content.wants_groups,
            "duty": content.duty,
            "groups": list(content.group_codes),
        }


class PaperForm(Part1):
    """Part 1 as it stands on a signed paper: who signed it, on which day, and its scan (D12)."""

    page = FilledInPage()
    applicant = forms.ChoiceField(
        label=_("Who signed the form"),
        help_text=_("Persons with an account or a post in your authority"),
        error_messages={"required": said("applicant_missing"), "invalid_choice": said("applicant_missing")},
    )
    title = Title(label=_("Title"))
    given_name = PersonName(label=_("First name"))
    family_name = PersonName(required=False, label=_("Family name"))
    email = Email(required=False, label=_("E-mail address"), help_text=_("The person's own, not a shared mailbox."))
    mobile = Mobile(
        required=False, label=_("Mobile number"), help_text=_("For instance 081 234 5678. Codes are sent there by SMS.")
    )
    form_date = ThaiDate(label=_("Day, month and year on the form"))
    scan = Scan(
        label=_("Scan of the signed form"),
        help_text=_("PDF, JPEG or PNG, 10 MB at most. A photograph by telephone will do if every word can be read."),
    )

    def __init__(self, *args: Any, persons: Sequence[Person] = (), today: date, **options: Any) -> None:
        super().__init__(*args, wishes=tuple(_WISHES), **options)
        listed = [(person.public_id, person.full_name) for person in persons]
        self.fields["applicant"].choices = [
            ("", _("Choose a person")),
            *listed,
            (NOBODY_LISTED, _("Somebody not in the list")),
        ]
        self.fields["form_date"].latest = today
        # Their names come from the paper of somebody else, not from this browser's owner.
        for name in ("email", "mobile"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean(self) -> dict[str, Any]:
        """Overlook the names of somebody listed; ask for a way to reach a new user."""
        cleaned = super().clean()
        if cleaned.get("applicant") != NOBODY_LISTED:
            self._forget("title", "given_name", "family_name")
        if not self.opens_an_account:
            self._forget("email", "mobile")
        elif not {"email", "mobile"} & self.errors.keys() and not (cleaned["email"] or cleaned["mobile"]):
            self.add_error("email", refusal("contact_missing"))
        if self.errors and cleaned.get("scan"):
            self.add_error("scan", refusal("choose_the_file_again"))
        return cleaned

    @property
    def is_somebody_new(self) -> bool:
        """Tell whether the person is not in the list."""
        return self.cleaned_data["applicant"] == NOBODY_LISTED

    @property
    def opens_an_account(self) -> bool:
        """Tell whether the form asks for a new user, who is reached as it says."""
        return self._wish is CredentialWish.NEW_USER
