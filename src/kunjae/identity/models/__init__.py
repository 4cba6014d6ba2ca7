from kunjae.identity.models.activation import Activation
from kunjae.identity.models.session import EndReason, Session, SignInAttempt
from kunjae.identity.models.subject import PasswordPolicyEdition, Subject, SubjectState

__all__ = [
    "Activation",
    "EndReason",
    "PasswordPolicyEdition",
    "Session",
    "SignInAttempt",
    "Subject",
    "SubjectState",
]
