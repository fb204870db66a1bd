"""Ways for a simulated tool to break the profile."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from bumble import gatt
from bumble.att import Attribute, AttributeValue
from bumble.core import UUID

from companion.conform.runner import Choice
from protocols.massage_tool import (
    SERIAL_NUMBER,
    TOOL_FEATURE,
    Features,
    Op,
    RawTelemetry,
    Result,
)
from simulators.firmware import Firmware, Outgoing, Tool
from simulators.firmware.sensors import Channel, Measured, Sensors
from simulators.firmware.stream import Stream
from simulators.peripheral import Peripheral
from simulators.peripheral.database import Database
from tests.conform.world import QUICK, Make, scripted
from tests.simulators.firmware.scripted import ROLLER

SLOW = Choice(slow=True, parting=True)
ATTENDED = Choice(attended=True, parting=True)
Alter = Callable[[Peripheral], None]


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A tool that breaks the profile.

    Attributes:
        name: how.
        rules: those that must fail, and no other.
        make: its firmware.
        alter: what is wrong around the firmware.
        patched: what is wrong with the modules it is made of.
        tool: its sheet.
        only: the only rules tried, where the tool is of no use for others; none means all.
        choice: which rules are tried.
        bonding_s: how long it takes new bonds.
    """

    name: str
    rules: frozenset[str]
    make: Make = Firmware
    alter: Alter | None = None
    patched: Callable[[], AbstractContextManager[Any]] = nullcontext
    only: frozenset[str] = frozenset()
    tool: Tool | None = None
    choice: Choice = QUICK
    bonding_s: float | None = 30.0

    def serve(self, *arguments: Any, **more: Any) -> Peripheral:
        """Put the firmware on the air."""
        peripheral = Peripheral(*arguments, **more)
        if self.alter is not None:
            self.alter(peripheral)
        return peripheral


# What is wrong with answers.

ADVERTISING = "simulators.peripheral.advertising"

Ask = Callable[[bytes], bytes | None]
Answering = Callable[[bytes, Ask], bytes | None]


def answering(way: Answering) -> Make:
    """Firmware that treats requests in its own way; ``ask`` is the right one."""

    class Odd(Firmware):
        def request(self, value: bytes, now_us: int, **more: Any) -> bytes | None:
            def ask(request: bytes) -> bytes | None:
                return super(Odd, self).request(request, now_us, **more)

            return way(value, ask)

    return Odd


def taking(op: Op, mend: Callable[[bytes], bytes]) -> Make:
    """Firmware that mends a request where it ought to refuse it."""
    return answering(lambda value, ask: ask(mend(value) if value[:1] == bytes([op]) else value))


def with_result(op: int, result: Result) -> Make:
    """Firmware that answers an op with another result."""

    def way(value: bytes, ask: Ask) -> bytes | None:
        answer = ask(value)
        return bytes([0x80, op, result]) if answer and value[:1] == bytes([op]) else answer

    return answering(way)


def spoilt(op: int, spoil: Callable[[bytes], bytes]) -> Make:
    """Firmware whose successes of one op are spoilt."""

    def way(value: bytes, ask: Ask) -> bytes | None:
        answer = ask(value)
        is_right = answer is not None and answer[1:3] == bytes([op, Result.SUCCESS])
        return spoil(answer) if answer is not None and is_right else answer

    return answering(way)


def long_refusal(value: bytes, ask: Ask) -> bytes | None:
    return (ask(value) or b"") + b"\0" if value == b"\x6e" else ask(value)


def in_range(value: bytes) -> bytes:
    """A start with a rate that exists."""
    rate = min(max(int.from_bytes(value[1:3], "little"), 16), 416)
    return value[:1] + rate.to_bytes(2, "little") + value[3:] if len(value) == 4 else value


def ordered(value: bytes) -> bytes:
    """A limit whose stop is not below its caution."""
    if len(value) != 7:
        return value
    low, high = sorted((value[1:3], value[3:5]), key=lambda field: int.from_bytes(field, "little"))
    return value[:1] + (low + high if any(high) and any(low) else value[1:5]) + value[5:]


def weak(value: bytes) -> bytes:
    return value[:2] + bytes([min(value[2], 100)]) + value[3:] if len(value) == 5 else value


def first_channel(value: bytes) -> bytes:
    return value[:1] + b"\0" + value[2:] if len(value) > 1 else value


