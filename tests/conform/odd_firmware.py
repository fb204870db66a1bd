"""Firmware that breaks the profile."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from protocols.massage_tool import Op, RawTelemetry, Result
from simulators.firmware import Firmware, Outgoing
from simulators.firmware.motor import Reason
from tests.conform.world import Make

Anything = Any
"""What the simulators hand on to themselves."""
Ask = Callable[[bytes], bytes | None]


Answering = Callable[[bytes, Ask], bytes | None]


def answering(way: Answering) -> Make:
    """Firmware that treats requests in its own way; ``ask`` is the right one."""

    class Odd(Firmware):
        def request(self, value: bytes, now_us: int, **more: Anything) -> bytes | None:
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


def sending(change: Callable[[bytes, int], Sequence[bytes]], *, resent: bool = False) -> Make:
    """Firmware that changes live frames; it gets each with its place in its run."""

    class Odd(Firmware):
        place = 0

        def request(self, value: bytes, now_us: int, **more: Anything) -> bytes | None:
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
        with patch.object(self._motor, "drop"):
            super().disconnected(now_us)


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


class TaresAtOnce(Firmware):
    """Takes one reading for the half second."""

    def request(self, value: bytes, now_us: int, **more: Anything) -> bytes | None:
        if value != bytes([Op.TARE]) or self._latest is None:
            return super().request(value, now_us, **more)
        reading, _ = self._latest
        for channel, raw in zip(self._sensors.channels, reading.force, strict=True):
            channel.tare_counts = round(channel.calibrated(raw))
        return bytes([0x80, Op.TARE, 1, 0, 0])


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

    def request(self, value: bytes, now_us: int, **more: Anything) -> bytes | None:
        return super().request(value, now_us, **{**more, "telemetry_on": True})


class Slow(Firmware):
    """Its clock loses eight percent."""

    def __init__(self, *arguments: Anything, **more: Anything) -> None:
        super().__init__(*arguments, drift_ppm=-80_000, **more)


class FromSeven(Firmware):
    """Counts every run from seven."""

    def request(self, value: bytes, now_us: int, **more: Anything) -> bytes | None:
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

    def request(self, value: bytes, now_us: int, **more: Anything) -> bytes | None:
        if value[:1] == bytes([Op.RESEND]):
            self.silent_until_us = now_us + 700_000
        return super().request(value, now_us, **more)

    def advance(self, now_us: int) -> Outgoing:
        outgoing = super().advance(now_us)
        is_silent = now_us < self.silent_until_us
        return outgoing._replace(frames=()) if is_silent else outgoing


def failing(op: Op) -> Make:
    """Firmware that fails where it should succeed."""
    return spoilt(op, lambda answer: answer[:2] + bytes([Result.OPERATION_FAILED]))


def empty_is_unknown(value: bytes, ask: Ask) -> bytes | None:
    """An op code of nothing taken for an unknown one."""
    return ask(value) if value else bytes([0x80, 0, Result.OP_CODE_NOT_SUPPORTED])


def says_so(value: bytes, ask: Ask) -> bytes | None:
    """Says that it shows itself, and does not."""
    return bytes([0x80, Op.IDENTIFY, 1]) if value == bytes([Op.IDENTIFY]) else ask(value)


def fifteen(value: bytes) -> bytes:
    """More samples per frame than fit where the tool may choose."""
    return value[:3] + bytes([value[3] or 15]) if len(value) == 4 else value


def nominal(value: bytes) -> bytes:
    """A calibration without its gain."""
    is_whole = len(value) == 8 and any(value[2:6])
    return value[:2] + (1_000_000).to_bytes(4, "little") + value[6:] if is_whole else value


def pulled(read: RawTelemetry) -> RawTelemetry:
    """Presses with the wrong sign."""
    samples = tuple(one._replace(force=tuple(-each for each in one.force)) for one in read.samples)
    return replace(read, samples=samples)


def turning(read: RawTelemetry) -> RawTelemetry:
    """Turns, it says."""
    return replace(read, samples=tuple(one._replace(gyro=(0, 900, 0)) for one in read.samples))


class LimitNeedsLink(Firmware):
    """Stops to warn when the link goes."""

    def disconnected(self, now_us: int) -> None:
        super().disconnected(now_us)
        self._motor.drop(Reason.LIMIT, self._clock.read(now_us))


class HearsNoAlert(Firmware):
    """Takes alerts and does nothing."""

    def alert(self, now_us: int, level: int) -> None:
        del now_us, level
