from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "kunjae.messaging"
    verbose_name = "Mail and SMS"

    def ready(self) -> None:
        from kunjae.messaging import checks, events  # noqa: F401, PLC0415  (they declare themselves)
