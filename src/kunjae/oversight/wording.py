"""The words in which the state of an authority is told, and the colours of its figure."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kunjae.core.clock import short_date, thai_day
from kunjae.organisations.models import Capacity
from kunjae.oversight.queries.states import HeadState, Standing

TAGS = {
    HeadState.HEAD: "ok",
    HeadState.ACTING: "acting",
    HeadState.PENDING: "wait",
    HeadState.SUSPENDED: "due",
    HeadState.VACANT: "stop",
    HeadState.NEVER: "over",
}
COLOURS = {
    HeadState.HEAD: "c5",
    HeadState.ACTING: "c6",
    HeadState.PENDING: "c4",
    HeadState.SUSPENDED: "c2",
    HeadState.VACANT: "c1",
    HeadState.NEVER: "c3",
}


@dataclass(frozen=True, slots=True)
class Said:
    """A state in words: the kind of its tag, the word, and since when."""

    tag: str
    word: str
    more: str


def said(standing: Standing, *, on: date, language: str) -> Said:
    """Say how the right to administer an authority stands on a day."""
    since = short_date(thai_day(standing.since), language) if standing.since else ""
    word, more = str(standing.state.label), ""
    if standing.state == HeadState.VACANT and standing.since:
        days = (on - thai_day(standing.since)).days
        more = ngettext("since %(day)s, for %(count)s day", "since %(day)s, for %(count)s days", days) % {
            "day": since, "count": f"{days:,}",
        }  # fmt: skip
    elif standing.state == HeadState.ACTING:
        word = str(Capacity(standing.capacity).label)
        if standing.until:
            more = _("since %(day)s, until %(until)s") % {"day": since, "until": short_date(standing.until, language)}
        else:
            more = _("since %(day)s, without an end") % {"day": since}
    elif since:
        more = _("since %(day)s") % {"day": since}
    return Said(TAGS[standing.state], word, more)
