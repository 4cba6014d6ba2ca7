from django.apps import AppConfig


class OfficialLettersConfig(AppConfig):
    name = "kunjae.official_letters"
    verbose_name = "Form 1 and the department's desk"

    def ready(self) -> None:
        from kunjae.official_letters import events, reasons  # noqa: F401, PLC0415  (they declare themselves)
