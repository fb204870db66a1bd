"""An installed mosquitto, run for a first try, on this computer only.

It gets a configuration that is safe for this one purpose: it listens on loopback, lets in whoever
sits at this computer, and keeps nothing.
"""

import asyncio
import os
import shutil
import socket
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from companion.errors import CompanionError

HERE: Final = "127.0.0.1"
STARTS_S: Final = 10.0
"""How long it may take until it listens."""

ENDS_S: Final = 5.0
_LOOK_S: Final = 0.05
_NAME: Final = "mosquitto"
_BESIDE: Final = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")
"""Where it is installed, and where a user's PATH does not lead."""

_MOST_WORDS: Final = 200


class BrokerFailed(CompanionError):
    """There is no broker to start, or it ended by itself."""


def installed() -> str | None:
    """Return where mosquitto is; None where it is not installed."""
    return shutil.which(_NAME, path=os.pathsep.join([os.environ.get("PATH", ""), *_BESIDE]))


def is_taken(port: int) -> bool:
    """Return whether something listens on a port of this computer."""
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex((HERE, port)) == 0


@dataclass
class Broker:
    """A broker that runs.

    Attributes:
        process: it.
        said: the last line that it complained with.
    """

    process: Process
    said: str = "-"

    async def listen(self) -> None:
        """Read what it complains of until it ends: a pipe that is full would stop it."""
        while self.process.stderr is not None and (line := await self.process.stderr.readline()):
            words = line.decode("utf-8", errors="replace").strip()
            self.said = "".join(sign if sign.isprintable() else " " for sign in words)[:_MOST_WORDS]


@asynccontextmanager
async def running(program: str, port: int) -> AsyncIterator[Broker]:
    """Have mosquitto run and listen for as long as the context lasts.

    Args:
        program: where mosquitto is.
        port: of TCP, on loopback.

    Raises:
        BrokerFailed: it does not start.
    """
    with TemporaryDirectory() as folder:
        file = _configured(Path(folder), port)
        # A group of its own: Ctrl-C is ours, and ends it in order.
        process = await asyncio.create_subprocess_exec(
            *(program, "-c", str(file)),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=PIPE,
            start_new_session=True,
        )
        try:
            broker = Broker(process)
            await _listens(broker, port)
            yield broker
        finally:
            await _ended(process)


def _configured(folder: Path, port: int) -> Path:
    """Write what it is to do into a folder, and return the file."""
    lines = (
        f"listener {port} {HERE}",
        "allow_anonymous true",
        "persistence false",
        "set_tcp_nodelay true",
        "log_dest stderr",
        "log_type error",
        "log_type warning",
    )
    file = folder / "mosquitto.conf"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


async def _listens(broker: Broker, port: int) -> None:
    loop = asyncio.get_running_loop()
    until_s = loop.time() + STARTS_S
    while not is_taken(port):
        await asyncio.sleep(_LOOK_S)
        if broker.process.returncode is not None or loop.time() > until_s:
            await _ended(broker.process)
            await broker.listen()
            raise BrokerFailed("mqtt.broker.ended", reason=broker.said)


async def _ended(process: Process) -> None:
    """End it in order, and by force where it does not."""
    for end in (process.terminate, process.kill):
        if process.returncode is None:
            with suppress(ProcessLookupError):
                end()
            with suppress(TimeoutError):
                async with asyncio.timeout(ENDS_S):
                    await process.wait()