def some(value: bytes) -> bytes:
    return value[:5] + b"\1\0" if len(value) == 7 and not any(value[5:]) else value


def half_limit(value: bytes, ask: Ask) -> bytes | None:
    answer = ask(value)
    if value[:1] == bytes([Op.SET_LIMIT]) and answer and answer[2] == Result.INVALID_PARAMETER:
        ask(bytes([Op.SET_LIMIT, 0, 0, 0, 0, 0, 0]))
    return answer


def half_calibration(value: bytes, ask: Ask) -> bytes | None:
    answer = ask(value)
    is_refused = answer and answer[2] == Result.INVALID_PARAMETER
    if (
        value[:1] == bytes([Op.SET_CALIBRATION])
        and len(value) == 8
        and value[1] == 0
        and is_refused
    ):
        ask(value[:2] + (1_000_000).to_bytes(4, "little") + value[6:])
    return answer


def never_busy(value: bytes, ask: Ask) -> bytes | None:
    answer = ask(value)
    is_busy = answer and answer[:3] == bytes([0x80, Op.RESEND, Result.BUSY])
    return bytes([0x80, Op.RESEND, 1, *value[1:7]]) if is_busy else answer


def invents(value: bytes, ask: Ask) -> bytes | None:
    answer = ask(value)
    nothing = answer is not None and answer[1:3] == bytes([Op.RESEND, 1]) and not any(answer[7:])
    return bytes([0x80, Op.RESEND, 1, *value[1:7]]) if nothing else answer


def never_off(value: bytes, ask: Ask) -> bytes | None:
    if value == bytes([Op.SET_LIMIT, 0, 0, 0, 0, 0, 0]):
        return bytes([0x80, Op.SET_LIMIT, Result.SUCCESS])
    return ask(value)


def deaf_to_stop(value: bytes, ask: Ask) -> bytes | None:
    if value == bytes([Op.STOP]):
        return bytes([0x80, Op.STOP, Result.SUCCESS])
    return ask(value)


def delaying(change: Callable[[int], int]) -> Make:
    def mend(value: bytes) -> bytes:
        if len(value) != 7:
            return value
        return value[:5] + min(0xFFFF, change(int.from_bytes(value[5:], "little"))).to_bytes(
            2, "little"
        )

    return taking(Op.SET_LIMIT, mend)


# What is wrong with frames and events.


def sending(change: Callable[[bytes, int], Sequence[bytes]], *, resent: bool = False) -> Make:
    """Firmware that changes live frames; it gets each with its place in its run."""

    class Odd(Firmware):
        place = 0

        def request(self, value: bytes, now_us: int, **more: Any) -> bytes | None:
            if value[:1] == bytes([Op.START]):
                self.place = 0
            return super().request(value, now_us, **more)

        def advance(self, now_us: int) -> Outgoing:
            outgoing = super().advance(now_us)
            frames: list[bytes] = []
            for frame in outgoing.frames:
                frames.extend(change(frame, self.place))
                self.place += 1
            return outgoing._replace(frames=tuple(frames))

        def next_resent(self) -> bytes | None:
            frame = super().next_resent()
            return change(frame, -1)[0] if frame is not None and resent else frame

    return Odd


def framed(change: Callable[[RawTelemetry], RawTelemetry], *, at: int | None = None) -> Make:
    """Firmware that changes live frames, or only the one at a place."""

    def way(frame: bytes, place: int) -> Sequence[bytes]:
        read = RawTelemetry.from_bytes(frame, force_channels=1)
        return (bytes(change(read)) if at in {None, place} else frame,)

    return sending(way)


def resending(change: Callable[[bytes], bytes]) -> Make:
    """Firmware that changes the frames it sends again."""

    class Odd(Firmware):
        def next_resent(self) -> bytes | None:
            frame = super().next_resent()
            return None if frame is None else change(frame)

    return Odd


def other_content(frame: bytes) -> bytes:
    return frame[:-1] + bytes([frame[-1] ^ 1])


def telling(change: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]) -> Make:
    """Firmware that changes what it tells on subscription."""

    class Odd(Firmware):
        def standing_events(self, now_us: int) -> tuple[bytes, ...]:
            return change(super().standing_events(now_us))

    return Odd


def events(change: Callable[[bytes], Sequence[bytes]]) -> Make:
    """Firmware that changes the events it tells by itself."""

    class Odd(Firmware):
        def advance(self, now_us: int) -> Outgoing:
            outgoing = super().advance(now_us)
            told = [one for event in outgoing.events for one in change(event)]
            return outgoing._replace(events=tuple(told))

    return Odd


