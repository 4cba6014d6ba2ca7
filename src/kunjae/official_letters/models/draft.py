"""A letter that somebody at an authority prepares, without an account."""

from django.db import models

from kunjae.official_letters.models.facts import LetterFacts


class LetterDraft(LetterFacts):
    """
    A letter being prepared on the public page; it gives no right and changes none.

    Only the browser that began it, or whoever holds its key, may read it again: `key_digest` is all that is
    kept of that key. `code` is the code of the issued document that the QR of the print carries; empty until
    it was printed. An abandoned draft is removed by rule on `expires_at`; a letter that came in keeps its own facts.
    """

    public_id = models.CharField(max_length=16, unique=True)
    key_digest = models.CharField(max_length=64, unique=True)
    version = models.PositiveSmallIntegerField(default=1)
    code = models.CharField(max_length=14, blank=True, db_index=True)
    address_key = models.CharField(max_length=32, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    printed_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(db_index=True)
