"""The server: pages, one web socket per dashboard, and nothing for who may not come in."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from ipaddress import ip_address
from socket import AF_INET, AF_INET6, SOCK_DGRAM
from socket import socket as Socket  # noqa: N812 -- a web socket is a socket here
from typing import Final

from aiohttp import WSMessage, WSMsgType, web

from companion.texts import text
from companion.web import pages
from companion.web.access import Access, ServeRefused, Visits
from companion.web.bridge import Dashboard

log = logging.getLogger(__name__)

MOST_DASHBOARDS: Final = 4
"""Browsers at a time; each has a process of its own."""

WRONG_TOKEN_S: Final = 1.0
"""How long a wrong token takes: guessing at all of them takes for ever."""

HEARTBEAT_S: Final = 15.0
"""A browser that does not answer for so long is gone; its session ends and is kept."""

_IPV6: Final = 6
_DISCARD: Final = 9
_COOKIE: Final = "massage_companion"
_MOST_MESSAGE: Final = 2**16
_MOST_CELLS: Final = 500
_FONT_PX: Final = (8, 48)
_Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class DashboardServer:
    """Serves the dashboard.

    Args:
        access: who may come in, and where.
        command: the program that shows a dashboard, and its arguments.
    """

    def __init__(self, access: Access, command: Sequence[str]) -> None:
        self._access = access
        self._command = tuple(command)
        self._visits = Visits(access.token)
        self._sockets: set[web.WebSocketResponse] = set()
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        """Listen for as long as the context lasts, and give the address for people.

        Raises:
            ServeRefused: nothing can listen there.
        """
        access = self._access
        app = web.Application(middlewares=[self._guard], client_max_size=_MOST_MESSAGE)
        app.add_routes(
            [
                web.get("/", self._page),
                web.post("/enter", self._enter),
                web.get("/static/{name}", self._static),
                web.get("/ws", self._socket),
            ]
        )
        app.on_shutdown.append(self._close_all)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        try:
            site = web.TCPSite(runner, access.host, access.port, ssl_context=access.tls)
            try:
                await site.start()
            except OSError as error:
                place = f"{access.host}, {access.port}"
                reason = error.strerror or str(error)
                raise ServeRefused("web.refused.bind", place=place, reason=reason) from None
            yield self._address(runner)
        finally:
            await runner.cleanup()

    def _address(self, runner: web.AppRunner) -> str:
        host, port = runner.addresses[0][:2]
        host = reached(host)
        return self._access.origin(f"[{host}]:{port}" if ":" in host else f"{host}:{port}") + "/"

    async def _close_all(self, _app: web.Application) -> None:
        for socket in list(self._sockets):
            await socket.close()

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Answer) -> web.StreamResponse:
        peer, origin = request.remote or "", request.headers.get("Origin")
        why = self._access.refusal(peer, request.host, origin)
        if why or (request.path == "/ws" and origin is None):
            log.warning("a request was refused: %s", why or "no origin")
            sentence = text(f"web.refused_request.{why or 'origin'}")
            return self._html(request, pages.sentence_page(sentence), status=403)
        return await handler(request)

    def _may(self, request: web.Request) -> bool:
        return self._visits.knows(request.cookies.get(_COOKIE, ""))

    async def _page(self, request: web.Request) -> web.StreamResponse:
        if not self._may(request):
            return self._html(request, pages.token_page(), status=401)
        font_px = _whole(request.query.get("font"), 16, _FONT_PX)
        return self._html(request, pages.dashboard_page(self._socket_url(request), font_px))

    async def _enter(self, request: web.Request) -> web.StreamResponse:
        shown = (await request.post()).get("token", "")
        cookie = self._visits.enter(shown if isinstance(shown, str) else "")
        if cookie is None:
            log.warning("a wrong token was shown")
            async with self._turn:
                await asyncio.sleep(WRONG_TOKEN_S)
            sentence = text("web.page.wrong_token")
            return self._html(request, pages.token_page(sentence), status=403)
        answer = web.Response(status=303, headers={"Location": "/"})
        secure = self._access.origin(request.host).startswith("https:")
        answer.set_cookie(_COOKIE, cookie, httponly=True, samesite="Strict", secure=secure)
        return answer

    async def _static(self, request: web.Request) -> web.StreamResponse:
        try:
            body, kind = pages.static(request.match_info["name"])
        except KeyError:
            raise web.HTTPNotFound from None
        headers = pages.headers(self._socket_url(request)) | {"Cache-Control": "max-age=3600"}
        return web.Response(body=body, content_type=kind, headers=headers)

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        if not self._may(request):
            raise web.HTTPForbidden
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_S, max_msg_size=_MOST_MESSAGE)
        await socket.prepare(request)
        if len(self._sockets) >= MOST_DASHBOARDS:
            await _say(socket, text("web.page.full", most=MOST_DASHBOARDS))
            await socket.close()
            return socket
        self._sockets.add(socket)
        try:
            width = _whole(request.query.get("width"), 80, (1, _MOST_CELLS))
            height = _whole(request.query.get("height"), 24, (1, _MOST_CELLS))
            await self._show(socket, width, height)
        finally:
            self._sockets.discard(socket)
        return socket

    async def _show(self, socket: web.WebSocketResponse, width: int, height: int) -> None:
        dashboard = Dashboard(self._command)
        await dashboard.start(width, height)
        drawing = asyncio.create_task(_draw(socket, dashboard))
        try:
            async for message in socket:
                await _heed(socket, dashboard, message)
        finally:
            drawing.cancel()
            await asyncio.wait([drawing])
            await dashboard.end()
            await socket.close()

    def _socket_url(self, request: web.Request) -> str:
        return f"ws{self._access.origin(request.host).removeprefix('http')}/ws"

    def _html(self, request: web.Request, page: str, status: int = 200) -> web.Response:
        headers = pages.headers(self._socket_url(request))
        return web.Response(text=page, content_type="text/html", headers=headers, status=status)


def reached(host: str) -> str:
    """Return the address under which other devices reach us, where ``host`` stands for all of ours.

    The system is asked from where it would send to an address of the documentation (RFC 5737,
    RFC 3849); nothing is sent.
    """
    ip = ip_address(host.partition("%")[0])
    if not ip.is_unspecified:
        return host
    family, elsewhere = (AF_INET6, "2001:db8::1") if ip.version == _IPV6 else (AF_INET, "192.0.2.1")
    try:
        with Socket(family, SOCK_DGRAM) as probe:
            probe.connect((elsewhere, _DISCARD))
            return str(probe.getsockname()[0])
    except OSError:
        return host


async def _draw(socket: web.WebSocketResponse, dashboard: Dashboard) -> None:
    """Send what is to be drawn; at its end the last words, then the end."""
    drawn = False
    with suppress(ConnectionError):
        while content := await dashboard.output():
            drawn = True
            await socket.send_bytes(content)
        if dashboard.lagged:
            log.warning("a browser was too slow and is cut off")
        elif not drawn:
            await _say(socket, await dashboard.end())
        await socket.close()


async def _say(socket: web.WebSocketResponse, words: str) -> None:
    """Show words where the dashboard would be: control characters would steer it."""
    plain = "".join(sign if sign.isprintable() else " " for sign in words)
    await socket.send_bytes(f"\x1b[2J\x1b[H{plain:<12}\r\n".encode())


async def _heed(socket: web.WebSocketResponse, dashboard: Dashboard, message: WSMessage) -> None:
    """Take in what a browser sends; what is not understood is left."""
    try:
        kind, *rest = json.loads(message.data) if message.type is WSMsgType.TEXT else ("",)
        match kind, rest:
            case "stdin", [str(words)]:
                await dashboard.type(words)
            case "resize", [{"width": int(width), "height": int(height)}]:
                size = {"width": _within(width), "height": _within(height)}
                await dashboard.tell("resize", **size)
            case "focus" | "blur", _:
                await dashboard.tell(kind)
            case "ping", [str(sent)]:
                await socket.send_json(["pong", sent])
            case _:
                pass
    except (ValueError, TypeError, RecursionError):
        log.info("a message of a browser was not understood")


def _within(cells: int) -> int:
    return max(1, min(_MOST_CELLS, cells))


def _whole(said: str | None, default: int, bounds: tuple[int, int]) -> int:
    least, most = bounds
    is_whole = said is not None and said.isascii() and said.isdigit()
    return max(least, min(most, int(said[:6]))) if said and is_whole else default
