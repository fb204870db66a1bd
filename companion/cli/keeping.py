"""A session kept while it runs: what the service tells, on its way into the store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from companion import __version__
from companion.ble.tool import Identity
from companion.cli.person import DEFAULT_PERSON
from companion.cli.persons import Prepared
from companion.coaching.events import Event, Notice
from companion.coaching.stroke_log import StrokeNews
from companion.errors import FileRefused
from companion.hub import Hub
from companion.service import Service
from companion.store.database import store_file
from companion.store.entries import ToolRow, channels_text
from companion.store.recorder import About, Also, Recorder
from companion.store.retention import Retired
from companion.store.salvage import mended
from companion.store.sessions import units_of
from companion.store.writer import Entry, Writer
from companion.strict_json import json_text
from protocols.errors import EncodeError
from protocols.massage_tool import Channel, ToolFeature
from protocols.telemetry import Telemetry

CLOSE_S: Final = 5.0
"""How long the end of a session waits for the disk."""

_QUEUE: Final = 4096


class Keeper:
    """What the service tells of the tool and its samples, handed to a recorder.

    Args:
        recorder: who writes it.
        service: the session that judges the samples; None where nobody does.
    """

    def __init__(self, recorder: Recorder, service: Service | None = None) -> None:
        self._recorder = recorder
        self._service = service
        self._cursor = 0

    def on_tool(
        self,
        address: str,
        name: str,
        feature: ToolFeature,
        identity: Identity,
        channels: tuple[Channel, ...] = (),
    ) -> None:
        """The tool is known."""
        written = _written(feature)
        row = ToolRow(
            identity=address,
            name=name,
            maker=identity.manufacturer,
            model=identity.model,
            firmware=identity.firmware,
            feature=written,
            channels=channels_text(channels),
        )
        used = None if self._service is None else self._service.calibration
        kept = None if used is None else json_text(used)
        self._recorder.know(row, units_of(written), kept)

    def on_telemetry(self, telemetry: Telemetry) -> None:
        """Samples came."""
        self._recorder.receive(telemetry)
        if self._service is not None:
            points, self._cursor = self._service.live.trace.since(self._cursor)
            self._recorder.feel(points)

    def on_stroke(self, news: StrokeNews) -> None:
        """A stroke was made, or is withdrawn."""
        self._recorder.stroked(news)


def _written(feature: ToolFeature) -> bytes:
    """Return a Tool Feature's bytes; none where another kind of tool has no such Feature."""
    try:
        return bytes(feature)
    except EncodeError:
        return b""


@asynccontextmanager
async def kept(
    service: Service, ready: Prepared, also: Also | None = None, *, days: int = 0
) -> AsyncIterator[None]:
    """Keep the session of a service, not yet run; where that fails it goes on and says so.

    Args:
        service: the session.
        ready: what is known beforehand.
        also: what else is written with its events; None for nothing.
        days: for how long raw telemetry of earlier sessions is kept; 0 for ever.
    """
    about = About(
        person=DEFAULT_PERSON if ready.person is None else ready.person.name,
        routine=ready.routine.name,
        routine_body=json_text(ready.routine),
        software=__version__,
    )
    before = Retired.older_than(days, datetime.now(UTC)) if days else None
    async with kept_in(store_file(), service.hub, about, also=also, before=before) as recorder:
        if recorder is not None:
            service.keep(Keeper(recorder, service))
        yield


@asynccontextmanager
async def kept_in(
    file: Path, hub: Hub, about: About, *, also: Also | None = None, before: Entry | None = None
) -> AsyncIterator[Recorder | None]:
    """Keep what a hub publishes, until it is closed at the end; None where that cannot be.

    Args:
        file: the store.
        hub: whose events.
        about: what is known beforehand.
        also: what else is written with its events; None for nothing.
        before: what is written first; None for nothing.
    """
    loop = asyncio.get_running_loop()

    def tell(reason: str | None) -> None:
        loop.call_soon_threadsafe(hub.publish, _trouble(reason))

    try:
        found = await asyncio.to_thread(mended, file, datetime.now(UTC))
        writer = Writer(file, tell)
    except FileRefused as refused:
        hub.publish(_trouble(str(refused)))
        yield None
        return
    if found is not None:
        values = {"file": str(found.aside), "sessions": found.sessions}
        hub.publish(Notice(device_s=0.0, key="store.mended", values=values))
    if before is not None:
        writer.put(before)
    recorder = Recorder(writer, about, also=also)
    events = asyncio.create_task(recorder.run(hub.subscribe("store", _QUEUE)))
    try:
        yield recorder
    finally:
        hub.close()
        await events
        await asyncio.to_thread(writer.close, CLOSE_S)


def _trouble(reason: str | None) -> Event:
    key = "store.works_again" if reason is None else "store.not_kept"
    return Notice(device_s=0.0, key=key, values={} if reason is None else {"reason": reason})
