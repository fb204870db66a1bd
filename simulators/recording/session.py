"""A session without a radio: the tool streams, is tared and worked with; a host takes it down."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from protocols.errors import EncodeError
from protocols.massage_tool import (
    Clock,
    Decoder,
    Features,
    ReadClock,
    Result,
    Start,
    Started,
    Tare,
    ToolFeature,
    decode_answer,
)
from protocols.telemetry import Telemetry, Vector
from simulators.firmware import Firmware
from simulators.hand.curves import Floats
from simulators.performance import Performance
from simulators.tool_data import ToolData

LONGEST_BURST_S: Final = 0.5
LARGEST_SHARE: Final = 0.5
_MTU: Final = 247
_BEFORE_TARE_US: Final = 500_000
_STEP_US: Final = 1_000_000
_AFTER_US: Final = 1_000_000
_TARE_US: Final = 500_000
"""Half a second (tool-profile.md, Tool Control Point)."""
_MICROSECONDS: Final = 1e6
_UNKNOWN: Final = (None, None, None)


class RecordingError(Exception):
    """A recording that cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Losses:
    """Frames that a tool drops because its radio is slow.

    Attributes:
        share: of the frames, how many are lost; at most half.
        burst_s: longest run of lost frames, at most 0.5 s; each run's length is drawn evenly from
            one frame to that. 0: frames are lost one at a time. A frame arrives after each run.

    Raises:
        ValueError: a number out of its range.
    """

    share: float = 0.0
    burst_s: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.share <= LARGEST_SHARE:
            raise ValueError(
                f"the share of lost frames is 0 to {LARGEST_SHARE:g}, not {self.share:g}"
            )
        if not 0.0 <= self.burst_s <= LONGEST_BURST_S:
            raise ValueError(f"a burst lasts 0 to {LONGEST_BURST_S:g} s, not {self.burst_s:g}")

    def kept(self, count: int, frame_s: float, random: np.random.Generator) -> NDArray[np.bool_]:
        """Draw which of ``count`` frames arrive.

        With runs of mean length L and a frame kept after each, a run that begins before a frame
        with probability s / (L (1 - s)) loses the share s.

        Args:
            count: how many frames there are.
            frame_s: the time that one covers.
            random: draws where runs begin and how long they are.
        """
        kept = np.ones(count, dtype=np.bool_)
        if not self.share:
            return kept
        most = max(1, int(self.burst_s / frame_s))
        mean = (1 + most) / 2
        begins = self.share / (mean * (1.0 - self.share))
        place = 0
        while place < count:
            if random.random() < begins:
                length = int(random.integers(1, most + 1))
                kept[place : place + length] = False
                place += length
            place += 1
        return kept


@dataclass(frozen=True, slots=True, eq=False)
class Recorded:
    """What a host took down, one row per sample that arrived; nan is not known.

    Attributes:
        t_s: the tool's clock, unwrapped, (n,).
        force_n: contact force per channel: tared by the tool, freed of gravity, (n, channels).
        accel_mps2: specific force, (n, 3); None where the tool has no accelerometer.
        gyro_radps: angular velocity, (n, 3); None where it has no gyroscope.
        travel_m: way of the wheel since the start, (n,); None where it has none.
        touching: the tool's own verdict as last heard, (n,); None where it has none.
        saturated: whether the sample's frame held a saturated one, (n,); None without force.
    """

    t_s: Floats
    force_n: Floats
    accel_mps2: Floats | None
    gyro_radps: Floats | None
    travel_m: Floats | None
    touching: Floats | None
    saturated: Floats | None


def record(
    performance: Performance,
    tool: ToolData,
    *,
    rate_hz: int,
    losses: Losses,
    random: np.random.Generator,
) -> Recorded:
    """Let a hand perform to its end and return what a host took down from the tare on.

    Raises:
        RecordingError: the tool does not stream at such a rate, or cannot be tared.
    """
    feature = ToolFeature.from_bytes(bytes(tool.feature))
    frames, tared_us = _stream(performance, tool, feature, rate_hz)
    at_rest, later = _parted(frames, tared_us)
    frame_s = later[0].interval_us * len(later[0].samples) / _MICROSECONDS
    kept = losses.kept(len(later), frame_s, random)
    heard = [frame for frame, is_kept in zip(later, kept.tolist(), strict=True) if is_kept]
    return _taken_down(heard, at_rest, feature, tool)


def _stream(
    performance: Performance, tool: ToolData, feature: ToolFeature, rate_hz: int
) -> tuple[list[Telemetry], int | None]:
    """Return all frames, and the tool's clock when its tare began; None for a tool without."""
    drift_ppm = tool.sensors.clock_drift_ppm
    firmware = Firmware(tool, performance, drift_ppm=drift_ppm, channels=tool.channels)
    firmware.connected(0)
    decoder = Decoder(feature)
    started = _begun(firmware, rate_hz)
    decoder.begin_run(started.timestamp_us, started.first_sample)
    frames, tared_us, now_us = [], None, _BEFORE_TARE_US
    frames += _heard(firmware, decoder, now_us)
    if feature.force_channels:
        clock = _values(firmware, bytes(ReadClock()), now_us)
        firmware.request(bytes(Tare()), now_us, mtu=_MTU, telemetry_on=True)
        tared_us = clock.timestamp_us if isinstance(clock, Clock) else None
        now_us += _STEP_US
        frames += _heard(firmware, decoder, now_us)
    if performance.finished_us is None:
        raise RecordingError("the tool refuses to be tared: the hand does not hold it still in air")
    while frames[-1].device_us < performance.finished_us + _AFTER_US:
        now_us += _STEP_US
        frames += _heard(firmware, decoder, now_us)
    return frames, tared_us


