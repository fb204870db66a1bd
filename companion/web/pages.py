"""The pages: the dashboard, and the question for the token. Nothing on them is from elsewhere."""

from html import escape
from importlib.resources import files
from string import Template
from typing import Final

from companion.texts import text

_OURS: Final = "companion.web"
_THEIRS: Final = "textual_serve"

STATIC: Final[dict[str, tuple[str, str, str]]] = {
    "page.css": (_OURS, "page/page.css", "text/css"),
    "page.js": (_OURS, "page/page.js", "text/javascript"),
    "xterm.css": (_THEIRS, "static/css/xterm.css", "text/css"),
    "textual.js": (_THEIRS, "static/js/textual.js", "text/javascript"),
    "mono.ttf": (_THEIRS, "static/fonts/RobotoMono-VariableFont_wght.ttf", "font/ttf"),
}
"""Everything a page loads: name -> package, file in it, and its type."""

_FROM_US_ONLY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "img-src 'self' data:; connect-src 'self' {socket}; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""Content-Security-Policy: the terminal sets styles of its own, and nothing else is inline."""


def headers(socket: str) -> dict[str, str]:
    """Return the headers of every answer.

    Args:
        socket: where the page's web socket is.
    """
    return {
        "Content-Security-Policy": _FROM_US_ONLY.format(socket=socket),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",  # with "no-referrer" our own form has the origin "null"
        "Cache-Control": "no-store",
    }


def static(name: str) -> tuple[bytes, str]:
    """Return a file that a page loads, and its type.

    Raises:
        KeyError: no page loads it.
    """
    package, path, kind = STATIC[name]
    return files(package).joinpath(path).read_bytes(), kind


def dashboard_page(socket: str, font_px: int) -> str:
    """Return the page with the dashboard.

    Args:
        socket: where its web socket is.
        font_px: size of the letters.
    """
    return _filled(
        "dashboard.html",
        socket=socket,
        font=str(font_px),
        starting=text("web.page.starting"),
        ended=text("web.page.ended"),
        again=text("web.page.again"),
        late=text("web.page.late"),
        cut=text("web.page.cut"),
        unreached=text("web.page.unreached"),
        live=text("screens.mode.live"),
        glance=text("screens.mode.glance"),
        face=text("screens.mode.face"),
        mute=text("live.keys.mute"),
        unwell=text("live.keys.unwell"),
        pause=text("live.keys.pause"),
        next=text("live.keys.next"),
        confirm=text("live.keys.confirm"),
        seen=text("live.keys.acknowledge"),
        stop=text("live.keys.stop"),
    )


def token_page(refused: str = "") -> str:
    """Return the page that asks for the token.

    Args:
        refused: why it asks again, as a sentence; empty the first time.
    """
    return _filled(
        "token.html", refused=refused, ask=text("web.page.token"), enter=text("web.page.enter")
    )


def sentence_page(sentence: str) -> str:
    """Return a page with nothing but a sentence."""
    return _filled("sentence.html", sentence=sentence)


def _filled(name: str, **values: str) -> str:
    page = files(_OURS).joinpath("page", name).read_text(encoding="utf-8")
    known = {key: escape(value) for key, value in values.items()}
    return Template(page).substitute(
        known, title=escape(text("web.page.title")), language=escape(text("web.page.language"))
    )
