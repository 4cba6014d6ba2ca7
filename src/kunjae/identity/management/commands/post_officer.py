"""`kunjae post-officer`: give an officer of the department or of a province his desk and his account."""

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from kunjae.core import reasons
from kunjae.core.actor import system
from kunjae.core.phones import clean_email, clean_mobile
from kunjae.core.text import clean_line
from kunjae.core.unacceptable import Unacceptable
from kunjae.core.verdict import Denied
from kunjae.identity import operations
from kunjae.organisations.models import Desk, Province


class Command(BaseCommand):
    help = "Post an officer at the department or at a province, by an order; the activation is sent to him."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--desk", required=True, choices=[desk.value for desk in Desk])
        parser.add_argument("--province", default="", help="two digits, or the name; for --desk province")
        parser.add_argument(
            "--name", required=True, nargs=3, metavar=("TITLE", "GIVEN", "FAMILY"), help="family may be an empty text"
        )
        parser.add_argument("--position", required=True)
        parser.add_argument("--order", required=True, help="number of the order that posts the officer")
        parser.add_argument("--user-id", required=True)
        parser.add_argument("--email", required=True)
        parser.add_argument("--mobile", required=True)
        parser.add_argument("--by", required=True, help="your own name: it stands in the record")

    def handle(self, *, desk: str, province: str, name: list[str], **options: str) -> None:
        try:
            title, given_name, family_name = (_line(part, 100) for part in name)
            officer = operations.NewOfficer(
                title=title,
                given_name=given_name,
                family_name=family_name,
                position_th=_line(options["position"], 150),
                order_number=_line(options["order"], 60),
                user_id=options["user_id"],
                email=clean_email(options["email"]),
                mobile=clean_mobile(options["mobile"]),
            )
            subject = operations.post_officer(
                actor=system("post-officer"),
                officer=officer,
                desk=Desk(desk),
                province=_province(Desk(desk), province),
                posted_by=_line(options["by"], 150),
                at=timezone.now(),
            )
        except (Denied, Unacceptable) as refused:
            raise CommandError(str(reasons.sentence(refused.reason, refused.facts))) from refused
        self.stdout.write(
            f"{subject.person.full_name} has the account {subject.username}. The activation goes to the e-mail and"
            " mobile that you gave, in two parts; the worker sends them."
        )


def _line(text: str, length_max: int) -> str:
    return clean_line(text, length_max=length_max)


def _province(desk: Desk, wanted: str) -> Province | None:
    if desk == Desk.DEPARTMENT:
        if wanted:
            raise CommandError("The department's desk is of no province: leave --province away.")
        return None
    found = Province.objects.filter(code=wanted).first() or Province.objects.filter(name_th=wanted).first()
    if found is None:
        raise CommandError("Say which province with --province, by its two digits or its Thai name.")
    return found
