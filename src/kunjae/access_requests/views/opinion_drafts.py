"""
The opinion as filled in, kept by the browser's session until it is confirmed.

The summary is thus a page of its own, and the browser's Back finds the form as it was left. What takes
effect is what the summary showed and sends, not what is kept: a second window may have filled in anew.
"""

from django.http import HttpRequest, QueryDict

from kunjae.access_requests.forms import Decision
from kunjae.access_requests.models import AccessRequest

DRAFTS = "opinions"
_VALUES_MAX, _LENGTH_MAX = 100, 2000


def keep(request: HttpRequest, item: AccessRequest, form: Decision) -> None:
    """Keep what was typed, as it was typed."""
    typed: dict[str, list[str]] = {}
    for name, value in form.hidden_values():
        if len(values := typed.setdefault(name, [])) < _VALUES_MAX:
            values.append(value[:_LENGTH_MAX])
    request.session[DRAFTS] = {**request.session.get(DRAFTS, {}), item.public_id: typed}


def kept(request: HttpRequest, item: AccessRequest) -> QueryDict | None:
    """Give what was kept, as a form is sent; None if there is nothing."""
    typed = request.session.get(DRAFTS, {}).get(item.public_id)
    if not typed:
        return None
    data = QueryDict(mutable=True)
    for name, values in typed.items():
        data.setlist(name, values)
    return data


def forget(request: HttpRequest, item: AccessRequest) -> None:
    """Forget it: the opinion was given."""
    if request.session.get(DRAFTS, {}).pop(item.public_id, None) is not None:
        request.session.modified = True
