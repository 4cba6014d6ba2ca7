"""ภูเก็ต and its 19 authorities, typed as public facts in the columns of the register: the demo's province."""

from importlib.resources import files

PROVINCE_CODE = "83"


def phuket() -> bytes:
    """Return the register of ภูเก็ต, to be imported like any other."""
    return (files("kunjae.organisations.register") / "phuket.csv").read_bytes()
