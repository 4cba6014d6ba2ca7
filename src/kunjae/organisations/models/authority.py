"""Provinces, districts and the local authorities in them."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kunjae.audit.change import GuardedModel


class Kind(models.TextChoices):
    """The six kinds of local authority; never parsed from the code (domain 3.2)."""

    PROVINCIAL = "provincial", _("Provincial Administrative Organisation")
    CITY = "city", _("City Municipality")
    TOWN = "town", _("Town Municipality")
    SUBDISTRICT_MUNICIPALITY = "subdistrict_municipality", _("Subdistrict Municipality")
    SUBDISTRICT_ORGANISATION = "subdistrict_organisation", _("Subdistrict Administrative Organisation")
    PATTAYA = "pattaya", _("Pattaya City")


KIND_PREFIX_TH = {
    Kind.PROVINCIAL: "องค์การบริหารส่วนจังหวัด",
    Kind.CITY: "เทศบาลนคร",
    Kind.TOWN: "เทศบาลเมือง",
    Kind.SUBDISTRICT_MUNICIPALITY: "เทศบาลตำบล",
    Kind.SUBDISTRICT_ORGANISATION: "องค์การบริหารส่วนตำบล",
    Kind.PATTAYA: "เมือง",
}

CHIEF_EXECUTIVE_TITLE_TH = {
    Kind.PROVINCIAL: "นายกองค์การบริหารส่วนจังหวัด",
    Kind.CITY: "นายกเทศมนตรี",
    Kind.TOWN: "นายกเทศมนตรี",
    Kind.SUBDISTRICT_MUNICIPALITY: "นายกเทศมนตรี",
    Kind.SUBDISTRICT_ORGANISATION: "นายกองค์การบริหารส่วนตำบล",
    Kind.PATTAYA: "นายกเมืองพัทยา",
}

CLERK_TITLE_TH = {
    Kind.PROVINCIAL: "ปลัดองค์การบริหารส่วนจังหวัด",
    Kind.CITY: "ปลัดเทศบาล",
    Kind.TOWN: "ปลัดเทศบาล",
    Kind.SUBDISTRICT_MUNICIPALITY: "ปลัดเทศบาล",
    Kind.SUBDISTRICT_ORGANISATION: "ปลัดองค์การบริหารส่วนตำบล",
    Kind.PATTAYA: "ปลัดเมืองพัทยา",
}


def full_name_th(kind: str, name_th: str) -> str:
    """Put the kind before the name, as an authority signs: เทศบาลตำบลราไวย์."""
    return f"{KIND_PREFIX_TH[Kind(kind)]}{name_th}"


class FinanceHeadTitle(models.TextChoices):
    """One office, several titles (letter: 17 × หัวหน้าหน่วยงานคลัง, ผอ.สำนัก/กอง, หัวหน้าส่วนการคลัง)."""

    BUREAU = "bureau", "ผู้อำนวยการสำนักการคลัง"
    DIVISION = "division", "ผู้อำนวยการกองคลัง"
    SECTION = "section", "หัวหน้าส่วนการคลัง"
    UNIT = "unit", "หัวหน้าหน่วยงานคลัง"


#: What the head of finance is called where nothing else is known (domain 3.3); each authority may differ.
USUAL_FINANCE_HEAD_TITLE = {
    Kind.PROVINCIAL: FinanceHeadTitle.BUREAU,
    Kind.CITY: FinanceHeadTitle.BUREAU,
    Kind.TOWN: FinanceHeadTitle.DIVISION,
    Kind.SUBDISTRICT_MUNICIPALITY: FinanceHeadTitle.DIVISION,
    Kind.SUBDISTRICT_ORGANISATION: FinanceHeadTitle.DIVISION,
    Kind.PATTAYA: FinanceHeadTitle.BUREAU,
}


class Province(GuardedModel):
    """One of the 76 provinces with local authorities, by its code of the Department of Provincial Administration."""

    code = models.CharField(max_length=2, unique=True)
    name_th = models.CharField(max_length=60)
    sort_key = models.CharField(max_length=200)
    # Of the province's office of local administration (สถจ.)
    office_email = models.CharField(max_length=254, blank=True)
    office_phone = models.CharField(max_length=40, blank=True)

    def __str__(self) -> str:
        return self.name_th


class District(GuardedModel):
    """An amphoe: needed beside each authority's name, since 658 (kind, name) pairs repeat."""

    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="districts")
    # Read off the codes of its authorities, which disagree in places (domain 3.2): the name is what identifies it.
    code = models.CharField(max_length=4)
    name_th = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["province", "name_th"], name="district_is_named_once_in_its_province"),
        ]

    def __str__(self) -> str:
        return self.name_th


