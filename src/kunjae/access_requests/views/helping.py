"""Somebody cannot get in: advice first, then a link to form 2 by mail, whoever asks (N-01, T-19)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kunjae.access_requests import forms
from kunjae.access_requests.queries import subject_id_of
from kunjae.access_requests.tasks import help_by_mail
from kunjae.access_requests.views.answering import add_sentence, is_too_often, status_of
from kunjae.core.access import public
from kunjae.core.leading_on import see_other

ASKED_AN_HOUR = 20


@public
@require_http_methods(["GET", "HEAD", "POST"])
def cannot_enter(request: HttpRequest) -> HttpResponse:
    """
    Give advice, and take the user id to which help is to be mailed.

    The answer is the same whether there is such an account or not, and so is its work: one question
    to the database, one job.
    """
    form = forms.Help(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if is_too_often(request, "help", an_hour=ASKED_AN_HOUR):
            add_sentence(form, "too_often")
        else:
            help_by_mail.enqueue(subject_id_of(form.cleaned_data["username"]))
            return see_other(reverse("access_requests:help_sent"))
    return render(request, "access_requests/help.html", {"form": form}, status=status_of(form))


@public
@require_safe
def help_sent(request: HttpRequest) -> HttpResponse:
    """Say what happens now, alike for everybody."""
    return render(request, "access_requests/help_sent.html", {})
