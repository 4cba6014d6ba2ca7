"""Where a browser goes after a POST that was done."""

from django.http import HttpResponseRedirect


def see_other(address: str) -> HttpResponseRedirect:
    """Lead on with 303, so that loading the next page again sends nothing again."""
    return HttpResponseRedirect(address, status=303)
