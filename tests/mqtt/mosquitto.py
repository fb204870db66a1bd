"""A real mosquitto of a test's own: a random loopback port, stopped by its process."""

import asyncio
import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import aiomqtt

from companion.mqtt.client import SteadyClient

PROGRAM = shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")


def free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        port: int = place.getsockname()[1]
        return port


@dataclass
class Mosquitto:
    """A broker that can be started, killed and started again.

    Attributes:
        folder: for its files.
        lines: of its configuration, beside the listener.
        port: where it listens.
    """

    folder: Path
    lines: tuple[str, ...] = ("allow_anonymous true",)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        assert PROGRAM is not None
        config = self.folder / "mosquitto.conf"
        head = (f"listener {self.port} 127.0.0.1", "user root", f"log_dest file {self.log}")
        config.write_text("\n".join((*head, *self.lines)) + "\n", encoding="utf-8")
        self.process = subprocess.Popen(  # noqa: S603 - our own program and file
            [PROGRAM, "-c", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(400):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            assert self.process.poll() is None, self.said()
            time.sleep(0.025)
        raise AssertionError(self.said())

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(20)
            self.process = None

    @property
    def log(self) -> Path:
        return self.folder / "mosquitto.log"

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else "nothing"


@contextlib.contextmanager
def running(folder: Path, *lines: str) -> Iterator[Mosquitto]:
    """Run a broker for as long as the context lasts."""
    folder.mkdir(exist_ok=True)
    broker = Mosquitto(folder, lines or ("allow_anonymous true",))
    broker.start()
    try:
        yield broker
    finally:
        broker.kill()


@dataclass(frozen=True)
class Papers:
    """Certificates of a test's own authority, in files."""

    ca: Path
    cert: Path
    key: Path


def openssl(*arguments: str, folder: Path) -> None:
    program = shutil.which("openssl")
    assert program is not None
    subprocess.run([program, *arguments], cwd=folder, check=True, capture_output=True)  # noqa: S603 - as above


def authority(folder: Path, name: str = "ca") -> None:
    """Make an authority."""
    subject = ("-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")
    usage = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=keyCertSign")
    new = ("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30")
    openssl(*new, *subject, *usage, folder=folder)


def certificate(
    folder: Path, name: str, *, days: int = 30, ca: str = "ca", names: str = "IP:127.0.0.1"
) -> Papers:
    """Make a certificate that an authority signed; fewer than 0 days: expired."""
    ask = ("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}")
    openssl(*ask, "-keyout", f"{name}.key", "-out", f"{name}.csr", folder=folder)
    (folder / f"{name}.ext").write_text(f"subjectAltName={names}\n")
    sign = ("x509", "-req", "-in", f"{name}.csr", "-CA", f"{ca}.pem", "-CAkey", f"{ca}.key")
    more = ("-CAcreateserial", "-days", str(days), "-extfile", f"{name}.ext")
    openssl(*sign, *more, "-out", f"{name}.pem", folder=folder)
    return Papers(folder / f"{ca}.pem", folder / f"{name}.pem", folder / f"{name}.key")


@contextlib.asynccontextmanager
async def listening(broker: Mosquitto, *topics: str) -> AsyncIterator[list[aiomqtt.Message]]:
    """Another client, and what it hears: of these topics, or of all."""
    heard: list[aiomqtt.Message] = []
    version = aiomqtt.ProtocolVersion.V5
    async with SteadyClient("127.0.0.1", broker.port, protocol=version) as client:
        for topic in topics or ("#",):
            await client.subscribe(topic, qos=1)

        async def hear() -> None:
            async for message in client.messages:
                heard.append(message)  # noqa: PERF401 - each as it comes

        task = asyncio.create_task(hear())
        try:
            yield heard
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
    client.abandon()
