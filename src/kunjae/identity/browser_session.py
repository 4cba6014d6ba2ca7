"""Django's session of a browser, as a sign-in begins it."""

from copy import deepcopy
from typing import Any

from django.contrib.sessions.backends.base import VALID_KEY_CHARS, SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.utils.crypto import get_random_string

from kunjae.core.written_once import insert


class BrowserSession(SessionStore):
    """
    A new session, written once with all that a sign-in puts into it, in the transaction that is open.

    Django's own looks whether the key is free, writes a first row, and the full one when the request ends, each in a
    transaction of its own: six of a sign-in's seventeen trips to the database (docs/decisions/0012-benchmarks.md).
    """

    # Read again as what it is: a row of Django's table like any other.
    key_salt = SessionStore().key_salt
    _written: dict[str, Any] | None = None

    @classmethod
    def in_place_of(cls, session: SessionBase) -> "BrowserSession":
        """
        Begin empty, under a new key; the former session opens nothing any more (T-18).

        What a visitor had proved in this browser, an invitation or an activation, may be somebody else's (L-34).
        """
        session.flush()
        return cls()

    @classmethod
    def after(cls, session: SessionBase) -> "BrowserSession":
        """Go on under a new key with what the former one held, which opens nothing any more (T-18)."""
        held = dict(session.items())
        next_one = cls.in_place_of(session)
        next_one.update(held)
        return next_one

    def create(self) -> None:
        """Take a new key; should one of 32 random characters ever come twice, the table refuses it."""
        self._session_key = get_random_string(32, VALID_KEY_CHARS)
        self._written = None
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """Write the row, if anything in it has changed since it was written."""
        if self.session_key is None:
            self.create()
        data = self._get_session(no_load=True)
        if data == self._written:
            return
        is_new = self._written is None
        row = self.create_model_instance(data)
        if is_new:
            insert(row)
        else:
            row.save(force_update=True)
        self._written = deepcopy(data)
