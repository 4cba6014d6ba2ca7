"""
The password policy: what a new password must be, judged before it is stored (clause 4; requirements L-40 to L-42).

Everything here is pure: no row is read and no clock. The password itself is never part of an answer, a log line or an
error; it goes in, and reasons come out.
"""

import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from django.views.decorators.debug import sensitive_variables

from kunjae.identity.password_context import PasswordContext, personal_faults
from kunjae.identity.password_guesses import guesses_for
from kunjae.identity.password_profiles import DEFAULT, LENGTH_CEILING, PasswordProfile
from kunjae.identity.password_sentences import reason_sentences, rule_sentences, rules_broken
from kunjae.identity.password_words import passphrase_words

__all__ = [
    "Judgement",
    "PasswordContext",
    "judge",
    "normalise",
    "reason_sentences",
    "rule_facts",
    "rule_sentences",
    "rules_broken",
    "rules_for",
    "suggest_passphrase",
]

# NFC makes four code points one at most. What is longer cannot become a password and is spared the work.
_INPUT_CEILING = 4 * LENGTH_CEILING

# Controls, formats that are not seen (zero-width, directions), halves of a surrogate pair, private use, unassigned,
# line and paragraph separators; and the sign left behind by text that was read in the wrong encoding.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_WRONGLY_READ = "\ufffd"

_PASSPHRASE_WORDS = 4
# There are fewer Thai words to draw from.
_PASSPHRASE_WORDS_TH = 5
# 0 and 1 look like letters on a slip of paper.
_CLEAR_DIGITS = "23456789"
_SUGGESTIONS_MAX = 100


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer to a password; true when it may be used. `reasons` are keys of `reason_sentences`, in its order."""

    reasons: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return not self.reasons


def normalise(password: str) -> str:
    """
    Return the form in which a password is judged, hashed and compared: NFC and nothing else (standards C8).

    Nothing is trimmed, cut or changed in case. A text too long for any password comes back as it is, unread.
    """
    return password if len(password) > _INPUT_CEILING else unicodedata.normalize("NFC", password)


@sensitive_variables()
def judge(
    password: str,
    *,
    profile: PasswordProfile,
    context: PasswordContext,
    has_second_factor: bool = False,
    is_breached: Callable[[str], bool] | None = None,
) -> Judgement:
    """
    Judge a new password by a profile and by what is known about its owner.

    `is_breached` is asked, if given, with the normalised password; a list of leaked passwords answers it.
    """
    if len(password) > _INPUT_CEILING:
        return Judgement(("too_long",))
    password = normalise(password)
    # What is over-long or unseen is not looked at further: the rest would only repeat it.
    if unusable := _unusable(password, profile):
        return _in_order(unusable)
    faults = _shape_faults(password, profile, has_second_factor=has_second_factor)
    known = context.spelt_names(password) | context.known_words()
    faults |= personal_faults(password, context, known)
    if "too_short" not in faults:
        guesses = guesses_for(password, known)
        if guesses.strength < profile.strength_min:
            faults |= guesses.reasons | {"too_guessable"}
    if is_breached is not None and is_breached(password):
        faults.add("breached_password")
    return _in_order(faults)


def rules_for(profile: PasswordProfile, has_second_factor: bool) -> list[str]:
    """List the rules to show before typing, as keys of `rule_sentences`; `rule_facts` fills their blanks."""
    rules = ["enough_characters"]
    if profile.needs_letter and profile.needs_digit:
        rules.append("letters_and_digits")
    elif profile.needs_letter:
        rules.append("a_letter")
    elif profile.needs_digit:
        rules.append("a_digit")
    return [*rules, "hard_to_guess", "no_own_details", "no_known_words", "no_patterns"]


def rule_facts(profile: PasswordProfile, has_second_factor: bool) -> dict[str, int]:
    """Return what fills the blanks of the sentences, for rules and reasons alike."""
    return {
        "length_min": profile.least_length(has_second_factor=has_second_factor),
        "length_max": profile.length_max,
    }


def suggest_passphrase(
    *,
    profile: PasswordProfile = DEFAULT,
    context: PasswordContext | None = None,
    has_second_factor: bool = False,
    language: str = "en",
) -> str:
    """
    Draw a passphrase that the profile accepts: English words as `river-candle7-mango-table`, or Thai ones for "th".

    Four English words or five Thai ones and a digit of the upper row, 47 bits or more. It is kept nowhere.

    :raises RuntimeError: if none can be drawn, as when the profile asks for more than these words give
    """
    words = passphrase_words(language)
    count = _PASSPHRASE_WORDS_TH if language == "th" else _PASSPHRASE_WORDS
    for _attempt in range(_SUGGESTIONS_MAX):
        drawn = [secrets.choice(words) for _ in range(count)]
        drawn[secrets.randbelow(count)] += secrets.choice(_CLEAR_DIGITS)
        phrase = "-".join(drawn)
        if judge(phrase, profile=profile, context=context or PasswordContext(), has_second_factor=has_second_factor):
            return phrase
    raise RuntimeError("no passphrase meets the profile")


def _unusable(password: str, profile: PasswordProfile) -> set[str]:
    faults = set()
    if len(password) > profile.length_max:
        faults.add("too_long")
    if any(c == _WRONGLY_READ or unicodedata.category(c) in _UNSEEN for c in password):
        faults.add("not_printable")
    return faults


def _shape_faults(password: str, profile: PasswordProfile, *, has_second_factor: bool) -> set[str]:
    categories = {unicodedata.category(character) for character in password}
    faults = set()
    if len(password) < profile.least_length(has_second_factor=has_second_factor):
        faults.add("too_short")
    if profile.needs_letter and not any(category[0] == "L" for category in categories):
        faults.add("needs_letter")
    if profile.needs_digit and "Nd" not in categories:
        faults.add("needs_digit")
    return faults


def _in_order(faults: set[str]) -> Judgement:
    return Judgement(tuple(reason for reason in reason_sentences if reason in faults))
