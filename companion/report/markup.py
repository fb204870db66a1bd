"""HTML put together from parts: whatever is not markup already is escaped."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from companion.texts import visible

_VOID = frozenset({"meta"})


class Markup(str):
    """HTML that may stand on a page as it is."""

    __slots__ = ()


def tag(element: str, *content: str, **attributes: str | None) -> Markup:
    """Return an element.

    Args:
        element: its name.
        content: what stands in it; text that is no ``Markup`` is escaped.
        attributes: by name, ``class_`` for class and ``_`` for hyphens; None is left out.
    """
    known = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    shown = "".join(
        f' {key}="{escaped(value)}"' for key, value in known.items() if value is not None
    )
    if element in _VOID:
        return Markup(f"<{element}{shown}>")
    return Markup(f"<{element}{shown}>{joined(content)}</{element}>")


def joined(parts: Iterable[str], between: str = "") -> Markup:
    """Return parts one after the other, each escaped unless it is markup."""
    return Markup(escaped(between).join(map(escaped, parts)))


def escaped(words: str) -> Markup:
    """Return words as markup: their signs as themselves, and those that steer made visible."""
    return words if isinstance(words, Markup) else Markup(escape(visible(words)))


def name(words: str) -> Markup:
    """Return somebody's own words, which may run from right to left without turning the rest."""
    return tag("bdi", words)


def table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Markup:
    """Return a table whose first column names its rows; nothing without rows."""
    body = [
        tag("tr", tag("th", first, scope="row"), *(tag("td", cell) for cell in rest))
        for first, *rest in rows
    ]
    if not body:
        return Markup()
    head = tag("tr", *(tag("th", each, scope="col") for each in heads))
    whole = tag("table", tag("caption", caption), tag("thead", head), tag("tbody", *body))
    return tag("div", whole, class_="wide", tabindex="0", role="region", aria_label=caption)


def section(key: str, title: str, *content: str) -> Markup:
    """Return a part of the page under a heading."""
    heading = tag("h2", title, id=key)
    return tag("section", heading, *content, aria_labelledby=key)


def paragraph(words: str, kind: str | None = None) -> Markup:
    """Return a paragraph, ``kind`` being its class."""
    return tag("p", words, class_=kind)


def terms(facts: Mapping[str, str]) -> Markup:
    """Return names with what is known of each."""
    pairs = [(tag("dt", known), tag("dd", value)) for known, value in facts.items()]
    return tag("dl", *(part for pair in pairs for part in pair))
