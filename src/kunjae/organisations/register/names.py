"""Under which words an authority is found, and in which order it stands."""

from collections.abc import Iterable
from functools import lru_cache

from kunjae.core.text import search_key, sort_key
from kunjae.organisations.models import KIND_PREFIX_TH, Kind

_MUNICIPALITIES = {Kind.CITY, Kind.TOWN, Kind.SUBDISTRICT_MUNICIPALITY}

#: How people shorten the kind; written without its dots it is found too.
ABBREVIATION_TH = {
    Kind.PROVINCIAL: "อบจ.",
    Kind.CITY: "ทน.",
    Kind.TOWN: "ทม.",
    Kind.SUBDISTRICT_MUNICIPALITY: "ทต.",
    Kind.SUBDISTRICT_ORGANISATION: "อบต.",
    Kind.PATTAYA: "",
}


#: Stands before the name in a search key, where no typed word can hold it.
NAME_BEGINS = "="


def keys_of(
    *, code: str, kind: Kind, name_th: str, district_th: str, province_th: str, formerly: Iterable[str] = ()
) -> dict[str, str]:
    """
    Build `search_key` and `sort_key` of an authority.

    The search key holds the code, the name alone (after `NAME_BEGINS`), with its kind in full and shortened,
    district, province and former names and codes, each as its own key with a space between: a typed word has no
    space, so it is found in one of them and never across two. The order is that of the names, whatever the kind.
    """
    name = search_key(name_th)
    keys = [
        f"{NAME_BEGINS}{name}",
        # Written with its zero, it holds the code without it.
        f"0{code}",
        *(prefix + name for prefix in _KIND_KEYS[kind]),
        *_place_keys(district_th, province_th),
        *(search_key(word) for word in formerly),
    ]
    return {"search_key": " ".join(dict.fromkeys(keys)), "sort_key": sort_key(name_th)}


_KIND_KEYS = {
    kind: tuple(
        search_key(prefix)
        for prefix in (
            KIND_PREFIX_TH[kind],
            "เทศบาล" if kind in _MUNICIPALITIES else "",
            ABBREVIATION_TH[kind],
        )
        if prefix
    )
    for kind in Kind
}


@lru_cache(maxsize=2000)
def _place_keys(district_th: str, province_th: str) -> tuple[str, ...]:
    """The long forms hold the bare names; the short ones hold what is typed before a dot."""
    words = (f"อำเภอ{district_th}", f"อ.{district_th}", f"จังหวัด{province_th}", f"จ.{province_th}")
    return tuple(search_key(word) for word in words)
