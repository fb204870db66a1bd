"""What can be wrong between us and a broker: one sentence each."""

from enum import StrEnum

from companion.errors import CompanionError


class BrokerFault(StrEnum):
    """Why a broker cannot be used; its sentence in the catalogue has the same name."""

    UNKNOWN_HOST = "unknown_host"
    CLOSED = "closed"
    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed_out"
    PASSWORD = "password"  # noqa: S105 -- the name of a fault
    NOT_ALLOWED = "not_allowed"
    UNTRUSTED = "untrusted"
    EXPIRED = "expired"
    OTHER_NAME = "other_name"
    NO_TLS = "no_tls"
    FILES = "files"
    VERSION = "version"
    REFUSED = "refused"
    DROPPED = "dropped"


LASTING = frozenset(
    {
        BrokerFault.PASSWORD,
        BrokerFault.NOT_ALLOWED,
        BrokerFault.UNTRUSTED,
        BrokerFault.EXPIRED,
        BrokerFault.OTHER_NAME,
        BrokerFault.NO_TLS,
        BrokerFault.FILES,
        BrokerFault.VERSION,
        BrokerFault.REFUSED,
    }
)
"""Faults that somebody has to mend: tried again slowly from the first time on."""


class BrokerError(CompanionError):
    """A broker cannot be used, or not any longer.

    Attributes:
        fault: why.
    """

    def __init__(self, fault: BrokerFault, broker: str, detail: str = "") -> None:
        super().__init__(f"mqtt.fault.{fault}", broker=broker, detail=detail)
        self.fault = fault

    @property
    def is_lasting(self) -> bool:
        """Whether it stays until somebody mends it."""
        return self.fault in LASTING


class BrokerRefused(CompanionError):
    """A broker's address, or what goes with it, that cannot be used."""

    exit_code = 2
