"""`kunjae release-officer`: end the posting of an officer of the department or of a province, and close his account."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kunjae.core import reasons
from kunjae.core.actor import system
from kunjae.core.text import clean_line
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.identity import operations


class Command(BaseCommand):
    help = "End the posting of an officer of a desk today, and close his account for good, by an order."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user-id", required=True)
        parser.add_argument("--order", required=True, help="number of the order that ends the posting")
        parser.add_argument("--by", required=True, help="your own name: it stands in the record")

    def handle(self, *, user_id: str, order: str, by: str, **options: object) -> None:
        try:
            subject = operations.release_officer(
                actor=system("release-officer"),
                user_id=user_id,
                order_number=clean_line(order, length_max=60),
                released_by=clean_line(by, length_max=150),
                at=timezone.now(),
            )
        except (Denied, Unacceptable) as refused:
            raise CommandError(str(reasons.sentence(refused.reason, refused.facts))) from refused
        self.stdout.write(
            f"{subject.person.full_name} is posted no more, and the account {subject.username} is closed. The colleagues"
            " at the department are told."
        )
