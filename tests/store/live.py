"""A whole simulated session, kept as ``companion run`` keeps one, in virtual time."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from companion.cli.keeping import Keeper
from companion.sensing.engine import Engine
from companion.sensing.types import Stroke
from companion.store.recorder import About, Recorder
from companion.store.sessions import Kept, Sessions
from companion.strict_json import json_text
from simulators.scenario import Mishap
from simulators.virtual_time import run_virtual
from tests.end_to_end.world import routine_of, world
from tests.store.recording import AtOnce


def lived(
    store: sqlite3.Connection,
    scenario: str,
    *steps: str,
    tool: str = "small-roller",
    mishaps: Sequence[Mishap] = (),
) -> tuple[Kept, list[Stroke]]:
    """Guide a simulated hand, and keep what was said and sent.

    Returns:
        The session, and every stroke that the live engine told.
    """
    routine = routine_of(*steps)
    about = About(
        person="anna", routine=routine.name, routine_body=json_text(routine), software="0.1.0"
    )
    recorder = Recorder(AtOnce(store), about)

    async def main() -> None:
        async with world(scenario, *steps, tool=tool, mishaps=mishaps) as room:
            room.service.keep(Keeper(recorder, room.service))
            events = asyncio.create_task(recorder.run(room.service.hub.subscribe("store", 4096)))
            await room.run()
            await events

    with _strokes() as strokes:
        run_virtual(asyncio.wait_for(main(), 900.0))
    found = Sessions(store).find(recorder.uid)
    assert found is not None
    return found, strokes


@contextmanager
def _strokes() -> Any:  # noqa: ANN401 - a context manager
    """Overhear the strokes that engines tell."""
    strokes: list[Stroke] = []
    receive, finish = Engine.receive, Engine.finish

    def heard(self: Engine, telemetry: Any) -> Any:  # noqa: ANN401 - as the engine has it
        events = receive(self, telemetry)
        strokes.extend(event for event in events if isinstance(event, Stroke))
        return events

    def ended(self: Engine) -> Any:  # noqa: ANN401 - as the engine has it
        end = finish(self)
        strokes.extend(event for event in end.events if isinstance(event, Stroke))
        return end

    with patch.object(Engine, "receive", heard), patch.object(Engine, "finish", ended):
        yield strokes
