"""The demo's mailbox. Elsewhere these addresses do not exist."""

from django.urls import URLPattern, path

from kunjae.messaging import transports, views

app_name = "messaging"
urlpatterns: list[URLPattern] = []
if transports.is_mailbox():
    urlpatterns = [
        path("demo/mailbox/", views.mailbox, name="mailbox"),
        path("demo/mailbox/<public_id:public_id>/", views.letter, name="letter"),
    ]