class LocalAuthority(GuardedModel):
    """An อปท.: the tenant of every right. Kind, name and code are today's; their pasts are history rows."""

    code = models.CharField(max_length=8, unique=True)
    kind = models.CharField(max_length=30, choices=Kind.choices)
    name_th = models.CharField(max_length=150)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="authorities")
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="authorities")
    finance_head_title = models.CharField(
        max_length=10, choices=FinanceHeadTitle.choices, default=FinanceHeadTitle.DIVISION
    )
    central_email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    user_id_stem = models.CharField(max_length=20, blank=True)
    # Several keys with spaces between: see `register.names`.
    search_key = models.TextField()
    sort_key = models.CharField(max_length=400)
    closed_date = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["sort_key", "id"], name="authority_by_sort_key"),
            models.Index(fields=["province", "sort_key", "id"], name="authority_in_province"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Name the authority with its kind, as it signs: เทศบาลตำบลราไวย์."""
        return full_name_th(self.kind, self.name_th)

    @property
    def place(self) -> str:
        """Say where it is: อำเภอเมืองภูเก็ต จังหวัดภูเก็ต."""
        return f"อำเภอ{self.district.name_th} จังหวัด{self.province.name_th}"

    @property
    def finance_head_title_th(self) -> str:
        """Give the title of this authority's finance head."""
        return FinanceHeadTitle(self.finance_head_title).label

    @property
    def chief_executive_title_th(self) -> str:
        """Give the title of this authority's chief executive."""
        return CHIEF_EXECUTIVE_TITLE_TH[Kind(self.kind)]

    @property
    def clerk_title_th(self) -> str:
        """Give the title of this authority's clerk."""
        return CLERK_TITLE_TH[Kind(self.kind)]


class AuthorityEdition(GuardedModel):
    """
    What an authority was called and coded, from a day until a day (renames, upgrades).

    `until_date` is the first day of the next edition. The first edition begins on the day on which the
    authority came into this register, whatever its age.
    """

    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="editions")
    code = models.CharField(max_length=8)
    kind = models.CharField(max_length=30, choices=Kind.choices)
    name_th = models.CharField(max_length=150)
    district = models.ForeignKey(District, on_delete=models.PROTECT, related_name="+")
    from_date = models.DateField()
    until_date = models.DateField(null=True)
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["authority"], condition=Q(until_date=None), name="authority_has_one_edition_today"
            ),
            models.CheckConstraint(
                name="authority_edition_ends_after_it_begins",
                condition=Q(until_date=None) | Q(until_date__gt=models.F("from_date")),
            ),
        ]
        indexes = [models.Index(fields=["code"], name="authority_edition_by_code")]

    @property
    def full_name(self) -> str:
        """Name the authority with its kind, as it was in those days."""
        return full_name_th(self.kind, self.name_th)

    @property
    def last_date(self) -> date | None:
        """Give the last day of this edition; None while it holds."""
        return self.until_date - timedelta(days=1) if self.until_date else None


class Unit(GuardedModel):
    """A division, school or centre of an authority (L-06): a tree, its head of finance stays the one."""

    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    name_th = models.CharField(max_length=150)
    sort_key = models.CharField(max_length=400)
    closed_date = models.DateField(null=True)

    class Meta:
        constraints = [
            # A closed one may give its name to a later one.
            models.UniqueConstraint(
                fields=["authority", "name_th"],
                condition=models.Q(closed_date=None),
                name="open_unit_is_named_once_in_its_authority",
            ),
        ]

    def __str__(self) -> str:
        return self.name_th
