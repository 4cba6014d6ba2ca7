"""Addresses of the site's own pages."""

from django.urls import path

from kunjae.site.views import home, me

app_name = "site"
urlpatterns = [
    path("", home.home, name="home"),
    path("me/", me.me, name="me"),
]
