"""Choosing a password: the rules before typing, what a refused one broke, and the new one that a sign-in asks for."""

from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from kunjae.core.access import public
from kunjae.core.actor import Actor
from kunjae.core.clock import thai_day
from kunjae.core.saying_no import say_no
from kunjae.core.verdict import Denied
from kunjae.identity import forms, operations, password_policy, queries
from kunjae.identity.models import Subject
from kunjae.identity.password_sentences import reason_sentences, rule_sentences
from kunjae.identity.places import place_of
from kunjae.identity.sign_in_stages import NewPasswordStage


def rules_shown(subject: Subject) -> dict[str, Any]:
    """
    Give the rules in force today as sentences, and two passphrases that meet them (D2, L-41).

    The passphrases are drawn anew each time, hold nothing of their reader, and are kept nowhere.
    """
    _edition, profile = queries.password_policy_on(thai_day(timezone.now()))
    has_second_factor = queries.has_second_factor(subject)
    facts = password_policy.rule_facts(profile, has_second_factor=has_second_factor)
    drawn = {
        language: password_policy.suggest_passphrase(
            profile=profile,
            context=queries.password_context(subject),
            has_second_factor=has_second_factor,
            language=language,
        )
        for language in ("th", "en")
    }
    return {
        "rules": [
            str(rule_sentences[rule]) % facts
            for rule in password_policy.rules_for(profile, has_second_factor=has_second_factor)
        ],
        "suggestions": drawn if get_language() != "en" else dict(reversed(drawn.items())),
        "follows_letter": profile.code.startswith("letter"),
    }


def say_why(form: BaseForm, refusals: tuple[str, ...], subject: Subject) -> None:
    """Name at the field every rule that a password failed; the password itself is never shown again."""
    for sentence in _sentences(refusals, subject):
        form.add_error("new_password", sentence)


def _sentences(refusals: tuple[str, ...], subject: Subject) -> list[str]:
    _edition, profile = queries.password_policy_on(thai_day(timezone.now()))
    facts = password_policy.rule_facts(profile, has_second_factor=queries.has_second_factor(subject))
    return [str(reason_sentences[key]) % facts for key in refusals]


@public
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def renew_password(request: HttpRequest) -> HttpResponse:
    """Take a new password from somebody whose right one no longer meets the rules, then go on with the sign-in."""
    stage = NewPasswordStage.entered(request)
    if stage is None or stage.login.user is None:
        return HttpResponseRedirect(reverse("identity:sign_in"), status=303)
    now, subject = timezone.now(), queries.subject_with_places(stage.login.user.pk)
    form = forms.NewPassword(request.POST if request.method == "POST" else None)
    if form.is_valid():
        place = place_of(request)
        try:
            renewed = operations.renew_password(
                actor=Actor(subject.username, subject.person_id, subject.pk, address=place.address),
                subject_id=subject.pk,
                proved=stage.proved,
                new=form.cleaned_data["new_password"],
                at=now,
            )
        except Denied as denied:
            say_no(form, denied, field="new_password" if denied.reason == "same_password" else None)
        except operations.PasswordRefused as refused:
            say_why(form, refused.reasons, subject)
        else:
            request.signed_in_at = now
            stage.note_password(renewed)
            return stage.exit()
    edition, _profile = queries.password_policy_on(thai_day(now))
    context = {
        "form": form,
        "subject": subject,
        "edition": edition,
        "is_breached": "breached_password" in stage.faults,
        "faults": _sentences(stage.faults, subject),
        **rules_shown(subject),
    }
    return render(request, "identity/renew_password.html", context, status=422 if form.errors else 200)
