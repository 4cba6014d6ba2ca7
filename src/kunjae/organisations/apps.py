from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "kunjae.organisations"
    verbose_name = "Local authorities, persons, offices"

    def ready(self) -> None:
        from kunjae.organisations import events, reasons  # noqa: F401, PLC0415  (they declare themselves)