# What is wrong when the link or the power goes.


class StartsAnew(Firmware):
    """Forgets its run with the link."""

    def disconnected(self, now_us: int) -> None:
        super().disconnected(now_us)
        self._stream.stop()


class Sleeps(Firmware):
    """Does not number while the link is away."""

    def connected(self, now_us: int) -> None:
        super().connected(now_us)
        run = self._stream.run
        if run is not None and run.lost_us is not None:
            missed = (run.next_us - run.lost_us) // run.interval_us
            run.taken -= missed
            run._first_us += missed * run.interval_us


class ForgetsLimit(Firmware):
    """Forgets its limit with the link."""

    def disconnected(self, now_us: int) -> None:
        super().disconnected(now_us)
        self._watch.restart()


class ForgetsTare(Firmware):
    """Forgets its tare with the link."""

    def disconnected(self, now_us: int) -> None:
        super().disconnected(now_us)
        self._sensors.forget_tare()


class ForgetsCalibration(Firmware):
    """Forgets its calibration with the link."""

    def disconnected(self, now_us: int) -> None:
        super().disconnected(now_us)
        for channel in self._sensors.channels:
            channel.gain_ppm, channel.offset_counts = 1_000_000, 0


class LosesCalibration(Firmware):
    """Loses its calibration with the power."""

    def restart(self, now_us: int, *, clock_start_us: int) -> None:
        super().restart(now_us, clock_start_us=clock_start_us)
        for channel in self._sensors.channels:
            channel.gain_ppm, channel.offset_counts = 1_000_000, 0


class KeepsLimit(Firmware):
    """Keeps its limit over a restart."""

    def restart(self, now_us: int, *, clock_start_us: int) -> None:
        kept = self._watch._limit
        super().restart(now_us, clock_start_us=clock_start_us)
        self._watch._limit = kept


class KeepsTare(Firmware):
    """Keeps its tare over a restart."""

    def restart(self, now_us: int, *, clock_start_us: int) -> None:
        kept = [channel.tare_counts for channel in self._sensors.channels]
        super().restart(now_us, clock_start_us=clock_start_us)
        for channel, tare in zip(self._sensors.channels, kept, strict=True):
            channel.tare_counts = tare


class KeepsRun(Firmware):
    """Resumes its run after a restart."""

    def restart(self, now_us: int, *, clock_start_us: int) -> None:
        kept = self._stream.run
        super().restart(now_us, clock_start_us=clock_start_us)
        self._stream.run = kept


class BuzzesOn(Firmware):
    """Goes on buzzing without a link."""

    def disconnected(self, now_us: int) -> None:
        drop, self._motor.drop = self._motor.drop, lambda _why, _us: None  # type: ignore[method-assign]  # that is what is wrong with it
        super().disconnected(now_us)
        self._motor.drop = drop  # type: ignore[method-assign]  # as before


# What is wrong with the tare and the force.


@contextmanager
def tares_anyway(*what: str) -> Iterator[None]:
    with ExitStack() as stack:
        for name in what:
            path = f"simulators.firmware.taring.Taring.{name}"
            stack.enter_context(patch(path, lambda *_arguments: False))
        yield


class TaresWithoutEffect(Firmware):
    """Says that it tared, and did not."""

    def advance(self, now_us: int) -> Outgoing:
        outgoing = super().advance(now_us)
        self._sensors.forget_tare()
        return outgoing


class TellsNoOffsets(Firmware):
    """Succeeds to tare without telling the offsets."""

    def advance(self, now_us: int) -> Outgoing:
        outgoing = super().advance(now_us)
        answers = [one[:3] if one[1] == Op.TARE else one for one in outgoing.answers]
        return outgoing._replace(answers=tuple(answers))


def without_gain(channel: Channel, raw: int) -> float:
    return raw - channel.offset_counts


def wrapped(value: float) -> int:
    return (round(value) + 32768) % 65536 - 32768


class TaresAtOnce(Firmware):
    """Takes one reading for the half second."""

    def request(self, value: bytes, now_us: int, **more: Any) -> bytes | None:
        if value != bytes([Op.TARE]) or self._latest is None:
            return super().request(value, now_us, **more)
        reading, _ = self._latest
        for channel, raw in zip(self._sensors.channels, reading.force, strict=True):
            channel.tare_counts = round(channel.calibrated(raw))
        return bytes([0x80, Op.TARE, 1, 0, 0])


