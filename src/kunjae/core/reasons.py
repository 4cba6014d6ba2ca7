"""
Why something is refused, as a sentence that says what to do next.

One catalogue for the whole product: policies, operations and forms name a key, pages show the
sentence. A floor adds its own sentences with `add`; a key is never said twice.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise

_sentences: dict[str, Promise | str] = {}


def add(sentences: Mapping[str, Promise | str]) -> None:
    """
    Add sentences to the catalogue.

    :raises ValueError: if a key already has another sentence
    """
    for key, sentence in sentences.items():
        if key in _sentences and str(_sentences[key]) != str(sentence):
            raise ValueError(f"the reason {key} already has a sentence")
        _sentences[key] = sentence


def sentence(key: str, facts: Mapping[str, Any] | None = None) -> str:
    """Say one reason in the reader's language; an unknown key is a fault of ours and says so."""
    return str(_sentences[key]) % dict(facts or {})


def keys() -> frozenset[str]:
    """List every reason that has a sentence."""
    return frozenset(_sentences)
