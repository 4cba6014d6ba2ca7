"""`kunjae seed-demo`: fill an empty embedded database with the demonstration."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from kunjae.identity.models import Subject
from kunjae.organisations.models import LocalAuthority
from kunjae.site.demo.cast import PASSWORD
from kunjae.site.demo.story import Story

CAST = (
    "rawai003", "rawai014", "rawai011", "rawai001", "rawai002", "dla.orathai", "phuket.nattaphon", "karon001",
)  # fmt: skip


class Command(BaseCommand):
    help = "Fill an empty embedded database with the demonstration, and print how to enter."

    def handle(self, **options: object) -> None:
        if settings.KUNJAE_MESSAGE_TRANSPORT != "mailbox":
            raise CommandError("The demonstration is for the embedded mode only; production refuses it.")
        if not Subject.objects.filter(username="rawai003").exists():
            self._seed()
        self._print_cast()

    def _seed(self) -> None:
        if not LocalAuthority.objects.exists():
            from_file = settings.KUNJAE_REGISTER
            file = Path(from_file) if from_file else Path(__file__).parents[3] / "organisations" / "register" / "phuket.csv"
            call_command("import_register", str(file), stdout=self.stdout)
        Story(timezone.now()).tell()

    def _print_cast(self) -> None:
        self.stdout.write(f"\nSign in at {settings.KUNJAE_BASE_URL}/sign-in/ (every password: {PASSWORD})\n")
        for username in CAST:
            subject = Subject.objects.select_related("person").get(username=username)
            self.stdout.write(f"  {username:<18} {subject.person.full_name}  {self._role(username)}")
        self.stdout.write(f"\nMail and SMS arrive at {settings.KUNJAE_BASE_URL}/demo/mailbox/")

    @staticmethod
    def _role(username: str) -> str:
        return {
            "rawai003": "หัวหน้าหน่วยงานคลัง (รักษาราชการแทน) · head of finance",
            "rawai014": "ผู้ปฏิบัติงาน · officer",
            "rawai011": "ผู้ปฏิบัติงาน · officer",
            "rawai001": "นายกเทศมนตรี · chief executive",
            "rawai002": "ปลัดเทศบาล · clerk",
            "dla.orathai": "กรมส่งเสริมการปกครองท้องถิ่น · department",
            "phuket.nattaphon": "สถจ.ภูเก็ต · province",
            "karon001": "ผู้อำนวยการกองคลัง ทต.กะรน · head of another authority",
        }[username]