# What is wrong around the firmware.


def attribute(peripheral: Peripheral, uuid: str) -> Attribute[bytes]:
    """The value of a characteristic."""
    found = [one for one in peripheral._serving.server.attributes if one.type == UUID(uuid)]
    return found[0]


def serving(uuid: str, value: bytes) -> Alter:
    """Let everybody read a fixed value."""

    def alter(peripheral: Peripheral) -> None:
        attribute(peripheral, uuid).value = value

    return alter


def feature(change: Callable[[bytearray], None]) -> Alter:
    """Tell another Tool Feature than the firmware's, still only to whom it may be told."""

    def alter(peripheral: Peripheral) -> None:
        told = bytearray(bytes(peripheral.firmware.tool.feature))
        change(told)
        found = attribute(peripheral, TOOL_FEATURE)
        right = found.value
        assert isinstance(right, AttributeValue)

        async def read(connection: Any) -> bytes:
            await right.read(connection)
            return bytes(told)

        found.value = AttributeValue(read=read)

    return alter


def closing(uuid: str) -> Alter:
    """Ask for encryption where there must be none."""

    def alter(peripheral: Peripheral) -> None:
        closed = attribute(peripheral, SERIAL_NUMBER)
        attribute(peripheral, uuid).value = closed.value

    return alter


def properties(uuid: str, change: Callable[[int], int]) -> Alter:
    """Declare other properties."""

    def alter(peripheral: Peripheral) -> None:
        handle = attribute(peripheral, uuid).handle - 1
        declaration = peripheral._serving.server.get_attribute(handle)
        assert declaration is not None
        value = declaration.value
        assert isinstance(value, bytes)
        declaration.value = bytes([change(value[0])]) + value[1:]

    return alter


def renamed(uuid: str) -> Alter:
    """Have some other characteristic in its place."""

    def alter(peripheral: Peripheral) -> None:
        found = attribute(peripheral, uuid)
        declaration = peripheral._serving.server.get_attribute(found.handle - 1)
        assert declaration is not None
        value = declaration.value
        assert isinstance(value, bytes)
        other = gatt.GATT_SOFTWARE_REVISION_STRING_CHARACTERISTIC
        declaration.value = value[:3] + other.to_bytes()
        found.type = other

    return alter


def open_configuration(uuid: str) -> Alter:
    """Let everybody switch a characteristic on."""

    def alter(peripheral: Peripheral) -> None:
        server = peripheral._serving.server
        characteristic = attribute(peripheral, uuid)
        configuration = server.get_attribute(characteristic.handle + 1)
        assert configuration is not None
        assert isinstance(characteristic, gatt.Characteristic)
        make = peripheral._serving._database._make
        configuration.value = make._configuration(characteristic, 3, is_open=True).value

    return alter


def small_mtu(peripheral: Peripheral) -> None:
    """Take small packets only."""
    peripheral._serving.server.max_mtu = 100


def shouting(peripheral: Peripheral) -> None:
    """Advertise although a central is connected."""
    beacon = peripheral._beacon
    beacon._is_wanted = lambda: True
    on_connection = peripheral._on_connection

    def connected(connection: Any) -> None:
        on_connection(connection)
        beacon.interrupted()
        beacon.open(600.0)

    device = peripheral._device
    device.remove_listener(device.EVENT_CONNECTION, on_connection)
    peripheral._on_connection = connected  # type: ignore[method-assign]  # so that it is taken off again
    device.on(device.EVENT_CONNECTION, connected)


def patched(path: str, value: object) -> Callable[[], AbstractContextManager[Any]]:
    """Another value in a module of the simulator."""
    return lambda: patch(path, value)


def unencrypted_code() -> AbstractContextManager[Any]:
    """Answer the one error where the other belongs."""
    return patch("simulators.peripheral.security.INSUFFICIENT_AUTHENTICATION", 0x0F)


def lacking(parts: Features, **more: Any) -> Tool:
    """A tool without some parts."""
    return scripted(replace(ROLLER, features=ROLLER.features & ~parts, **more))


def clear_wheel(told: bytearray) -> None:
    told[2] &= ~Features.WHEEL
    told[14:16] = bytes(2)


