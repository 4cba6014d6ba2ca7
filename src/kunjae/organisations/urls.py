"""Addresses of organisations."""

from django.urls import path

from kunjae.organisations import views

app_name = "organisations"
urlpatterns = [
    path("authorities/", views.search, name="search"),
    path("authorities/<str:code>/", views.authority, name="authority"),
]
