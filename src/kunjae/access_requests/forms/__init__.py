"""Is it well formed? What people type on the pages of form 2."""

from kunjae.access_requests.forms.deciding import Decision, RequestFilter
from kunjae.access_requests.forms.inviting import ForgottenUserId, Help, Invitation, Mobile, MobileCode
from kunjae.access_requests.forms.writing import YES, PaperForm, Part1

__all__ = [
    "YES",
    "Decision",
    "ForgottenUserId",
    "Help",
    "Invitation",
    "Mobile",
    "MobileCode",
    "PaperForm",
    "Part1",
    "RequestFilter",
]
