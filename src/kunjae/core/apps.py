from django.apps import AppConfig


class CoreConfig(AppConfig):
    """No tables: the Thai of this floor's sentences, the sentences themselves, and the parts of addresses."""

    name = "kunjae.core"
    verbose_name = "What every floor stands on"

    def ready(self) -> None:
        from kunjae.core import converters, refusals  # noqa: F401, PLC0415  (they declare themselves)