def put(place: int, *values: int) -> Callable[[bytearray], None]:
    def change(told: bytearray) -> None:
        told[place : place + len(values)] = bytes(values)

    return change


def cut(told: bytearray) -> None:
    del told[-1:]


def unknown_gets(result: Result) -> Make:
    """Firmware that answers unknown op codes with another result."""

    def way(value: bytes, ask: Ask) -> bytes | None:
        answer = ask(value)
        is_unknown = answer is not None and answer[1] not in set(Op) and len(value) == 1
        return bytes([0x80, value[0], result]) if is_unknown else answer

    return answering(way)


def silent(value: bytes, ask: Ask) -> bytes | None:
    """No answer to identify, for ever."""
    return None if value == bytes([Op.IDENTIFY]) else ask(value)


def slow_clock(answer: bytes) -> bytes:
    """Milliseconds where there should be microseconds."""
    clock = int.from_bytes(answer[3:], "little") // 1000
    return answer[:3] + clock.to_bytes(4, "little")


def and_garbage(frame: bytes, place: int) -> Sequence[bytes]:
    """Beside one frame another one that is a byte too long."""
    return (frame, frame + b"\0") if place == 10 else (frame,)


def losing(frame: bytes, place: int) -> Sequence[bytes]:
    """All but one frame."""
    return () if place == 24 else (frame,)


def fewer(answer: bytes) -> bytes:
    """One sample per frame less than will come."""
    return answer[:5] + bytes([answer[5] - 1]) + answer[6:]


def collecting(value: bytes) -> bytes:
    """Ten samples per frame where the tool may choose."""
    return value[:3] + bytes([value[3] or 10]) if len(value) == 4 else value


class Unheard(Firmware):
    """Starts although nobody listens."""

    def request(self, value: bytes, now_us: int, **more: Any) -> bytes | None:
        return super().request(value, now_us, **{**more, "telemetry_on": True})


class Slow(Firmware):
    """Its clock loses eight percent."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, drift_ppm=-80_000, **more)


class FromSeven(Firmware):
    """Counts every run from seven."""

    def request(self, value: bytes, now_us: int, **more: Any) -> bytes | None:
        before = self._stream.run
        answer = super().request(value, now_us, **more)
        run = self._stream.run
        if run is not None and run is not before and answer is not None:
            run._first_us -= 7 * run.interval_us
            run.taken = 7
            return answer[:10] + (7).to_bytes(4, "little")
        return answer


class ResentFirst(Firmware):
    """Sends no live frame for a while after it was asked for others."""

    silent_until_us = 0

    def request(self, value: bytes, now_us: int, **more: Any) -> bytes | None:
        if value[:1] == bytes([Op.RESEND]):
            self.silent_until_us = now_us + 700_000
        return super().request(value, now_us, **more)

    def advance(self, now_us: int) -> Outgoing:
        outgoing = super().advance(now_us)
        is_silent = now_us < self.silent_until_us
        return outgoing._replace(frames=()) if is_silent else outgoing


def two_at_a_time() -> AbstractContextManager[Any]:
    """A link that takes a request while it owes an answer."""
    return patch("simulators.peripheral.link.Link.is_answering", property(lambda _link: False))


def always_indicating() -> AbstractContextManager[Any]:
    """A control point that does not ask whether its indications are on."""
    right = Database.is_subscribed

    def is_subscribed(database: Database, connection: Any, characteristic: Any) -> bool:
        return characteristic is database.control_point or right(
            database, connection, characteristic
        )

    return patch.object(Database, "is_subscribed", is_subscribed)


def any_rate() -> AbstractContextManager[Any]:
    """A stream that takes any other rate for its own once the link was lost."""
    right = Stream._granted_rate

    def granted(stream: Stream, asked_hz: int) -> int:
        run = stream.run
        if run is not None and run.lost_us is not None:
            run.rate_hz = right(stream, asked_hz)
        return right(stream, asked_hz)

    return patch.object(Stream, "_granted_rate", granted)


def calibrated_saturation() -> AbstractContextManager[Any]:
    """Sensors that judge saturation on what the calibration makes of it."""
    right = Sensors.measure

    def measure(sensors: Sensors, reading: Any) -> Measured:
        measured = right(sensors, reading)
        top = sensors._full_scale
        past = any(abs(force) >= top for force in measured.raw.force)
        return measured._replace(saturated=past)

    return patch.object(Sensors, "measure", measure)
