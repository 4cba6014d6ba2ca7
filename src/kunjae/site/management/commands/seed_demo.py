"""`kunjae seed-demo`: fill an empty embedded database with the demonstration."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from kunjae.core.clock import start_of_thai_day, thai_day
from kunjae.identity.models import Subject
from kunjae.organisations.models import LocalAuthority
from kunjae.organisations.operations import import_register
from kunjae.organisations.register import demo_province
from kunjae.site.demo.cast import DEMO, PASSWORD, bind_apps
from kunjae.site.demo.story import Story

BEFORE = timedelta(days=125)
"""So long before the visitor comes was the register imported."""

BOUND_BEFORE = timedelta(minutes=10)
"""So long before were their apps bound: the code that bound one is used up."""

CAST = (
    "rawai003", "rawai014", "rawai011", "rawai001", "rawai002", "dla.orathai", "dla.siriporn", "dla.wipawee",
    "phuket.nattaphon", "karon001",
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
        """Seed all or nothing, so that a start which was interrupted begins anew."""
        now = timezone.now()
        with transaction.atomic():
            if not LocalAuthority.objects.exists():
                import_register(actor=DEMO, file=self._register(), at=start_of_thai_day(thai_day(now) - BEFORE))
            Story(now).tell()
            bind_apps(at=now - BOUND_BEFORE)

    def _register(self) -> bytes:
        if not settings.KUNJAE_REGISTER:
            return demo_province.phuket()
        try:
            return Path(settings.KUNJAE_REGISTER).read_bytes()
        except OSError as fault:
            raise CommandError(f"The register {settings.KUNJAE_REGISTER} cannot be read: {fault.strerror}.") from fault

    def _print_cast(self) -> None:
        self.stdout.write(f"\nSign in at {settings.KUNJAE_BASE_URL}/sign-in/ (every password: {PASSWORD})\n")
        self.stdout.write("  Heads and desks are asked for a code of their app besides; the page itself shows it.\n")
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
            "dla.siriporn": "กรมส่งเสริมการปกครองท้องถิ่น (ผู้อนุมัติ) · department, approves what the other verified",
            "dla.wipawee": "กรมส่งเสริมการปกครองท้องถิ่น (ผู้วินิจฉัยคำคัดค้าน) · department, resolves objections",
            "phuket.nattaphon": "สถจ.ภูเก็ต · province",
            "karon001": "ผู้อำนวยการกองคลัง ทต.กะรน · head of another authority",
        }[username]
