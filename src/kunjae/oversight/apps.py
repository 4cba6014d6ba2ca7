from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "kunjae.oversight"
    verbose_name = "The state of authorities, seen from above"

    def ready(self) -> None:
        from kunjae.oversight import events, reasons  # noqa: F401, PLC0415  (they declare themselves)
