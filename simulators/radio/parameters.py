"""What the central of a link chooses, in the units of HCI."""

from dataclasses import dataclass

from bumble import hci

_SHORTEST_INTERVAL = 6
_SHORTEST_TIMEOUT = 10
_LONGEST = 0x0C80
_LARGEST_LATENCY = 0x01F3


@dataclass(frozen=True, slots=True)
class LinkParameters:
    """What the central chose, in the units of HCI (Core Vol 4 E 7.8.12).

    Attributes:
        interval: connection interval in units of 1.25 ms.
        latency: events the peripheral may skip; reported, not simulated.
        timeout: supervision timeout in units of 10 ms.
    """

    interval: int
    latency: int
    timeout: int

    @property
    def is_allowed(self) -> bool:
        """Whether a controller takes these (Core Vol 4 E 7.8.12)."""
        return (
            _SHORTEST_INTERVAL <= self.interval <= _LONGEST
            and 0 <= self.latency <= _LARGEST_LATENCY
            and _SHORTEST_TIMEOUT <= self.timeout <= _LONGEST
            and self.timeout_s > 2 * (1 + self.latency) * self.interval_s
        )

    @property
    def interval_s(self) -> float:
        """The connection interval in seconds."""
        return self.interval * 0.00125

    @property
    def timeout_s(self) -> float:
        """The supervision timeout in seconds."""
        return self.timeout * 0.01


CreateConnection = (
    hci.HCI_LE_Create_Connection_Command | hci.HCI_LE_Extended_Create_Connection_Command
)


def has_parameters(command: CreateConnection) -> bool:
    """Whether a command says anything for LE 1M, on which every connection begins."""
    return not isinstance(command, hci.HCI_LE_Extended_Create_Connection_Command) or bool(
        command.connection_interval_mins
    )


def asked_parameters(command: CreateConnection) -> LinkParameters:
    """The shortest interval the host allows, as a controller with an idle radio chooses."""
    if isinstance(command, hci.HCI_LE_Extended_Create_Connection_Command):
        return LinkParameters(
            command.connection_interval_mins[0],
            command.max_latencies[0],
            command.supervision_timeouts[0],
        )
    return LinkParameters(
        command.connection_interval_min, command.max_latency, command.supervision_timeout
    )
