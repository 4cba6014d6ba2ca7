from django.apps import AppConfig


class AccessRequestsConfig(AppConfig):
    name = "kunjae.access_requests"
    verbose_name = "Form 2"

    def ready(self) -> None:
        from kunjae.access_requests import events, reasons  # noqa: F401, PLC0415  (they declare themselves)
