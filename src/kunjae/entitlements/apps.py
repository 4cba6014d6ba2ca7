from django.apps import AppConfig


class EntitlementsConfig(AppConfig):
    name = "kunjae.entitlements"
    verbose_name = "Tenures, groups, grants"

    def ready(self) -> None:
        from kunjae.entitlements import events, factor_duty, reasons  # noqa: F401, PLC0415  (they declare themselves)
