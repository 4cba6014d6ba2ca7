"""A password profile in words, line by line, so that two of them can be laid side by side."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kunjae.identity.password_profiles import PasswordProfile
from kunjae.identity.password_sentences import profile_names

profile_sources = {
    "letter-2562": gettext_lazy("Clause 4(1)–(3) of the letter of July 2562"),
    "letter-2562-forced": gettext_lazy(
        "Clause 4(1)–(3) of the letter of July 2562; the department makes a duty of the advice of 4(3)"
    ),
    "modern": gettext_lazy("NIST SP 800-63B-4 and OWASP ASVS 5.0.0, V6.2"),
}


def profile_lines(profile: PasswordProfile) -> list[tuple[str, str]]:
    """Say in words what a profile asks, always in the same order, each with what it is about."""
    return [
        (_("Least length without a second factor"), _characters(profile.length_min_single_factor)),
        (_("Least length with a second factor"), _characters(profile.length_min)),
        (_("Greatest length"), _characters(profile.length_max)),
        (_("A letter of any script"), _asked(asked=profile.needs_letter)),
        (_("A digit of any script"), _asked(asked=profile.needs_digit)),
        (_("Capitals or signs"), _("not asked")),
        (_("Hard to guess"), _("at least %(score)s of 4; word lists, own details and leaks refused") % {"score": profile.strength_min}),
        (_("Change by the clock"), _clock(profile)),
    ]  # fmt: skip


def _characters(count: int) -> str:
    return _("%(count)s characters") % {"count": count}


def _asked(*, asked: bool) -> str:
    return _("at least one") if asked else _("not asked")


def _clock(profile: PasswordProfile) -> str:
    if profile.change_months is None:
        return _("none; only when somebody else may know it")
    words = _("forced every %(months)s months") if profile.change_is_forced else _("advised every %(months)s months")
    return words % {"months": profile.change_months}


def lines_side_by_side(profiles: list[PasswordProfile]) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """
    Lay profiles side by side, a line each: what it is about, then for each its name and what it says.

    The mark tells what differs from the first.
    """
    names = [str(profile_names[profile.code]) for profile in profiles]
    columns = [profile_lines(profile) for profile in profiles]
    return [
        (
            lines[0][0],
            [(name, value, value != lines[0][1]) for name, (_about, value) in zip(names, lines, strict=True)],
        )
        for lines in zip(*columns, strict=True)
    ]
