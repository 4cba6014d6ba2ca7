"""`kunjae restore-officer`: give an officer of the department or of a province, who cannot get in, a new activation."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kunjae.core import reasons
from kunjae.core.actor import system
from kunjae.core.phones import clean_email, clean_mobile
from kunjae.core.text import clean_line
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.identity import operations


class Command(BaseCommand):
    help = "End every way in of an officer of a desk, and send him a new activation, by an order."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user-id", required=True)
        parser.add_argument("--order", required=True, help="number of the order or memorandum behind it")
        parser.add_argument("--email", default="", help="a new mailbox; without it the one on record")
        parser.add_argument("--mobile", default="", help="a new mobile; without it the one on record")
        parser.add_argument("--by", required=True, help="your own name: it stands in the record")

    def handle(self, *, user_id: str, order: str, email: str, mobile: str, by: str, **options: object) -> None:
        try:
            subject = operations.restore_officer(
                actor=system("restore-officer"),
                user_id=user_id,
                order_number=clean_line(order, length_max=60),
                restored_by=clean_line(by, length_max=150),
                email=clean_email(email) if email else "",
                mobile=clean_mobile(mobile) if mobile else "",
                at=timezone.now(),
            )
        except (Denied, Unacceptable) as refused:
            raise CommandError(str(reasons.sentence(refused.reason, refused.facts))) from refused
        self.stdout.write(
            f"Nothing that opened the account {subject.username} of {subject.person.full_name} opens it any more. A new"
            " activation goes out in two parts; the worker sends them. The colleagues at the department are told."
        )
