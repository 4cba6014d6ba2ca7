from django.apps import AppConfig


class CircularsConfig(AppConfig):
    name = "kunjae.circulars"
    verbose_name = "Circulars"

    def ready(self) -> None:
        from kunjae.circulars import events, reasons  # noqa: F401, PLC0415  (they declare themselves)
