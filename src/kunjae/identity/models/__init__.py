from kunjae.identity.models.activation import Activation
from kunjae.identity.models.factor import FactorEnd, FactorKind, FactorSource, RecoveryCode, SecondFactor
from kunjae.identity.models.factor_day import SecondFactorDay
from kunjae.identity.models.honeytoken import Honeytoken
from kunjae.identity.models.known_device import KnownDevice
from kunjae.identity.models.password_clock import PasswordClockAnswer
from kunjae.identity.models.password_policy import BreachedList, PasswordPolicyProposal
from kunjae.identity.models.reset import PasswordReset
from kunjae.identity.models.session import ABSOLUTE_END, IDLE_END, EndReason, Session, SignInAttempt
from kunjae.identity.models.subject import PasswordPolicyEdition, Subject, SubjectState
from kunjae.identity.models.undertaking import Undertaking

__all__ = [
    "ABSOLUTE_END",
    "IDLE_END",
    "Activation",
    "BreachedList",
    "EndReason",
    "FactorEnd",
    "FactorKind",
    "FactorSource",
    "Honeytoken",
    "KnownDevice",
    "PasswordClockAnswer",
    "PasswordPolicyEdition",
    "PasswordPolicyProposal",
    "PasswordReset",
    "RecoveryCode",
    "SecondFactor",
    "SecondFactorDay",
    "Session",
    "SignInAttempt",
    "Subject",
    "SubjectState",
    "Undertaking",
]
