"""
Form 1 prepared without an account: three questions, the authority, the letter, a look at it, the print (L-10).

The browser's session holds the key of each letter begun in it, under the letter's own name, so that two windows may
write two letters. A letter is shown for half an hour after its last use, since offices share computers; what is sent
from a page that stood open longer is still taken, or it would be lost.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kunjae.core import reasons
from kunjae.core.access import public
from kunjae.core.clock import long_date
from kunjae.core.leading_on import see_other
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.documents import official_wording
from kunjae.documents.form_1 import Form1Sheet, beside_the_form, blank_form_1, render_form_1
from kunjae.documents.queries import document_by_code
from kunjae.official_letters import queries
from kunjae.official_letters.content import LetterContent, content_of, missing_from, sheet_of
from kunjae.official_letters.forms import preparing as forms
from kunjae.official_letters.models import LetterDraft
from kunjae.official_letters.operations import preparing as operations
from kunjae.official_letters.policies.preparing import place_key
from kunjae.official_letters.views.visiting import acting, is_too_often, unseen
from kunjae.organisations.models import Capacity
from kunjae.organisations.queries import authority_by_code, search_authorities

IDLE_END = timedelta(minutes=30)
FOUND_MAX = 20
SEARCHES_AN_HOUR = 300
LETTERS_IN_A_BROWSER_MAX = 10

_KEYS = "form_1_letters"

View = Callable[..., HttpResponse]


# --- Before the letter ------------------------------------------------------------------------------------------


@public
@require_safe
def before(request: HttpRequest) -> HttpResponse:
    """Ask the three questions that save most letters, and answer them; nothing is kept of it."""
    form = forms.Before(request.GET if "happened" in request.GET or "asked" in request.GET else None)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        answers = form.cleaned_data
        context["advice"] = {
            "is_danger": answers["may_be_known"] == forms.YES or answers["happened"] == forms.LOST,
            "is_barred": answers["happened"] == forms.UNUSABLE,
            "is_forgotten": answers["happened"] == forms.FORGOTTEN,
            "can_hand_over": answers["can_hand_over"] == forms.YES,
        }
        return render(request, "official_letters/before_advice.html", context)
    return render(request, "official_letters/before.html", context, status=422 if form.errors else 200)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def authority(request: HttpRequest) -> HttpResponse:
    """Find the authority, always with district and province; its button begins the letter."""
    if request.method == "POST":
        return _begin(request)
    form = forms.AuthoritySearch(request.GET if "words" in request.GET else None)
    found: list[Any] = []
    more = False
    if form.is_bound and form.is_valid():
        if is_too_often(request, "search", an_hour=SEARCHES_AN_HOUR):
            form.add_error(None, reasons.sentence("too_many_searches"))
        else:
            found = list(search_authorities(form.cleaned_data["words"])[: FOUND_MAX + 1])
            more = len(found) > FOUND_MAX
    context = {"form": form, "found": found[:FOUND_MAX], "more": more, "found_max": FOUND_MAX}
    return render(request, "official_letters/authority_choice.html", context, status=422 if form.errors else 200)


def _begin(request: HttpRequest) -> HttpResponse:
    chosen = forms.ChosenAuthority(request.POST)
    found = authority_by_code(chosen.cleaned_data["code"]) if chosen.is_valid() else None
    if found is None:
        raise Http404
    now = timezone.now()
    try:
        begun = operations.begin(
            actor=acting(request, "form-1"),
            authority=found,
            address_key=place_key(request.actor.address),
            at=now,
        )
    except Denied as denied:
        form = forms.AuthoritySearch({"words": found.name_th})
        form.is_valid()
        say_no(form, denied)
        context = {"form": form, "found": [], "more": False}
        return render(request, "official_letters/authority_choice.html", context, status=422)
    kept = dict(request.session.get(_KEYS, {}))
    kept[begun.draft.public_id] = [begun.key, now.isoformat()]
    request.session[_KEYS] = dict(list(kept.items())[-LETTERS_IN_A_BROWSER_MAX:])
    return unseen(see_other(reverse("official_letters:write", args=[begun.draft.public_id])))


@public
@require_safe
def blank(request: HttpRequest) -> HttpResponse:
    """Give an empty form 1 to be filled in by hand."""
    response = HttpResponse(blank_form_1(), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="form-1.pdf"'
    return response


# --- The letter -------------------------------------------------------------------------------------------------


def preparing(view: View) -> View:
    """Let a view be seen only by the browser that began the letter; to any other the letter is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, public_id: str) -> HttpResponse:
        now = timezone.now()
        draft = _draft_of(request, public_id, at=now)
        if draft is None:
            _forget(request, public_id)
            return unseen(render(request, "official_letters/draft_gone.html", {}, status=404))
        request.session[_KEYS] = {
            **request.session[_KEYS],
            public_id: [request.session[_KEYS][public_id][0], now.isoformat()],
        }
        return unseen(view(request, draft))

    return guarded


