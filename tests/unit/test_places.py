"""From where somebody comes: what is kept in memory of it is bounded, however long a browser calls itself."""

import pytest
from django.test import RequestFactory

from kunjae.core import addresses
from kunjae.identity import places

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/150.0 Safari/537.36"


def place_of(*, agent: str = CHROME, address: str = "203.0.113.10") -> places.Place:
    return places.place_of(RequestFactory().get("/", HTTP_USER_AGENT=agent, REMOTE_ADDR=address))


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (CHROME, "Chrome Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox Linux"),
        ("", ""),
        ("curl/8.0", ""),
    ],
)
def test_browser_and_system_are_named_in_two_words(agent, name):
    assert place_of(agent=agent).device == name


def test_of_an_agent_without_end_nothing_but_its_beginning_is_kept():
    places.device_name.cache_clear()

    for number in range(20):
        assert place_of(agent=CHROME + "x" * 400_000 + str(number)).device == "Chrome Windows"

    assert places.device_name.cache_info().currsize == 1


@pytest.mark.parametrize("text", ["", "no address", "1" * 10_000, "203.0.113.10" + " " * 10_000])
def test_what_is_no_address_is_nothing(text):
    assert place_of(address=text).address == ""


def test_an_address_is_written_in_its_shortest_form():
    assert place_of(address=" 2001:DB8:0:0:0:0:0:1 ").address == "2001:db8::1"
    assert addresses.neighbourhood("2001:db8:1:2:3::4") == "2001:db8:1:2::/64"
    assert addresses.neighbourhood("203.0.113.10") == "203.0.113.10"


def test_an_ipv4_address_in_the_form_of_the_other_kind_is_itself_and_no_place_of_them_all():
    assert place_of(address="::ffff:203.0.113.9").address == "203.0.113.9"
    assert addresses.neighbourhood("::ffff:203.0.113.9") == "203.0.113.9"
    assert addresses.neighbourhood("::ffff:203.0.113.9") != addresses.neighbourhood("::ffff:198.51.100.7")
