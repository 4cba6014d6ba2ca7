"""Addresses of oversight: of a provincial office, and of the department's desk."""

from django.urls import path

from kunjae.oversight.views import nation, province

app_name = "oversight"
urlpatterns = [
    path("province/", province.overview, name="province"),
    path("province/authorities/<str:code>/", province.authority, name="authority"),
    path("province/authorities/<str:code>/reminder/", province.remind, name="remind"),
    path("department/vacancies/", nation.vacancies, name="vacancies"),
    path("department/vacancies/authorities/", nation.vacancy_list, name="vacancy_list"),
]
