from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "kunjae.reports"
    verbose_name = "Lists and exports"

    def ready(self) -> None:
        from kunjae.reports import events, reasons  # noqa: F401, PLC0415  (they declare themselves)
