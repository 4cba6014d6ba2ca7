from django.apps import AppConfig


class RevocationConfig(AppConfig):
    name = "kunjae.revocation"
    verbose_name = "Taking access away"

    def ready(self) -> None:
        from kunjae.revocation import events, reasons  # noqa: F401, PLC0415  (they declare themselves)
