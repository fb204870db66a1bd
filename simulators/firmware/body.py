"""What the firmware needs from outside: a tool's data, and sensors that can be read."""

from collections.abc import Sequence
from typing import Protocol

from protocols.massage_tool import ToolFeature


class Tool(Protocol):
    """What the maker wrote into the tool."""

    @property
    def name(self) -> str:
        """The advertised name, at most 29 bytes of UTF-8."""

    @property
    def feature(self) -> ToolFeature:
        """What it declares over the air."""

    @property
    def manufacturer(self) -> str:
        """Manufacturer name."""

    @property
    def model(self) -> str:
        """Model number."""

    @property
    def serial(self) -> str:
        """Serial number."""

    @property
    def firmware(self) -> str:
        """Firmware revision."""

    @property
    def battery_percent(self) -> int:
        """Charge at switch-on, 0 to 100."""

    @property
    def rates(self) -> Sequence[int]:
        """Sample rates in Hz that the sensors really run at; empty: any."""

    @property
    def address(self) -> str:
        """Identity address, most significant byte first."""

    @property
    def address_kind(self) -> str:
        """Which address it uses: static, public, or private (resolvable, changing)."""

    @property
    def services(self) -> Sequence[str]:
        """Optional services: immediate_alert, industrial_measurement."""


class Reading(Protocol):
    """One raw reading of all sensors, in counts; -32768 is not known.

    A group is None where the tool has no such sensor.
    """

    @property
    def force(self) -> tuple[int, ...]:
        """Raw force per channel, before calibration and tare."""

    @property
    def accel(self) -> tuple[int, int, int] | None:
        """Specific force."""

    @property
    def gyro(self) -> tuple[int, int, int] | None:
        """Angular velocity."""

    @property
    def wheel(self) -> int | None:
        """Counts since the previous reading."""

    @property
    def saturated(self) -> bool:
        """Whether some force channel is at its end."""

    @property
    def touching(self) -> bool:
        """The tool's own touch sensor."""


class Body(Protocol):
    """The sensors, and whoever holds the tool.

    Times are microseconds of the tool's clock, unwrapped; they never go back.
    """

    def begin(self, device_us: int, /) -> None:
        """Start to move: called once, when a tare has succeeded and a run goes on in one link.

        A tool that has no force cannot be tared: there it is the first run that begins.
        """

    def sample(self, first_us: int, interval_us: int, count: int, /) -> Sequence[Reading]:
        """Read the sensors ``count`` times, ``interval_us`` apart."""
