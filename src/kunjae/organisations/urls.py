"""Addresses of organisations."""

from django.urls import path

from kunjae.organisations.views import authorities, contacts

app_name = "organisations"
urlpatterns = [
    path("authorities/", authorities.search, name="search"),
    path("authorities/<str:code>/", authorities.authority, name="authority"),
    path("authorities/<str:code>/addresses/", contacts.of_authority, name="contacts"),
    path("addresses/", contacts.overview, name="addresses"),
    path("addresses/provinces/<str:code>/", contacts.of_province, name="province_contacts"),
    path("addresses/<public_id:public_id>/confirmation/", contacts.confirmation, name="contact_confirmation"),
    path("addresses/<public_id:public_id>/withdrawal/", contacts.withdrawal, name="contact_withdrawal"),
]
