"""The frame of a page: its head, its colours, and nothing that comes from elsewhere."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from companion.palette import DARK_LEVELS, LIGHT_LEVELS
from companion.report.markup import Markup, joined, tag
from companion.sensing.types import Level
from companion.texts import text

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may load or run for the page: its own styles, and nothing else."""

_LIGHT: Final = {
    "page": "#fbfaf7",
    "ink": "#1b2228",
    "quiet": "#5a6570",
    "rule": "#c4c2bb",
    "band": "#d6e6f7",
    "skin": "#f1efe9",
}
_DARK: Final = {
    "page": "#0f1418",
    "ink": "#e4e9ee",
    "quiet": "#95a2ae",
    "rule": "#3a4652",
    "band": "#17324d",
    "skin": "#171e24",
}


def page(title: str, *sections: str) -> str:
    """Return a whole document; the same parts give the same bytes."""
    head = (
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name_="referrer", content="no-referrer"),
        tag("title", title),
        Markup(f"<style>\n{_style()}</style>"),
    )
    footer = tag("footer", tag("p", text("report.note"), class_="quiet"))
    body = tag("main", *sections, footer)
    whole = tag("html", tag("head", *head), "\n", tag("body", body), lang="en")
    return f"{joined([Markup('<!doctype html>'), whole], chr(10))}\n"


@cache
def _style() -> str:
    sheet = files(__name__.rpartition(".")[0]).joinpath("page.css").read_text("utf-8")
    return sheet.replace("/* light */", _variables(_LIGHT, LIGHT_LEVELS)).replace(
        "/* dark */", _variables(_DARK, DARK_LEVELS)
    )


def _variables(own: Mapping[str, str], levels: Mapping[Level, str]) -> str:
    colours = {**own, **{level.value: colour for level, colour in levels.items()}}
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())
