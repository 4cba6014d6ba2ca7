from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "kunjae.documents"
    verbose_name = "Forms, reports and scans"

    def ready(self) -> None:
        from kunjae.documents import events  # noqa: F401, PLC0415  (it declares itself)
