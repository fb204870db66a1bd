"""An asyncio event loop whose clock is virtual.

A five-minute routine runs in seconds and to the same instants every time: when only
timers are pending the loop moves its clock to the next one instead of sleeping. Real file
descriptors (the wake-up pipe of signals and threads, sockets) are still served: they are
polled before every jump.
"""

import asyncio
import contextlib
import math
import selectors
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any, TypeVar, TypeVarTuple

if TYPE_CHECKING:
    from _typeshed import FileDescriptorLike

T = TypeVar("T")
Ts = TypeVarTuple("Ts")
Events = list[tuple[selectors.SelectorKey, int]]


class _VirtualClock:
    """Virtual seconds since the loop was made, and what they cost in real seconds.

    Attributes:
        now: the virtual time in seconds; it moves only while the loop waits.
        outside: how many threads are at work for the loop; their work takes no virtual
            time, so the clock does not jump until they are done.
    """

    def __init__(self, speed: float) -> None:
        self.now = 0.0
        self.outside = 0
        self._speed = speed
        self._began_at = time.monotonic()

    @property
    def is_paced(self) -> bool:
        """Whether virtual time passes in proportion to real time."""
        return math.isfinite(self._speed)

    def real_seconds_until(self, instant: float) -> float:
        """How long to sleep until the virtual instant is due; 0 if it is late already."""
        return max(0.0, self._began_at + instant / self._speed - time.monotonic())

    def follow_real_time(self, *, at_most: float = math.inf) -> None:
        """Move on to where real time is, but not past the next timer."""
        due = (time.monotonic() - self._began_at) * self._speed
        self.now = max(self.now, min(due, at_most))


class _VirtualSelector(selectors.BaseSelector):
    """Polls the real selector, and moves the clock where the loop would have slept."""

    def __init__(self, clock: _VirtualClock) -> None:
        self._clock = clock
        self._real = selectors.DefaultSelector()

    def register(
        self, fileobj: "FileDescriptorLike", events: int, data: object = None
    ) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: "FileDescriptorLike") -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def modify(
        self, fileobj: "FileDescriptorLike", events: int, data: object = None
    ) -> selectors.SelectorKey:
        return self._real.modify(fileobj, events, data)

    def get_map(self) -> Mapping["FileDescriptorLike", selectors.SelectorKey]:
        return self._real.get_map()

    def close(self) -> None:
        self._real.close()

    def select(self, timeout: float | None = None) -> Events:
        """Wait for a file, or until the virtual `timeout` in seconds is over."""
        clock = self._clock
        if timeout is not None and timeout <= 0:
            return self._real.select(0)
        if clock.is_paced:
            return self._select_paced(math.inf if timeout is None else clock.now + timeout)
        if timeout is None or clock.outside:
            return self._real.select(None)
        ready = self._real.select(0)
        if not ready:
            clock.now += timeout
        return ready

    def _select_paced(self, due: float) -> Events:
        clock = self._clock
        ready = self._real.select(
            None if math.isinf(due) else clock.real_seconds_until(due),
        )
        if ready:
            clock.follow_real_time(at_most=due)
        elif math.isfinite(due):
            clock.now = due
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop with a virtual clock that starts at 0.

    Args:
        speed: virtual seconds per real second, above 0. Infinity: never sleep while a timer is
            pending. A finite speed paces the clock; a machine that cannot keep up makes
            virtual time late, it never skips any.

    Work handed to threads takes no virtual time. A socket does: with infinite speed a
    timer may run out long before the other side had a chance to answer.
    """

    def __init__(self, speed: float = math.inf) -> None:
        self._virtual = _VirtualClock(speed)
        super().__init__(_VirtualSelector(self._virtual))
        if not speed > 0:
            self.close()
            raise ValueError(f"the speed of time must be above 0, not {speed}")

    def time(self) -> float:
        """Virtual seconds since the loop was made."""
        return self._virtual.now

    @property
    def is_unpaced(self) -> bool:
        """Whether virtual time runs as fast as the machine does."""
        return not self._virtual.is_paced

    @contextlib.contextmanager
    def _work_outside(self) -> Iterator[None]:
        self._virtual.outside += 1
        try:
            yield
        finally:
            self._virtual.outside -= 1

    def run_in_executor(
        self,
        executor: Executor | None,
        func: Callable[[*Ts], T],
        *args: *Ts,
    ) -> asyncio.Future[T]:
        """Run `func` in a thread; the clock does not jump before it is done."""
        future: asyncio.Future[T] = super().run_in_executor(executor, func, *args)
        self._virtual.outside += 1
        future.add_done_callback(self._end_work_outside)
        return future

    def _end_work_outside(self, _future: asyncio.Future[Any]) -> None:
        self._virtual.outside -= 1

    async def shutdown_default_executor(self, _timeout: float | None = None) -> None:
        """Join the executor's threads; no timeout is used, virtual time stands still."""
        with self._work_outside():
            await super().shutdown_default_executor()


def run_virtual(main: Coroutine[Any, Any, T], *, speed: float = math.inf) -> T:
    """Run a coroutine to its end in virtual time, as `asyncio.run` does in real time.

    Args:
        main: what to run.
        speed: virtual seconds per real second; see `VirtualTimeLoop`.

    Returns:
        What `main` returns.
    """
    with asyncio.Runner(loop_factory=lambda: VirtualTimeLoop(speed)) as runner:
        return runner.run(main)
