"""
Where the password policy departs from a standard, with the clause of each: a register, kept as data.

A departure may stand under one profile and not under another, so each tells by the profile in force whether it does.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kunjae.identity.password_profiles import PasswordProfile

Sentence = str | Promise

ASVS = "OWASP ASVS 5.0.0"
NIST = "NIST SP 800-63B-4"
_SINGLE_FACTOR_LENGTH = 15


class Standing(StrEnum):
    """Whether a departure stands: it does, the standard is met, or it is met with advice on top."""

    DEPARTS = "departs"
    ADVISES = "advises"
    MET = "met"


standing_words = {
    Standing.DEPARTS: _("departs from it"),
    Standing.ADVISES: _("met, with advice"),
    Standing.MET: _("met"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """
    One clause of a standard from which a profile departs, or may.

    `asks` is what the clause asks, in our words; `because` the clause of the letter, or the reason, that stands against
    it; `instead` what is done for the same end; `ends` how the departure comes to an end. `proofs` are tests.
    `departing` is said in place of `instead` where the departure stands, if it does not under every profile.
    """

    key: str
    standard: str
    clause: str
    asks: Sentence
    because: Sentence
    instead: Sentence
    ends: Sentence
    standing: Callable[[PasswordProfile], Standing]
    proofs: tuple[str, ...]
    departing: Sentence | None = None

    def instead_under(self, profile: PasswordProfile) -> Sentence:
        """Say what is done instead while a profile is in force."""
        return self.departing if self.departing and self.standing(profile) == Standing.DEPARTS else self.instead


def _of_composition(profile: PasswordProfile) -> Standing:
    return Standing.DEPARTS if profile.needs_letter or profile.needs_digit else Standing.MET


def _of_length(profile: PasswordProfile) -> Standing:
    return Standing.MET if profile.length_min_single_factor >= _SINGLE_FACTOR_LENGTH else Standing.DEPARTS


def _of_clock(profile: PasswordProfile) -> Standing:
    if profile.change_months is None:
        return Standing.MET
    return Standing.DEPARTS if profile.change_is_forced else Standing.ADVISES


_LETTERS_AND_DIGITS = _(
    "Clause 4(2) of the letter of July 2562 binds (กำหนด): letters mixed with digits, 8 characters or more."
)
_PLAIN_MIXTURE = _(
    "One letter of any script and one digit are enough; no capital and no sign is asked. Each page offers passphrases that hold a digit already."
)
_ANOTHER_PROFILE = _("When two persons of the department decide on the profile of the international standards.")
_SIX_MONTHS = _("Clause 4(3) of the letter of July 2562 advises (ควร) a change every 6 months.")
_REMINDED = _(
    "A change is advised and never forced: whoever is asked may answer “later” with a reason, or use a passkey instead. It is required when somebody else may know the password, or when it is found in a leak."
)
_FORCED = _(
    "The profile in force makes a duty of the advice: a sign-in goes on only with a new password, or with a passkey, beside which the password alone opens nothing. Its owner is warned 14 and 3 days before, and the days are spread."
)

REGISTER = (
    Deviation(
        key="asvs-composition",
        standard=ASVS,
        clause="6.2.5",
        asks=_("Passwords of any composition are taken; no kind of character is required."),
        because=_LETTERS_AND_DIGITS,
        instead=_PLAIN_MIXTURE,
        ends=_ANOTHER_PROFILE,
        standing=_of_composition,
        proofs=("tests/conformance/test_clause_4_passwords.py::test_clause_4_2_any_letters_and_any_digits_will_do",),
    ),
    Deviation(
        key="nist-composition",
        standard=NIST,
        clause="3.1.1.2",
        asks=_("No rule of composition is imposed (SHALL NOT)."),
        because=_LETTERS_AND_DIGITS,
        instead=_PLAIN_MIXTURE,
        ends=_ANOTHER_PROFILE,
        standing=_of_composition,
        proofs=("tests/unit/test_password_policy.py::test_judge_asks_for_no_capital_and_no_sign",),
    ),
    Deviation(
        key="nist-length",
        standard=NIST,
        clause="3.1.1.2",
        asks=_("A password that is the only factor has 15 characters or more (SHALL)."),
        because=_("Clause 4(2) of the letter of July 2562 asks for 8 characters or more, and offices have chosen theirs by it."),
        instead=_("Every password is judged by the guesses that it takes, against words in Thai and English, keyboards, own details and leaks; tries are slowed. The passphrases offered have 15 characters or more."),
        ends=_ANOTHER_PROFILE,
        standing=_of_length,
        proofs=("tests/unit/test_password_policy.py::test_modern_profile_asks_fifteen_without_second_factor_and_eight_with",),
    ),
    Deviation(
        key="asvs-rotation",
        standard=ASVS,
        clause="6.2.10",
        asks=_("A password stays valid until it may be known or its owner changes it; no change by the calendar."),
        because=_SIX_MONTHS,
        instead=_REMINDED,
        departing=_FORCED,
        ends=_ANOTHER_PROFILE,
        standing=_of_clock,
        proofs=("tests/conformance/test_clause_4_passwords.py::test_clause_4_3_an_old_password_still_opens",),
    ),
    Deviation(
        key="nist-rotation",
        standard=NIST,
        clause="3.1.1.2",
        asks=_("No change is required at intervals (SHALL NOT), but one is when there is evidence of compromise (SHALL)."),
        because=_SIX_MONTHS,
        instead=_REMINDED,
        departing=_FORCED,
        ends=_ANOTHER_PROFILE,
        standing=_of_clock,
        proofs=("tests/integration/test_password_renewal.py::test_a_password_that_leaked_since_leads_to_a_new_one",),
    ),
    Deviation(
        key="asvs-as-received",
        standard=ASVS,
        clause="6.2.8",
        asks=_("A password is verified exactly as it was received."),
        because=_("Keyboards write one and the same Thai word in several orders of vowel and tone mark."),
        instead=_("The text is brought into one order (Unicode NFC), and nothing else: nothing is cut, trimmed or changed in case."),
        ends=_("Not foreseen: without it one password would open on one machine and not on another."),
        standing=lambda _profile: Standing.DEPARTS,
        proofs=("tests/integration/test_password_renewal.py::test_both_spellings_of_one_password_open_the_door",),
    ),
)  # fmt: skip
