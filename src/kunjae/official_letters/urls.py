"""Addresses of official_letters."""

from django.urls import URLPattern

app_name = "official_letters"
urlpatterns: list[URLPattern] = []
