"""The tool's own clock: true time with a rate error, from any start, shown in 32 bits."""

from typing import Final

_BILLION: Final = 1_000_000_000
_U32: Final = 0xFFFFFFFF


class ToolClock:
    """Maps true microseconds to the tool's and back.

    ``device_us`` goes on for as long as the tool exists; what the tool tells (``u32``) begins
    anew, anywhere, when it restarts.

    Args:
        start_us: what the tool's clock shows at switch-on.
        drift_ppm: how much too fast it runs, in parts per million.
    """

    def __init__(self, start_us: int, drift_ppm: float) -> None:
        self._start_us = start_us
        self._drift_ppb = round(drift_ppm * 1000)
        self._origin_us: int | None = None
        self._shift_us = 0

    def read(self, now_us: int) -> int:
        """Return the tool's continuous microseconds at a true time; the first call starts it."""
        if self._origin_us is None:
            self._origin_us = now_us
        elapsed = now_us - self._origin_us
        return self._start_us + elapsed + elapsed * self._drift_ppb // _BILLION

    def when(self, device_us: int) -> int:
        """Return the first true microsecond at which the clock has reached ``device_us``."""
        origin = self._origin_us or 0
        elapsed = (device_us - self._start_us) * _BILLION // (_BILLION + self._drift_ppb)
        while self.read(origin + elapsed) < device_us:
            elapsed += 1
        return origin + elapsed

    def restart(self, device_us: int, start_us: int) -> None:
        """Let the shown clock begin at ``start_us`` from now on."""
        self._shift_us = start_us - device_us

    def u32(self, device_us: int) -> int:
        """Return what the tool shows at one of its own moments: microseconds, wrapping."""
        return (device_us + self._shift_us) & _U32
