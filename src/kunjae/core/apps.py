from django.apps import AppConfig


class CoreConfig(AppConfig):
    """No tables: the Thai of this floor's sentences, and the sentences themselves."""

    name = "kunjae.core"
    verbose_name = "What every floor stands on"

    def ready(self) -> None:
        from kunjae.core import refusals  # noqa: F401, PLC0415  (they declare themselves)
