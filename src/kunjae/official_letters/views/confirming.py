"""That the e-mail and the mobile in a letter work: the link in the mail, the code in the text message (A1-18, T-03)."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kunjae.core import phones, reasons
from kunjae.core.access import public
from kunjae.core.leading_on import see_other
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.official_letters import queries
from kunjae.official_letters.forms import confirming as forms
from kunjae.official_letters.models import ContactProof, ProofChannel
from kunjae.official_letters.operations import proving
from kunjae.official_letters.views.visiting import acting, is_too_often, unseen

TRIES_AN_HOUR = 60


@public
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: HttpRequest, secret: str) -> HttpResponse:
    """
    Show for which letter the address is to be proven; the button proves it, then the mobile's code is asked.

    A dead link says so with status 200: an address with a secret has no place in a list of failures.
    """
    now = timezone.now()
    proof = queries.proof_by_link(secret)
    if (
        proof is None
        or proof.ended_at is not None
        or (proof.proven_at is None and not proving.is_usable(proof, at=now))
    ):
        return unseen(render(request, "official_letters/confirm_ended.html", {}))
    form = forms.MobileCode(request.POST if request.method == "POST" and proof.proven_at else None)
    sentence = ""
    if request.method == "POST":
        try:
            if proof.proven_at is None:
                proving.prove_by_link(actor=acting(request, "form-1-proof"), link_secret=secret, at=now)
                return unseen(see_other(request.path))
            if form.is_valid() and not _slowed(request, form):
                proving.prove_by_code(
                    actor=acting(request, "form-1-proof"),
                    channel=ProofChannel.MOBILE,
                    code=form.cleaned_data["code"],
                    link_secret=secret,
                    at=now,
                )
                return unseen(see_other(request.path))
        except Denied as denied:
            if form.is_bound:
                say_no(form, denied, field="code")
            else:
                sentence = reasons.sentence(denied.reason, denied.facts)
    context = {"form": form, "sentence": sentence, **_facts(proof, at=now)}
    status = 422 if form.errors or sentence else 200
    return unseen(render(request, "official_letters/confirm.html", context, status=status))


def _facts(proof: ContactProof, *, at: datetime) -> dict[str, Any]:
    case = proof.case
    on_mobile = queries.proofs_of(case).get(ProofChannel.MOBILE)
    return {
        "authority": case.authority,
        "case": case,
        "email": phones.mask_email(case.email),
        "mobile": phones.mask(case.mobile) if case.mobile else "",
        "is_email_proven": proof.proven_at is not None,
        "is_mobile_proven": on_mobile is not None and on_mobile.proven_at is not None,
        "waits_for_code": proving.is_usable(on_mobile, at=at),
    }


def _slowed(request: HttpRequest, form: forms.MobileCode | forms.CodeWithoutLink) -> bool:
    if is_too_often(request, "proof", an_hour=TRIES_AN_HOUR):
        form.add_error(None, reasons.sentence("proof_too_often"))
        return True
    return False


@public
@require_http_methods(["GET", "HEAD", "POST"])
def by_code(request: HttpRequest) -> HttpResponse:
    """Take a code without the mailed link; whatever is wrong, the answer is the same."""
    form = forms.CodeWithoutLink(
        request.POST if request.method == "POST" else None, initial={"channel": ProofChannel.MOBILE}
    )
    if request.method == "POST" and form.is_valid() and not _slowed(request, form):
        try:
            proving.prove_by_code(
                actor=acting(request, "form-1-proof"),
                channel=ProofChannel(form.cleaned_data["channel"]),
                code=form.cleaned_data["code"],
                case=form.cleaned_data["case"],
                at=timezone.now(),
            )
        except Denied as denied:
            say_no(form, denied)
        else:
            return unseen(see_other(f"{reverse('official_letters:confirm_code')}?done=proven"))
    context = {"form": form, "is_done": request.GET.get("done") == "proven" and not form.is_bound}
    status = 422 if form.errors else 200
    return unseen(render(request, "official_letters/confirm_code.html", context, status=status))
