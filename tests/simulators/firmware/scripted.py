"""A tool whose sensors read what a test writes down, and a bench to try its firmware on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, SupportsBytes

from protocols.massage_tool import (
    Answer,
    Channel,
    Features,
    RawTelemetry,
    ToolEvent,
    ToolFeature,
    ToolKind,
    decode_answer,
    decode_event,
)
from simulators.firmware import Firmware

G_COUNTS = 4098
"""One g at 244 micro-g per count."""


class Raw(NamedTuple):
    force: tuple[int, ...] = (0,)
    accel: tuple[int, int, int] | None = (0, 0, G_COUNTS)
    gyro: tuple[int, int, int] | None = (0, 0, 0)
    wheel: int | None = 0
    saturated: bool = False
    touching: bool = False


STILL = Raw()
ALL_PARTS = (
    Features.ACCELEROMETER
    | Features.GYROSCOPE
    | Features.WHEEL
    | Features.HAPTIC_MOTOR
    | Features.ON_TOOL_LIMIT
    | Features.RESEND_BUFFER
    | Features.OWN_TOUCH_VERDICT
)
ROLLER = ToolFeature(
    tool_kind=ToolKind.ROLLER,
    features=ALL_PARTS,
    force_channels=1,
    force_resolution_n=0.001,
    force_full_scale_n=20.0,
    acceleration_resolution_mps2=244e-6 * 9.80665,
    angular_velocity_resolution_radps=0.061 * 3.141592653589793 / 180,
    wheel_resolution_m=50e-6,
    contact_area_m2=120e-6,
    supported_mass_kg=0.05,
    press_axis=(0.0, 0.0, -1.0),
    tip_axis=(1.0, 0.0, 0.0),
    maximum_rate_hz=416,
    resend_depth=2000,
)


@dataclass(frozen=True)
class ScriptedTool:
    feature: ToolFeature = ROLLER
    name: str = "Roller"
    manufacturer: str = "Simulated"
    model: str = "R1"
    serial: str = "0001"
    firmware: str = "1.0.0"
    battery_percent: int = 80
    rates: tuple[int, ...] = ()
    address: str = "F0:12:34:56:78:9A"
    address_kind: str = "static"
    services: tuple[str, ...] = ()


@dataclass
class ScriptedBody:
    """Reads ``script`` at each sample's time in the tool's continuous microseconds."""

    script: Callable[[int], Raw] = lambda _us: STILL
    begun_us: list[int] = field(default_factory=list)
    asked_us: list[int] = field(default_factory=list)

    def begin(self, device_us: int) -> None:
        self.begun_us.append(device_us)

    def sample(self, first_us: int, interval_us: int, count: int) -> list[Raw]:
        times = [first_us + place * interval_us for place in range(count)]
        self.asked_us.extend(times)
        return [self.script(us) for us in times]


class Bench:
    """Firmware, its body, and the passing of time in true microseconds."""

    def __init__(
        self,
        feature: ToolFeature = ROLLER,
        *,
        rates: tuple[int, ...] = (),
        clock_start_us: int = 0,
        drift_ppm: float = 0.0,
        channels: Sequence[Channel] = (),
        mtu: int = 247,
    ) -> None:
        self.body = ScriptedBody()
        self.firmware = Firmware(
            replace(ScriptedTool(), feature=feature, rates=rates),
            self.body,
            clock_start_us=clock_start_us,
            drift_ppm=drift_ppm,
            channels=channels,
        )
        self.now_us = 0
        self.mtu = mtu
        self.telemetry_on = True
        self.answers: list[Answer] = []
        self.frames: list[RawTelemetry] = []
        self.values: list[bytes] = []
        self.events: list[ToolEvent] = []
        self.firmware.advance(0)
        self.firmware.connected(0)

    def read(self, reading: Raw) -> None:
        """Let the sensors read this from now on."""
        self.body.script = lambda _us: reading

    def ask(self, value: bytes | SupportsBytes) -> Answer:
        """Make a request and return its answer; let time pass where it comes later."""
        data = bytes(value)
        answer = self.firmware.request(
            data, self.now_us, mtu=self.mtu, telemetry_on=self.telemetry_on
        )
        if answer is not None:
            return decode_answer(answer)
        before = len(self.answers)
        while len(self.answers) == before:
            self.wait(0.01)
        return self.answers[-1]

    def wait(self, seconds: float) -> None:
        """Let time pass as a peripheral does: call the firmware when it wants to be called."""
        end_us = self.now_us + round(seconds * 1_000_000)
        while (due_us := self.firmware.next_us()) is not None and due_us <= end_us:
            assert due_us >= self.now_us
            self.now_us = due_us
            self.collect()
        self.now_us = end_us
        self.collect()

    def collect(self) -> None:
        outgoing = self.firmware.advance(self.now_us)
        self.answers.extend(map(decode_answer, outgoing.answers))
        self.values.extend(outgoing.frames)
        self.frames.extend(map(RawTelemetry.from_bytes, outgoing.frames))
        self.events.extend(map(decode_event, outgoing.events))

    def resent(self) -> list[RawTelemetry]:
        """Fetch everything that a resend brings."""
        frames = []
        while (frame := self.firmware.next_resent()) is not None:
            frames.append(RawTelemetry.from_bytes(frame))
        return frames

    def lose_link(self) -> None:
        self.firmware.disconnected(self.now_us)

    def reconnect(self) -> None:
        self.firmware.connected(self.now_us)
