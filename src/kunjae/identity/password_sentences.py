"""What the password rules say: before typing, and when a password is refused. Each sentence says what to do."""

from django.utils.translation import gettext_lazy as _

# The order in which reasons are given; `%(length_min)s` and `%(length_max)s` come from `password_policy.rule_facts`.
reason_sentences = {
    "too_long": _("Use no more than %(length_max)s characters."),
    "not_printable": _("Remove the characters that cannot be seen. They often come along when text is pasted."),
    "too_short": _("Use %(length_min)s characters or more."),
    "needs_letter": _("Add at least one letter, Thai or English."),
    "needs_digit": _("Add at least one digit."),
    "contains_user_id": _("Leave out your user id, backwards and with signs for letters too."),
    "contains_name": _("Leave out your own name, in any spelling."),
    "contains_email": _("Leave out what stands before the @ of your e-mail address."),
    "contains_phone": _("Leave out your phone number, and any part of it."),
    "contains_authority_name": _("Leave out the name of your authority."),
    "contains_place_name": _("Leave out the name of your district or province."),
    "contains_birth_year": _("Leave out the year of your birth, in either era."),
    "common_password": _("It is built on words that many people use. Choose words that do not belong together."),
    "common_name": _("It is built on a name that many people have. Choose other words."),
    "office_word": _("It is built on a word of the office or of e-LAAS. Choose words from elsewhere."),
    "place_name": _("It is built on the name of a place. Choose other words."),
    "thai_word_on_us_keyboard": _(
        "It is a Thai word typed with the keyboard on English, which is tried early. Choose other words."
    ),
    "english_word_on_thai_keyboard": _(
        "It is an English word typed with the keyboard on Thai, which is tried early. Choose other words."
    ),
    "keyboard_walk": _("It follows keys that lie side by side. Choose words instead."),
    "sequence": _("It counts up or down, or follows the alphabet. Choose words instead."),
    "repeated_characters": _("It repeats the same characters. Choose different ones."),
    "breached_password": _("It is known from a leak of passwords elsewhere. Choose another one, and change it wherever else you use it."),
    "too_guessable": _("It can still be guessed. Add one more word that has nothing to do with the others."),
}  # fmt: skip

rule_sentences = {
    "enough_characters": _("%(length_min)s characters or more"),
    "letters_and_digits": _("Letters mixed with digits"),
    "a_letter": _("At least one letter"),
    "a_digit": _("At least one digit"),
    "hard_to_guess": _("Hard to guess: three or four words that do not belong together do well"),
    "no_own_details": _(
        "Not your user id, name, e-mail address, phone number or year of birth, nor the name of your authority, district or province"
    ),
    "no_known_words": _(
        "Not a common password, name, place or word of the office with some digits, not even typed with the keyboard on the other language"
    ),
    "no_patterns": _("No keys side by side, such as qwerty, no counting, such as 1234 or กขคง, no repetition"),
}

profile_names = {
    "letter-2562": _("Rules of the letter of 2562"),
    "letter-2562-forced": _("Rules of the letter of 2562, with a forced change"),
    "modern": _("Rules of the international standards"),
}

# Which of the rules shown before typing a refusal breaks, so that the page can mark it.
_RULES_BROKEN = {
    "enough_characters": ("too_short", "too_long"),
    "letters_and_digits": ("needs_letter", "needs_digit"),
    "a_letter": ("needs_letter",),
    "a_digit": ("needs_digit",),
    "hard_to_guess": ("too_guessable", "breached_password"),
    "no_own_details": (
        "contains_user_id",
        "contains_name",
        "contains_email",
        "contains_phone",
        "contains_authority_name",
        "contains_place_name",
        "contains_birth_year",
    ),
    "no_known_words": (
        "common_password",
        "common_name",
        "office_word",
        "place_name",
        "thai_word_on_us_keyboard",
        "english_word_on_thai_keyboard",
    ),
    "no_patterns": ("keyboard_walk", "sequence", "repeated_characters"),
}


def rules_broken(rules: list[str], reasons: tuple[str, ...]) -> list[str]:
    """Return those of the shown rules that the reasons of a refusal break."""
    return [rule for rule in rules if any(reason in reasons for reason in _RULES_BROKEN[rule])]
