"""Run the dashboard on a scripted session: ``python -m tests.tui.run_fake`` in a terminal.

``--picture FILE WIDTHxHEIGHT STATE THEME`` paints one state instead; states: plain, caution,
stop, lost, summary, help.
"""

import asyncio
import sys
from pathlib import Path

from companion.coaching.events import AlertRaised, Command
from companion.live import LinkState
from companion.sensing.types import Doubt, Level
from companion.tui.app import CompanionApp
from docs.make_pictures import paint
from tests.tui import fake_live as fake


async def _live_through(live: fake.FakeLive, events: fake.FakeEvents) -> None:
    """Tap for some seconds, press too hard, far too hard, and begin again."""
    standing: AlertRaised | None = None
    alert = 0
    loop = asyncio.get_running_loop()
    begun, count = loop.time(), 0
    while True:
        for peak in (1.2, 1.3, 3.2, 1.1, 4.6):
            for value in fake.tapping(3.2, seed=count, peak_kpa=peak):
                count += 1
                await asyncio.sleep(max(0.0, begun + count / 100 - loop.time()))
                live.sample(value)
                level = fake.level_of(value, live.band)
                if standing is None and level in (Level.CAUTION, Level.STOP):
                    alert += 1
                    standing = fake.raised(
                        level, alert=alert, device_s=live.device_s, pressure_kpa=value
                    )
                    events.put(standing)
                elif standing and level is Level.STOP and standing.level is Level.CAUTION:
                    events.put(fake.cleared(standing, device_s=live.device_s))
                    alert += 1
                    standing = fake.raised(
                        level, alert=alert, device_s=live.device_s, pressure_kpa=value
                    )
                    events.put(standing)
                elif standing and level in (Level.NO_CONTACT, Level.ON_TARGET):
                    events.put(fake.cleared(standing, device_s=live.device_s))
                    standing = None
            live.step_elapsed_s %= 30


async def run() -> None:
    """Show the dashboard until it is left."""
    live, events = fake.pressed(fake.FakeLive(), fake.tapping(4)), fake.FakeEvents()

    def obey(command: Command) -> None:
        if command is Command.MUTE:
            live.muted = not live.muted
        if command in (Command.STOP, Command.QUIT):
            events.put(fake.finished())

    script = asyncio.create_task(_live_through(live, events))
    await CompanionApp(live, events, obey, theme="dark", note="scripted session").run_async()
    script.cancel()


async def picture(path: Path, size: tuple[int, int], state: str, theme: str) -> None:
    """Paint one state of the scripted session."""
    live, events = fake.FakeLive(), fake.FakeEvents()
    values = fake.tapping(8.0)
    peak = {"caution": 3.2, "stop": 4.5}.get(state)
    press = [] if peak is None else [peak * step / 14 for step in range(15)]
    values = [*values[:752], *press] if press else values[:740]
    fake.pressed(live, values)
    app = CompanionApp(live, events, lambda _: None, theme=theme, note="virtual radio")
    async with app.run_test(size=size) as pilot:
        if state == "caution":
            events.put(fake.raised(device_s=live.device_s - 0.06))
        if state == "stop":
            events.put(fake.raised(Level.STOP, device_s=live.device_s - 0.06, pressure_kpa=4.5))
        if state == "lost":
            live.set_link(LinkState.LOST)
            live.level = Level.UNKNOWN
            live.doubt = Doubt.SILENCE
            for _ in range(120):
                live.sample(None)
        if state == "summary":
            events.put(fake.finished())
        if state == "help":
            await pilot.press("question_mark")
        await pilot.pause(0.5)
        paint(app, path)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--picture"]:
        width, height = sys.argv[3].split("x")
        asyncio.run(picture(Path(sys.argv[2]), (int(width), int(height)), sys.argv[4], sys.argv[5]))
    else:
        asyncio.run(run())
