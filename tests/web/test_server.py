"""The server and the bridge on loopback, with a small program in place of the dashboard."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar, WSMsgType

from companion.web import bridge, pages, server
from companion.web.access import Access, ServeRefused
from companion.web.server import DashboardServer

TOKEN = "a-word-of-nineteen!"  # noqa: S105 -- a test's
PACKETS = """
import json, os, sys
def put(kind, content):
    os.write(1, kind + len(content).to_bytes(4, "big") + content)
def get():
    head = os.read(0, 5)
    if len(head) < 5:
        sys.exit(0)
    return head[:1], os.read(0, int.from_bytes(head[1:], "big"))
"""
ECHO = (
    PACKETS
    + """
os.write(1, b"a line before\\n__GANGLION__\\n")
put(b"D", f"{os.environ['COLUMNS']}x{os.environ['ROWS']} {os.environ['TEXTUAL_DRIVER']}".encode())
while True:
    kind, content = get()
    put(b"D", kind + content)
    if kind == b"M" and json.loads(content)["type"] == "quit" or content == b"q":
        put(b"M", b'{"type": "exit"}')
        os.write(1, b"the summary, for a terminal\\n" * 9000)
        open(sys.argv[1], "w").close()
        sys.exit(0)
"""
)
DIES = "import sys; print('first', file=sys.stderr); sys.exit('companion: no \\x1b[31mtool')"
FLOODS = (
    PACKETS
    + """
os.write(1, b"__GANGLION__\\n")
for _ in range(600):
    put(b"D", b"x" * 65536)
