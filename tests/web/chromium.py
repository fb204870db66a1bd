"""A real headless Chromium, driven over its debugging socket on loopback."""

import asyncio
import base64
import contextlib
import itertools
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--mute-audio", "--no-first-run"),
    *("--disable-dev-shm-usage", "--disable-background-networking", "--disable-sync"),
    *("--disable-component-update", "--disable-default-apps", "--hide-scrollbars"),
    *("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--remote-debugging-port=0"),
)
"""No sandbox: tests run as root in a container. No name is looked up, so nothing is fetched."""


class Page:
    """One page, and everything it asked for.

    Attributes:
        asked: every address it requested, web sockets too.
        drawn: bytes of every frame its web sockets received.
        closed: set when one of them is closed.
    """

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self.asked: list[str] = []
        self.drawn = bytearray()
        self.closed = asyncio.Event()
        self.errors: list[str] = []
        self._socket = socket
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}

    async def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send a command of the protocol, and return its result."""
        number = next(self._numbers)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        async with asyncio.timeout(100):
            result: dict[str, Any] = await answer
        return result

    async def run(self, script: str) -> Any:  # noqa: ANN401 -- whatever the script gives
        """Return what a script comes to."""
        result = await self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        return result["result"].get("value")

    async def comes_to(self, script: str, value: object) -> None:
        """Wait until a script comes to a value."""
        async with asyncio.timeout(100):
            while await self.run(script) != value:  # noqa: ASYNC110 -- a browser does it
                await asyncio.sleep(0.05)

    async def press(self, key: str) -> None:
        """Press a key that types a letter."""
        for kind in ("keyDown", "keyUp"):
            text = {"text": key} if kind == "keyDown" else {}
            await self.ask("Input.dispatchKeyEvent", type=kind, key=key, **text)

    async def drawn_until(self, words: str) -> None:
        """Wait until these words have come to be drawn."""
        async with asyncio.timeout(100):
            while words.encode() not in self.drawn:  # noqa: ASYNC110 -- a browser does it
                await asyncio.sleep(0.05)

    async def picture(self) -> bytes:
        """Return a picture of the page, a PNG."""
        shot = await self.ask("Page.captureScreenshot", format="png")
        return base64.b64decode(shot["data"])

    async def listen(self) -> None:
        """Take in what the browser says, until it says no more."""
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT:
                continue
            said = message.json()
            if "id" in said:
                self._answers.pop(said["id"]).set_result(said.get("result", {}))
            else:
                self._heed(said["method"], said["params"])

    def _heed(self, method: str, values: dict[str, Any]) -> None:
        match method:
            case "Network.requestWillBeSent":
                self.asked.append(values["request"]["url"])
            case "Network.webSocketCreated":
                self.asked.append(values["url"])
            case "Network.webSocketFrameReceived":
                payload, opcode = values["response"]["payloadData"], values["response"]["opcode"]
                self.drawn += base64.b64decode(payload) if opcode == 2 else payload.encode()
            case "Network.webSocketClosed":
                self.closed.set()
            case "Log.entryAdded" if values["entry"]["level"] == "error":
                self.errors.append(values["entry"]["text"])
            case "Runtime.exceptionThrown":
                self.errors.append(str(values["exceptionDetails"].get("exception")))
            case _:
                pass


@asynccontextmanager
async def opened(folder: Path, width: int, height: int) -> AsyncIterator[Page]:
    """Open a browser with one empty page of so many pixels."""
    program = shutil.which("chromium")
    assert program is not None
    process = await asyncio.create_subprocess_exec(
        program,
        *FLAGS,
        f"--user-data-dir={folder}",
        f"--window-size={width},{height}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with ClientSession() as client:
            port = await _port(process)
            async with client.get(f"http://127.0.0.1:{port}/json/list") as answer:
                (page,) = [each for each in await answer.json() if each["type"] == "page"]
            socket = await client.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=2**26)
            made = Page(socket)
            listening = asyncio.create_task(made.listen())
            for domain in ("Network", "Page", "Log", "Runtime"):
                await made.ask(f"{domain}.enable")
            await made.ask("Emulation.setFocusEmulationEnabled", enabled=True)
            yield made
            await socket.close()
            await listening
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()


async def _port(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    async with asyncio.timeout(100):
        async for line in process.stderr:
            if line.startswith(b"DevTools listening on ws://"):
                return int(line.split(b":")[2].partition(b"/")[0])
    raise AssertionError("chromium did not start")
