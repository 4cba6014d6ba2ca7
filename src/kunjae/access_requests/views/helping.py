"""
Somebody cannot get in: four troubles, each with its own way (N-01, D11, 1.9.3); the answer is alike for everybody (T-19).

What is typed is looked up by one question and handed to one job, whether there is such an account or not.
"""

from collections.abc import Callable

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe
from django_tasks.base import Task

from kunjae.access_requests import forms, tasks
from kunjae.access_requests.queries import subject_id_of
from kunjae.access_requests.views.answering import add_sentence, is_too_often, status_of
from kunjae.core.access import public
from kunjae.core.leading_on import see_other
from kunjae.identity.queries import owner_of_mailbox

ASKED_AN_HOUR = 20


@public
@require_safe
def cannot_enter(request: HttpRequest) -> HttpResponse:
    """Ask which of four troubles it is: each has its own way."""
    return render(request, "access_requests/help.html", {})


@public
@require_http_methods(["GET", "HEAD", "POST"])
def lost(request: HttpRequest) -> HttpResponse:
    """Somebody else may know the password: it is made invalid first."""
    return _asked(request, "lost", forms.Help, lambda found: subject_id_of(found["username"]), tasks.lost_by_mail)


@public
@require_http_methods(["GET", "HEAD", "POST"])
def unusable(request: HttpRequest) -> HttpResponse:
    """The password is known, and yet does not open: what to look at, then how the account stands."""
    return _asked(
        request, "unusable", forms.Help, lambda found: subject_id_of(found["username"]), tasks.diagnosis_by_mail
    )


@public
@require_http_methods(["GET", "HEAD", "POST"])
def user_id(request: HttpRequest) -> HttpResponse:
    """The user id is forgotten: it goes to the proven mailbox."""
    return _asked(
        request, "user_id", forms.ForgottenUserId, lambda found: owner_of_mailbox(found["email"]), tasks.user_id_by_mail
    )


@public
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """The password is forgotten: by oneself with a second factor, else by form 2."""
    return _asked(request, "password", forms.Help, lambda found: subject_id_of(found["username"]), tasks.reset_by_mail)


def _asked(
    request: HttpRequest, trouble: str, kind: type[Form], found_by: Callable[[dict], int], job: Task
) -> HttpResponse:
    form = kind(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if is_too_often(request, "help", an_hour=ASKED_AN_HOUR):
            add_sentence(form, "too_often")
        else:
            job.enqueue(found_by(form.cleaned_data))
            return see_other(reverse("access_requests:help_sent"))
    return render(request, f"access_requests/help_{trouble}.html", {"form": form}, status=status_of(form))


@public
@require_safe
def help_sent(request: HttpRequest) -> HttpResponse:
    """Say what happens now, alike for everybody."""
    return render(request, "access_requests/help_sent.html", {})
