from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "kunjae.audit"
    verbose_name = "The record"
