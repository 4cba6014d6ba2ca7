"""What the pages of form 2 share: a refusal becomes the sentence of a form, and its status 422."""

from collections.abc import Mapping

from django.core.cache import cache
from django.forms import Form
from django.http import HttpRequest, HttpResponse

from kunjae.core import reasons
from kunjae.core.addresses import neighbourhood
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied

#: The field that a refusal speaks of, where a form has it; the others stand at the top of the page.
_FIELD_OF = {
    "applicant_missing": "applicant",
    "asks_for_nothing": "wants_credentials",
    "cannot_enter_reason_missing": "cannot_enter_reason",
    "contact_is_anothers": "email",
    "contact_is_yours": "email",
    "duty_missing": "duty",
    "group_not_in_force": "groups",
    "has_account_already": "credential_wish",
    "mobile_code_spent": "code",
    "mobile_code_wrong": "code",
    "mobile_is_fixed": "mobile",
    "needs_account": "credential_wish",
    "new_user_id_missing": "username",
    "nothing_granted": "groups",
    "own_case": "applicant",
    "own_name": "given_name",
    "refusal_reason_missing": "refusal_reason",
    "same_name_has_account": "namesake",
    "too_many_codes": "mobile",
    "too_many_numbers": "mobile",
    "user_id_taken": "username",
}
_HOUR = 60 * 60


def add_refusal(form: Form, refused: Denied | Unacceptable, *, field: str | None = None) -> None:
    """Say in a form why what it asked for was refused, at the field it concerns."""
    name = field or _FIELD_OF.get(refused.reason)
    form.add_error(name if name in form.fields else None, reasons.sentence(refused.reason, refused.facts))


def add_sentence(form: Form, reason: str, facts: Mapping[str, object] | None = None) -> None:
    """Say one reason at the top of a form."""
    form.add_error(None, reasons.sentence(reason, facts))


def unseen(response: HttpResponse) -> HttpResponse:
    """
    Keep a page out of every cache, and its path out of every referrer.

    Not `no-referrer`: a form sent under it names its origin as null, and would be refused as a forgery.
    """
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "strict-origin"
    return response


def status_of(form: Form) -> int:
    """422 for a form that was refused, else 200."""
    return 422 if form.errors else 200


def is_too_often(request: HttpRequest, act: str, *, an_hour: int) -> bool:
    """
    Count an act of somebody not signed in, and tell whether his address did it too often.

    Modest on purpose: a whole office stands behind one address (T-20); the addresses of one IPv6 network are one.
    """
    key = f"access_requests:{act}:{neighbourhood(request.actor.address)}"
    cache.add(key, 0, timeout=_HOUR)
    try:
        return cache.incr(key) > an_hour
    except ValueError:
        # It expired between the two calls: the first of a new hour.
        return False
