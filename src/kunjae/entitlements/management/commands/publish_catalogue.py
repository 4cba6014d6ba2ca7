"""`kunjae publish-catalogue`: put the group catalogue that the package ships into force."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from kunjae.core.actor import system
from kunjae.entitlements import catalogue, operations


class Command(BaseCommand):
    help = "Publish the group catalogue that this version ships (a second run changes nothing)."

    def handle(self, **options: object) -> None:
        data = catalogue.read()
        version = operations.publish_catalogue(actor=system("publish-catalogue"), data=data, at=timezone.now())
        self.stdout.write(f"Group catalogue {version.number} is in force from {version.effective_date}.")