def _draft_of(request: HttpRequest, public_id: str, *, at: datetime) -> LetterDraft | None:
    key, seen = request.session.get(_KEYS, {}).get(public_id, ("", ""))
    if not key or (request.method != "POST" and at - datetime.fromisoformat(seen) > IDLE_END):
        return None
    return queries.draft_by_key(public_id, key, at=at)


def _forget(request: HttpRequest, public_id: str) -> None:
    kept = request.session.get(_KEYS, {})
    if public_id in kept:
        request.session[_KEYS] = {name: entry for name, entry in kept.items() if name != public_id}


def _is_new(draft: LetterDraft) -> bool:
    return draft.content_hash == ""


@public
@require_http_methods(["GET", "HEAD", "POST"])
@preparing
def write(request: HttpRequest, draft: LetterDraft) -> HttpResponse:
    """Fill in the letter, grouped as the form is."""
    known = forms.Letter.first_content(draft.authority) if _is_new(draft) else content_of(draft)
    form = forms.Letter(
        request.POST if request.method == "POST" else None,
        initial=forms.Letter.initial_of(known, version=draft.version),
    )
    if request.method == "POST" and form.is_valid():
        try:
            operations.write(
                actor=acting(request, "form-1"),
                draft_id=draft.pk,
                content=form.content(),
                version=form.cleaned_data["version"],
                at=timezone.now(),
            )
        except Denied as denied:
            if denied.reason == "draft_changed_elsewhere":
                # What was typed stays on the page; sent again, it takes the place of the other.
                form = forms.Letter({**request.POST.dict(), "version": str(draft.version)})
                form.is_valid()
            say_no(form, denied)
        else:
            return see_other(reverse("official_letters:check", args=[draft.public_id]))
    context = {"form": form, "draft": draft, "wording": official_wording}
    return render(request, "official_letters/letter_write.html", context, status=422 if form.errors else 200)


@public
@require_http_methods(["GET", "HEAD", "POST"])
@preparing
def check(request: HttpRequest, draft: LetterDraft) -> HttpResponse:
    """Show the letter as it will be printed, with the ways to change it, and register the print."""
    content = content_of(draft)
    if missing_from(content):
        return see_other(reverse("official_letters:write", args=[draft.public_id]))
    sentence = ""
    if request.method == "POST":
        try:
            operations.register_print(actor=acting(request, "form-1"), draft_id=draft.pk, at=timezone.now())
        except Denied as denied:
            sentence = reasons.sentence(denied.reason, denied.facts)
        else:
            return see_other(reverse("official_letters:ready", args=[draft.public_id]))
    sheet = sheet_of(draft.authority, content)
    context = {
        "draft": draft,
        "sentence": sentence,
        "sheet": sheet,
        "beside": beside_the_form(sheet),
        "wording": official_wording,
        "changes": _changes(draft, content, sheet),
        "shares_mobile": content.mobile == content.contact_mobile and content.contact_key != content.recipient_key,
    }
    return render(request, "official_letters/letter_check.html", context, status=422 if sentence else 200)


