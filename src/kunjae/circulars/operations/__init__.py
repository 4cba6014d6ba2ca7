"""Changes of circulars: prepared and sent by the department, read and acknowledged by who gets them."""

from kunjae.circulars.operations.following import File, export_follow_up, remind, remind_all
from kunjae.circulars.operations.preparing import correct, fill_in_reference, prepare, send
from kunjae.circulars.operations.receiving import acknowledge, open_circular

__all__ = [
    "File",
    "acknowledge",
    "correct",
    "export_follow_up",
    "fill_in_reference",
    "open_circular",
    "prepare",
    "remind",
    "remind_all",
    "send",
]
