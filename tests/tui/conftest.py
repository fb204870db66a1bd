"""What the dashboard's tests share: they wait for its messages, not for the machine."""

import asyncio

import pytest

_QUIET_ROUNDS = 3
_SOON_S = 0.02
_TIMERS = 4
"""A layout and its picture are due one after the other, among frames of the screens behind."""


@pytest.fixture(autouse=True)
def _waits_for_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Go on as soon as the loop has nothing left to do, nor anything due within 20 ms.

    The library waits until the process has used hardly any processor time for 20 ms, which is
    long on a busy machine and says nothing about the messages. Nor is every start-up of hundreds
    followed by a search of all that the other tests made.
    """
    monkeypatch.setattr("textual.pilot.wait_for_idle", _idle)
    monkeypatch.setattr("textual.app.wait_for_idle", _idle)
    monkeypatch.setattr("companion.tui.app._spare_start_up_objects", lambda: None)


async def _idle(_min_sleep: float = 0.0, _max_sleep: float = 1.0) -> None:
    loop = asyncio.get_running_loop()
    for _ in range(_TIMERS):
        await _nothing_ready(loop)
        due = _next_timer(loop)
        if due is None or due > loop.time() + _SOON_S:
            return
        await asyncio.sleep(due - loop.time())
    await _nothing_ready(loop)


async def _nothing_ready(loop: asyncio.AbstractEventLoop) -> None:
    ready, quiet = vars(loop)["_ready"], 0
    while quiet < _QUIET_ROUNDS:
        await asyncio.sleep(0)
        quiet = 0 if ready else quiet + 1


def _next_timer(loop: asyncio.AbstractEventLoop) -> float | None:
    timers = [timer.when() for timer in vars(loop)["_scheduled"] if not timer.cancelled()]
    return min(timers, default=None)