open(sys.argv[1], "w").close()
"""
)


@asynccontextmanager
async def served(
    code: str, argument: Path, token: str | None = None
) -> AsyncIterator[tuple[ClientSession, str]]:
    access = Access(host="127.0.0.1", port=0, is_local=True, token=token)
    command: Sequence[str] = (sys.executable, "-c", code, str(argument))
    async with (
        DashboardServer(access, command).open() as address,
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as browser,
    ):
        yield browser, address


def origin(address: str) -> dict[str, str]:
    return {"Origin": address.rstrip("/")}


async def test_what_is_typed_goes_in_and_what_is_drawn_comes_out(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    async with served(ECHO, ended) as (browser, address):
        path = f"{address}ws?width=120&height=40"
        async with browser.ws_connect(path, headers=origin(address)) as socket:
            first = await socket.receive_bytes()
            assert first == b"120x40 textual.drivers.web_driver:WebDriver"
            for sent, back in (
                (["stdin", "ä"], "Dä".encode()),
                (
                    ["resize", {"width": 60, "height": 9999}],
                    b'M{"type": "resize", "width": 60, "height": 500}',
                ),
                (["focus"], b'M{"type": "focus"}'),
            ):
                await socket.send_json(sent)
                assert await socket.receive_bytes() == back
            await socket.send_json(["ping", "7"])
            assert await socket.receive_json() == ["pong", "7"]
            for nonsense in ("{", "[]", '["stdin"]', '["resize", {}]', "7", '["stdin", 3]'):
                await socket.send_str(nonsense)
            await socket.send_json(["stdin", "q"])
            assert await socket.receive_bytes() == b"Dq"
            assert (await socket.receive()).type in {WSMsgType.CLOSE, WSMsgType.CLOSED}
    assert ended.exists()


async def test_a_page_that_is_closed_ends_its_session(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    async with served(ECHO, ended) as (browser, address):
        async with browser.ws_connect(f"{address}ws", headers=origin(address)) as socket:
            await socket.receive_bytes()
        async with asyncio.timeout(100):
            while not ended.exists():  # noqa: ASYNC110 -- another process makes it
                await asyncio.sleep(0.01)


async def test_a_dashboard_that_does_not_begin_leaves_its_sentence(tmp_path: Path) -> None:
    async with (
        served(DIES, tmp_path) as (browser, address),
        browser.ws_connect(f"{address}ws", headers=origin(address)) as socket,
    ):
        said = await socket.receive_bytes()
        assert said == b"\x1b[2J\x1b[Hcompanion: no  [31mtool\r\n"


async def test_a_browser_that_does_not_read_never_holds_up_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge, "MOST_WAITING", 2**20)
    done = tmp_path / "done"
    async with (
        served(FLOODS, done) as (browser, address),
        browser.ws_connect(f"{address}ws", headers=origin(address), max_msg_size=2**26) as socket,
    ):
        socket._reader._protocol.pause_reading()  # a phone asleep
        async with asyncio.timeout(100):
            while not done.exists():  # noqa: ASYNC110 -- another process makes it
                await asyncio.sleep(0.02)
        socket._reader._protocol.resume_reading()


async def test_there_are_so_many_dashboards_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "MOST_DASHBOARDS", 1)
    async with (
        served(ECHO, tmp_path / "ended") as (browser, address),
        browser.ws_connect(f"{address}ws", headers=origin(address)) as one,
        browser.ws_connect(f"{address}ws", headers=origin(address)) as other,
    ):
        await one.receive_bytes()
        assert b"1 dashboards are open already" in await other.receive_bytes()


async def test_nobody_comes_in_without_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "WRONG_TOKEN_S", 0.0)
    async with served(ECHO, tmp_path / "ended", TOKEN) as (browser, address):
        for path, status in (("", 401), ("ws", 403)):
            answer = await browser.get(f"{address}{path}", headers=origin(address))
            assert answer.status == status
            assert "data-session-websocket-url" not in await answer.text()
        wrong = await browser.post(f"{address}enter", data={"token": TOKEN + "x"})
        assert wrong.status == 403
        assert "That is not the token." in await wrong.text()
        right = await browser.post(f"{address}enter", data={"token": TOKEN}, allow_redirects=False)
        assert (right.status, right.headers["Location"]) == (303, "/")
        cookie = right.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        page = await browser.get(address)
        assert "data-session-websocket-url" in await page.text()
        async with browser.ws_connect(f"{address}ws", headers=origin(address)) as socket:
            assert await socket.receive_bytes()


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Host": "evil.example"}, {}],
    ids=["another page", "another name", "no page"],
)
async def test_another_site_cannot_use_a_browser_of_ours(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    async with served(ECHO, tmp_path / "ended") as (browser, address):
        answer = await browser.get(f"{address}ws", headers=headers)
        assert answer.status == 403


async def test_every_file_of_a_page_is_ours_and_the_browser_is_told_so(tmp_path: Path) -> None:
    async with served(ECHO, tmp_path / "ended") as (browser, address):
        page = await browser.get(address)
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        socket = f"ws{address.removeprefix('http')}ws"
        assert f"connect-src 'self' {socket};" in policy
        html = await page.text()
        assert html.count("://") == 1
        for name in pages.STATIC:
            answer = await browser.get(f"{address}static/{name}")
            assert answer.status == 200
            assert len(await answer.read()) > 50
        assert (await browser.get(f"{address}static/..%2Faccess.py")).status == 404


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "fe80::1%eth0", "0.0.0.0", "::"])  # noqa: S104 -- only asked about
def test_the_address_that_is_printed_can_be_opened_elsewhere(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Probe(nullcontext["Probe"]):
        def __init__(self, family: int, _kind: int) -> None:
            super().__init__(self)
            self.family = family

        def connect(self, place: object) -> None:
            assert place in {("192.0.2.1", 9), ("2001:db8::1", 9)}

        def getsockname(self) -> tuple[str, int]:
            return ("192.168.1.5", 1) if self.family == socket.AF_INET else ("2001:db8::5", 1)

    monkeypatch.setattr(server, "Socket", Probe)
    expected = {"0.0.0.0": "192.168.1.5", "::": "2001:db8::5"}  # noqa: S104 -- as above
    assert server.reached(host) == expected.get(host, host)


async def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    async with served(ECHO, tmp_path / "ended") as (_, address):
        port = int(address.rstrip("/").rpartition(":")[2])
        access = Access(host="127.0.0.1", port=port, is_local=True)
        with pytest.raises(ServeRefused, match=f"nothing can listen at 127.0.0.1, {port}"):
            async with DashboardServer(access, ("true",)).open():
                pass


def test_words_from_outside_do_not_become_a_page() -> None:
    page = pages.token_page('<script>"&')
    assert "&lt;script&gt;&quot;&amp;" in page
    assert "<script>" not in page
