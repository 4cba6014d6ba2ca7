"""The addresses of the whole product."""

from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

from kunjae.core.access import public
from kunjae.site.views import guides, home, me

own_pages = [
    path("", home.home, name="home"),
    path("me/", me.me, name="me"),
    path("guides/", guides.index, name="guides"),
    path("guides/<slug:name>/", guides.guide, name="guide"),
]

urlpatterns = [
    path("", include((own_pages, "site"))),
    path("", include("kunjae.identity.urls")),
    path("", include("kunjae.access_requests.urls")),
    path("", include("kunjae.revocation.urls")),
    path("", include("kunjae.official_letters.urls")),
    path("", include("kunjae.circulars.urls")),
    path("", include("kunjae.oversight.urls")),
    path("", include("kunjae.reports.urls")),
    path("", include("kunjae.organisations.urls")),
    path("language/", public(set_language), name="set_language"),
]

if settings.KUNJAE_MESSAGE_TRANSPORT == "mailbox":
    urlpatterns.append(path("", include("kunjae.messaging.urls")))

handler400 = "kunjae.site.errors.bad_request"
handler403 = "kunjae.site.errors.forbidden"
handler404 = "kunjae.site.errors.not_found"
handler500 = "kunjae.site.errors.server_error"