def _changes(draft: LetterDraft, content: LetterContent, sheet: Form1Sheet) -> list[dict[str, str]]:
    """List what the letter says by the groups of the form, each with the way to change it."""
    at = reverse("official_letters:write", args=[draft.public_id])
    rows = [
        ("reasons", _("Reasons"), _reasons(sheet)),
        ("recipient", _("Who is to receive the user id"), f"{_recipient(content)}\n{_post(content)}".strip()),
        ("order", _("Order"), _order(content) or _("none")),
        ("addresses", _("E-mail and mobile"), f"{sheet.email}\n{sheet.mobile}"),
        (
            "contact",
            _("Whom the department may ask"),
            f"{content.contact_title}{content.contact_given_name} {content.contact_family_name}\n{sheet.contact_mobile}",
        ),
        ("signer", _("Who signs"), f"{sheet.signer_name}\n{sheet.signer_position}"),
        ("office", _("Office at the foot"), sheet.office_name or _("none")),
    ]
    return [{"term": term, "value": value, "change_url": f"{at}#{group}"} for group, term, value in rows]


def _reasons(sheet: Form1Sheet) -> str:
    said = [
        official_wording.FORM_1_LOST if sheet.is_lost else "",
        f"{official_wording.FORM_1_HEAD_HAS_LEFT} ({sheet.leaving})" if sheet.head_has_left else "",
        official_wording.FORM_1_UNUSABLE if sheet.is_unusable else "",
        sheet.other_reason,
    ]
    return "\n".join(reason for reason in said if reason)


def _recipient(content: LetterContent) -> str:
    return f"{content.recipient_title}{content.recipient_given_name} {content.recipient_family_name}".strip()


def _post(content: LetterContent) -> str:
    if label := official_wording.FORM_1_POSITIONS.get(content.position_box):
        return label
    return f"{content.own_position_th} {Capacity(content.capacity).label}{content.acted_post_th}"


def _order(content: LetterContent) -> str:
    language = get_language() or "th"
    said = [
        content.order_number,
        _("dated %(day)s") % {"day": long_date(content.order_date, language)} if content.order_date else "",
        _("from %(day)s") % {"day": long_date(content.order_from_date, language)} if content.order_from_date else "",
        _("until %(day)s") % {"day": long_date(content.order_until_date, language)} if content.order_until_date else "",
    ]
    return " ".join(part for part in said if part)


@public
@require_safe
@preparing
def ready(request: HttpRequest, draft: LetterDraft) -> HttpResponse:
    """Say that the letter is ready, and what happens next."""
    if not draft.code:
        return see_other(reverse("official_letters:check", args=[draft.public_id]))
    context = {"draft": draft, "is_changed": not _is_registered(draft)}
    return render(request, "official_letters/letter_ready.html", context)


@public
@require_safe
@preparing
def pdf(request: HttpRequest, draft: LetterDraft) -> HttpResponse:
    """Give the letter as PDF; with its QR code once it was registered as it reads now."""
    shown: dict[str, str] = {}
    if _is_registered(draft):
        shown = {"verification_base": f"{settings.KUNJAE_BASE_URL}/verify", "verification_code": draft.code}
    content = render_form_1(sheet_of(draft.authority, content_of(draft), **shown))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="form-1-{draft.authority.code}.pdf"'
    return response


def _is_registered(draft: LetterDraft) -> bool:
    document = document_by_code(draft.code) if draft.code else None
    return document is not None and document.content_hash == draft.content_hash


# --- Leaving ----------------------------------------------------------------------------------------------------


@public
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget all letters in this browser: on a shared computer nobody else shall read them."""
    request.session.pop(_KEYS, None)
    response = unseen(see_other(reverse("official_letters:left")))
    response["Clear-Site-Data"] = '"cache"'
    return response


@public
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """Say that this browser has forgotten the letters."""
    return unseen(render(request, "official_letters/letter_left.html", {}))
