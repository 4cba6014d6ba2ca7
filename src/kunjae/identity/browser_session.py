"""Django's session of a browser, with fewer trips to the database (docs/decisions/0012-benchmarks.md)."""

from copy import deepcopy
from secrets import token_hex
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as DjangosStore
from django.contrib.sessions.models import Session
from django.db.models import CharField, DateTimeField
from django.utils import timezone

from kunjae.core.written_once import Blank, Question, insert

_BY_KEY = Question(
    lambda: DjangosStore.get_model_class().objects.filter(
        session_key=Blank("key", CharField()), expire_date__gt=Blank("now", DateTimeField())
    )
)


class SessionStore(DjangosStore):
    """
    Django's table and meaning; a new row is written once, with all that the request has put into it.

    Django's own looks whether the key is free, writes a first row, and the full one when the request ends, each in a
    transaction of its own. Here it can be written in the transaction that is open, and is written again only if anything
    in it has changed.
    """

    _written: dict[str, Any] | None = None

    @classmethod
    def in_place_of(cls, session: SessionBase) -> "SessionStore":
        """
        Begin empty, under a new key; the former session opens nothing any more (T-18).

        What a visitor had proved in this browser, an invitation or an activation, may be somebody else's (L-34).
        """
        key = session.session_key
        if key is not None:
            cls.get_model_class().objects.filter(session_key=key).delete()
        return cls()

    @classmethod
    def after(cls, session: SessionBase) -> "SessionStore":
        """Go on under a new key with what the former one held, which opens nothing any more (T-18)."""
        held = dict(session.items())
        next_one = cls.in_place_of(session)
        next_one.update(held)
        return next_one

    def load(self) -> dict[str, Any]:
        """Read what it holds; nothing, and a new key, if there is no such session or it is over."""
        row = _BY_KEY.first(key=self.session_key or "", now=timezone.now())
        if row is None:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(row.session_data)
        self._written = deepcopy(held)
        return held

    def create(self) -> None:
        """Take a new key of 160 random bits; should one ever come twice, the table refuses it."""
        self._session_key = token_hex(20)
        self._written = None
        self.modified = True

    def save(self, must_create: bool = False) -> None:
        """
        Write the row, if anything in it has changed since it was written.

        :raises UpdateError: if somebody has ended the session meanwhile
        """
        data = self._get_session(no_load=self.session_key is None)
        if self.session_key is None:  # from the beginning, or because there is no session of that key
            self.create()
        if data == self._written:
            return
        if self._written is None:
            insert(self.new_row())
            return
        super().save()
        self._written = deepcopy(data)

    def new_row(self) -> Session:
        """Give the row of a session that has just begun, for whoever writes it together with others, as he must."""
        data = self._get_session()
        self._written = deepcopy(data)
        row: Session = self.create_model_instance(data)
        return row
