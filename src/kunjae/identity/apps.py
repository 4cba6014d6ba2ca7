from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "kunjae.identity"
    verbose_name = "Subjects, credentials, sessions"

    def ready(self) -> None:
        from kunjae.identity import events, reasons  # noqa: F401, PLC0415  (they declare themselves)
