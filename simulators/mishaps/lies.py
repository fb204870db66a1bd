"""A firmware that lies: frames and answers that break the profile, each in one way."""

import struct
from collections.abc import Callable
from typing import Final

from simulators.firmware import Firmware
from simulators.firmware.values import Outgoing
from simulators.scenario import Lie

_COUNT: Final = 1
_INTERVAL: Final = 2
_TIMESTAMP: Final = 4
_NUMBER: Final = 8
_HEADER_BYTES: Final = 12
_LEAP_US: Final = 30_000_000
_SKIP: Final = 100_000
_U32: Final = 0xFFFFFFFF
_SUCCESS: Final = 1
_RESULT: Final = 2


def _patched(frame: bytes, offset: int, layout: str, value: int) -> bytes:
    changed = bytearray(frame)
    struct.pack_into(layout, changed, offset, value)
    return bytes(changed)


def _stamped(frame: bytes, by_us: int) -> bytes:
    (stamp,) = struct.unpack_from("<I", frame, _TIMESTAMP)
    return _patched(frame, _TIMESTAMP, "<I", (stamp + by_us) & _U32)


def _renumbered(frame: bytes) -> bytes:
    (number,) = struct.unpack_from("<I", frame, _NUMBER)
    return _patched(frame, _NUMBER, "<I", (number + _SKIP) & _U32)


_FRAMES: Final[dict[Lie, Callable[[bytes], bytes]]] = {
    Lie.SHORT_FRAME: lambda frame: frame[:-1],
    Lie.LONG_FRAME: lambda frame: frame + bytes(3),
    Lie.NO_SAMPLES: lambda frame: _patched(frame[:_HEADER_BYTES], _COUNT, "B", 0),
    Lie.WRONG_COUNT: lambda frame: _patched(frame, _COUNT, "B", min(frame[_COUNT] + 1, 255)),
    Lie.NO_INTERVAL: lambda frame: _patched(frame, _INTERVAL, "<H", 0),
}
_EVERY_OTHER: Final[dict[Lie, Callable[[bytes], bytes]]] = {
    Lie.TIME_LEAPS_AHEAD: lambda frame: _stamped(frame, _LEAP_US),
    Lie.TIME_GOES_BACK: lambda frame: _stamped(frame, -_LEAP_US),
    Lie.NUMBERS_LEAP: _renumbered,
}
_ANSWERS: Final[dict[Lie, Callable[[bytes], bytes]]] = {
    Lie.ANSWER_FOR_ANOTHER: lambda answer: answer[:1] + bytes([answer[1] + 1 & 0xFF]) + answer[2:],
    Lie.ANSWER_CUT: lambda answer: answer[:_RESULT],
    Lie.EMPTY_SUCCESS: lambda answer: answer[:3] if answer[_RESULT] == _SUCCESS else answer,
}


class LyingFirmware(Firmware):
    """A firmware that can be made to lie; until then it is the honest one.

    Attributes:
        lie: what it does wrong now; None for nothing.
    """

    lie: Lie | None = None
    _is_odd: bool = False

    def advance(self, now_us: int) -> Outgoing:
        """Let time pass as the honest firmware does, then distort what it would send."""
        honest = super().advance(now_us)
        if self.lie is None:
            return honest
        answers = tuple(self._answered(answer) for answer in honest.answers)
        frames = tuple(lied for frame in honest.frames for lied in self._framed(frame))
        return honest._replace(answers=answers, frames=frames)

    def request(
        self, value: bytes, now_us: int, *, mtu: int, telemetry_on: bool, central: str = ""
    ) -> bytes | None:
        """Carry out a request, and answer with a lie."""
        answer = super().request(value, now_us, mtu=mtu, telemetry_on=telemetry_on, central=central)
        return None if answer is None else self._answered(answer)

    def next_resent(self) -> bytes | None:
        """Return the next frame of a resend, distorted where each frame is."""
        frame = super().next_resent()
        return frame if frame is None or self.lie not in _FRAMES else _FRAMES[self.lie](frame)

    def _answered(self, answer: bytes) -> bytes:
        return _ANSWERS[self.lie](answer) if self.lie in _ANSWERS else answer

    def _framed(self, frame: bytes) -> tuple[bytes, ...]:
        if self.lie is Lie.SAME_FRAME_TWICE:
            return (frame, frame)
        if self.lie in _FRAMES:
            return (_FRAMES[self.lie](frame),)
        self._is_odd = not self._is_odd
        if self.lie in _EVERY_OTHER and self._is_odd:
            return (_EVERY_OTHER[self.lie](frame),)
        return (frame,)
