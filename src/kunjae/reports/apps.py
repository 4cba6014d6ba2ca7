from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "kunjae.reports"
    verbose_name = "Lists and exports"
