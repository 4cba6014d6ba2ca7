from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "kunjae.documents"
    verbose_name = "Forms, reports and scans"

    def ready(self) -> None:
        from kunjae.documents import events, reasons  # noqa: F401, PLC0415  (they declare themselves)
