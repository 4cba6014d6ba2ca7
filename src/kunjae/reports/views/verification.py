"""Whoever holds a printed paper checks it against the register of issued documents (T-33)."""

from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from kunjae.core.access import public
from kunjae.documents.models import DocumentKind
from kunjae.reports import forms
from kunjae.reports.queries.verification import look_up

#: A registry office checks a pile of papers from one address; somebody who tries codes needs millions.
LOOKS_MAX = 60
LOOKS_WITHIN_SECONDS = 600

#: The official names stay Thai; an English reader is told what they mean.
_GLOSSES = {
    DocumentKind.FORM_2: "Request to become a user (attachment 2)",
    DocumentKind.MEMBERSHIP_REPORT: "Report of the names and data of users in user groups",
}


@public
@require_safe
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """Ask for the code on the paper, or show what the register holds under it; it names nobody."""
    if not (code or "code" in request.GET):
        return render(request, "reports/verify.html", {"form": forms.CodeOnPaper()})
    if _asks_too_often(request.actor.address or ""):
        response = render(request, "reports/verify_later.html", status=429)
        response["Retry-After"] = str(LOOKS_WITHIN_SECONDS)
        return response
    typed = code or request.GET.get("code", "")
    paper = look_up(typed, claimed_case=request.GET.get("n", ""), claimed_hash=request.GET.get("h", ""))
    if paper is None:
        form = forms.CodeOnPaper({"code": typed})
        form.refuse()
        return render(request, "reports/verify.html", {"form": form}, status=404)
    kind = DocumentKind(paper.kind)
    context = {"paper": paper, "kind_th": kind.label, "kind_en": _GLOSSES[kind] if get_language() == "en" else ""}
    return render(request, "reports/verified.html", context)


def _asks_too_often(address: str) -> bool:
    key = f"verify.{sha256(address.encode()).hexdigest()[:32]}"
    cache.add(key, 0, timeout=LOOKS_WITHIN_SECONDS)
    try:
        return cache.incr(key) > LOOKS_MAX
    except ValueError:
        return False  # It ran out between the two lines.
