"""
The least that letting somebody in costs on this server: one row read, one hash, one row written, sessions and CSRF.

It is what a sign-in is measured against beside the bare hash: what lies between the two, no code of ours can save. It
judges nothing, keeps no record, and is served to the benchmark alone.
"""

import secrets

from django.contrib.auth.hashers import check_password
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import path

from kunjae.core.access import public

_READ = "SELECT id, password FROM identity_subject WHERE username = %s"
_WRITE = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, %s, now())"


@public
def _sign_in(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return HttpResponse(f'<input type="hidden" name="csrfmiddlewaretoken" value="{get_token(request)}">')
    key = secrets.token_hex(20)
    with connection.cursor() as cursor:
        cursor.execute(_READ, [request.POST["username"]])
        _account, encoded = cursor.fetchone()
        if not check_password(request.POST["password"], encoded):
            return HttpResponse(status=403)
        with transaction.atomic():
            cursor.execute(_WRITE, [key, "x" * 200])
    response = HttpResponseRedirect("/", status=303)
    response.set_cookie("__Host-kunjae_session", key, secure=True)
    return response


@public
def _is_in(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


urlpatterns = [path("sign-in/", _sign_in), path("me/", _is_in)]
