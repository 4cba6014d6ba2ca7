"""What the frame of every page shows: who is signed in, where, and what waits."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from kunjae.core.clock import thai_day
from kunjae.identity.models import IDLE_END
from kunjae.organisations.queries import foremost
from kunjae.site.navigation import navigation_for
from kunjae.site.standing import Standing, standing_of


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give `frame` and `navigation` to the templates; little of it to a visitor."""
    common = {
        "help_phone": settings.KUNJAE_HELP_PHONE,
        "is_demo": settings.KUNJAE_MESSAGE_TRANSPORT == "mailbox",
        "home_url": "/",
        "report_loss_url": reverse("access_requests:lost"),
    }
    actor = getattr(request, "actor", None)
    if actor is None or not actor.is_person:
        return {"frame": common}
    now = timezone.now()
    # A public page asks for no standing before it runs, but shows the same frame.
    standing = getattr(request, "standing", None) or standing_of(request.kunjae_session, on=thai_day(now), at=now)
    authority = getattr(request, "organisation", None) or (None if standing.posting else standing.home)
    return {
        "frame": common
        | {
            "authority_name": authority.full_name if authority else _desk_name(standing),
            "authority_place": authority.place if authority else "",
            "person_name": standing.subject.person.full_name,
            "idle_seconds": int(IDLE_END.total_seconds()),
            "stay_url": reverse("identity:stay"),
            **_office(standing, authority.pk if authority else None),
        },
        "navigation": navigation_for(request, standing, authority),
    }


def _desk_name(standing: Standing) -> str:
    if standing.posting is None:
        return ""
    province = standing.posting.province
    return f"สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัด{province.name_th}" if province else "กรมส่งเสริมการปกครองท้องถิ่น"


def _office(standing: Standing, authority_id: int | None) -> dict[str, str]:
    if standing.posting is not None and (authority_id is None or authority_id != standing.subject.authority_id):
        return {"office_title": standing.posting.position_th, "acting_label": ""}
    if authority_id is None:
        return {"office_title": "", "acting_label": ""}
    post = foremost(post for post in standing.posts if post.authority_id == authority_id)
    if post is None:
        return {"office_title": "", "acting_label": ""}
    return {
        "office_title": post.position_th,
        "acting_label": post.get_capacity_display() if post.is_acting else "",
    }