def _begun(firmware: Firmware, rate_hz: int) -> Started:
    try:
        started = _values(firmware, bytes(Start(rate_hz, 0)), 0)
    except EncodeError as error:
        raise RecordingError(f"no tool streams at {rate_hz} Hz: {error.reason}") from error
    if not isinstance(started, Started):
        most = firmware.tool.feature.maximum_rate_hz
        raise RecordingError(f"{firmware.tool.name} streams at up to {most} Hz, not {rate_hz} Hz")
    return started


def _values(firmware: Firmware, request: bytes, now_us: int) -> object:
    answer = firmware.request(request, now_us, mtu=_MTU, telemetry_on=True)
    decoded = decode_answer(answer or b"")
    return decoded.values if decoded.result is Result.SUCCESS else None


def _heard(firmware: Firmware, decoder: Decoder, now_us: int) -> list[Telemetry]:
    return [decoder.receive_data(frame) for frame in firmware.advance(now_us).frames]


def _parted(
    frames: Sequence[Telemetry], tared_us: int | None
) -> tuple[list[Vector], list[Telemetry]]:
    """Return the specific forces while taring, and the frames wholly after it."""
    if tared_us is None:
        return [], list(frames)
    end_us = tared_us + _TARE_US
    at_rest = [
        sample.accel_mps2 or _UNKNOWN
        for frame in frames
        for place, sample in enumerate(frame.samples)
        if tared_us < frame.device_us + place * frame.interval_us <= end_us
    ]
    return at_rest, [frame for frame in frames if frame.device_us > end_us]


def _taken_down(
    frames: Sequence[Telemetry], at_rest: Sequence[Vector], feature: ToolFeature, tool: ToolData
) -> Recorded:
    samples = list(chain.from_iterable(frame.samples for frame in frames))
    counts = np.array([len(frame.samples) for frame in frames])
    has = feature.features
    has_accel, has_gyro = Features.ACCELEROMETER in has, Features.GYROSCOPE in has
    accel = _rows([sample.accel_mps2 or _UNKNOWN for sample in samples]) if has_accel else None
    sent = _rows([sample.force_n for sample in samples])
    has_force, has_touch = feature.force_channels > 0, Features.OWN_TOUCH_VERDICT in has
    saturated = np.array([float(frame.saturated) for frame in frames])
    return Recorded(
        t_s=_times_s(frames),
        force_n=_freed(sent, accel, at_rest, _pulls(feature, tool)),
        accel_mps2=accel,
        gyro_radps=_rows([s.gyro_radps or _UNKNOWN for s in samples]) if has_gyro else None,
        travel_m=_travelled([s.travel_m for s in samples]) if Features.WHEEL in has else None,
        touching=_last_heard([bool(frame.touching) for frame in frames], counts)
        if has_touch
        else None,
        saturated=np.repeat(saturated, counts) if has_force else None,
    )


def _rows(rows: Sequence[Sequence[float | None]]) -> Floats:
    return np.array(rows, dtype=np.float64)


def _times_s(frames: Iterable[Telemetry]) -> Floats:
    parts = [
        frame.device_us + frame.interval_us * np.arange(len(frame.samples)) for frame in frames
    ]
    times: Floats = np.concatenate(parts) / _MICROSECONDS
    return times


def _pulls(feature: ToolFeature, tool: ToolData) -> Floats | None:
    """Return newtons per m/s2 that hang on each channel, (channels, 3); None where not known.

    Where the maker gives no mass per channel, each is taken to carry an even part: then at least
    the sum is right.
    """
    mass, axis = feature.supported_mass_kg, feature.press_axis
    if mass is None or axis is None:
        return None
    known = [channel.supported_mass_kg for channel in tool.channels]
    even = [mass / feature.force_channels] * feature.force_channels
    masses = [own for own in known if own is not None]
    return np.outer(masses if len(masses) == feature.force_channels else even, axis)


def _freed(
    sent_n: Floats, accel: Floats | None, at_rest: Sequence[Vector], pulls: Floats | None
) -> Floats:
    """Return contact forces: sent - m (f - f0) . p (tool-profile.md, Force).

    A reading that repeats the known one before to the last digit is taken for the same reading, so
    its gravity is that of the moment when it came: a sensor that has frozen stays frozen here too.
    """
    if accel is None or pulls is None or not sent_n.shape[1]:
        return sent_n
    known = np.flatnonzero(~np.isnan(sent_n).any(axis=1))
    is_new = np.ones(len(known), dtype=np.bool_)
    is_new[1:] = (np.diff(sent_n[known], axis=0) != 0).any(axis=1)
    came = np.arange(len(sent_n))
    came[known] = np.maximum.accumulate(np.where(is_new, known, 0))
    rest = np.nanmean(_rows(at_rest), axis=0)
    freed: Floats = sent_n - ((accel - rest) @ pulls.T)[came]
    return freed


def _travelled(steps_m: Sequence[float | None]) -> Floats:
    """Return the way so far; a step that is not known adds nothing and leaves its row unknown."""
    steps = np.array(steps_m, dtype=np.float64)
    total = np.cumsum(np.nan_to_num(steps))
    travelled: Floats = np.where(np.isnan(steps), np.nan, total)
    return travelled


def _last_heard(verdicts: Sequence[bool], counts: NDArray[np.int64]) -> Floats:
    """Return each row's verdict as last heard: a frame speaks of its last sample."""
    heard = np.array(verdicts, dtype=np.float64)
    before = np.concatenate([[0.0], heard[:-1]])
    rows: Floats = np.repeat(before, counts)
    rows[np.cumsum(counts) - 1] = heard
    return rows
