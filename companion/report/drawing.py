"""Drawings by matplotlib as SVG that takes its colours from the page and is the same each time."""

import re
from collections.abc import Callable
from io import StringIO
from typing import Any, Final, Literal

from matplotlib import style
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from companion.report.markup import Markup, escaped, joined, tag

_NAMES: Final = (
    "ink",
    "quiet",
    "rule",
    "band",
    "light",
    "on_target",
    "firm",
    "caution",
    "stop",
    "unknown",
)
INK: Final = {name: f"#0000{number:02x}" for number, name in enumerate(_NAMES, 1)}
"""Stand-ins by the names of the page's colours: a drawing is made once, for light and dark."""

_STYLE: Final[dict[str, Any]] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "massage-companion",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.size": 9.0,
    "text.color": INK["ink"],
    "axes.edgecolor": INK["rule"],
    "axes.labelcolor": INK["quiet"],
    "axes.titlecolor": INK["ink"],
    "axes.titlesize": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK["rule"],
    "ytick.color": INK["rule"],
    "xtick.labelcolor": INK["quiet"],
    "ytick.labelcolor": INK["quiet"],
    "hatch.color": INK["quiet"],
    "hatch.linewidth": 0.5,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.unicode_minus": False,
}
_NOTHING: Final = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_IDS: Final = re.compile(r'(\bid="|"#|url\(#)')
_INKS: Final = re.compile("|".join(INK.values()))
_BY_INK: Final = {ink: f"var(--{name})" for name, ink in INK.items()}


def drawn(
    key: str, label: str, size: tuple[float, float], draw: Callable[[Figure], None]
) -> Markup:
    """Return a drawing as an element of the page.

    Args:
        key: makes what it names unique on the page.
        label: what it shows, for who cannot see it.
        size: width and height in inches, which only give the proportions.
        draw: draws it.
    """
    with style.context(["default", _STYLE]):
        figure = Figure(figsize=size)
        FigureCanvasSVG(figure)
        draw(figure)
        written = StringIO()
        figure.savefig(written, format="svg", metadata=_NOTHING)
    return _on_page(written.getvalue(), key, label)


def figure_of(drawing: Markup, *caption: str) -> Markup:
    """Return a drawing with what is to be said of it."""
    return tag(
        "figure",
        tag("div", drawing, class_="wide"),
        tag("figcaption", joined(caption, " ")),
        class_="chart",
    )


def note(
    axes: Axes,
    words: str,
    at: tuple[float, float],
    offset: tuple[float, float] = (0, 0),
    *,
    colour: str = "ink",
    side: Literal["left", "center", "right"] = "left",
) -> None:
    """Write words at a point of the axes.

    Args:
        axes: where.
        words: what.
        at: the point, in the units of the axes.
        offset: from it, in points of print.
        colour: by its name on the page.
        side: the side of the words that is there.
    """
    axes.annotate(
        words, at, offset, textcoords="offset points", ha=side, fontsize=8, color=INK[colour]
    )


def bare(axes: Axes) -> None:
    """Take frame and ticks from axes that are read without them."""
    axes.tick_params(length=0)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def _on_page(svg: str, key: str, label: str) -> Markup:
    """Return a file as an element: no prologue, no namespaces, its own ids, the page's colours."""
    box = re.search(r'viewBox="[^"]*"', svg)
    body = svg[svg.index(">", svg.index("<svg")) + 1 :]
    body = re.sub(r"<style.*?</style>|<!--.*?-->|xlink:", "", body, flags=re.DOTALL)
    body = _IDS.sub(rf"\g<1>{key}-", body)
    body = _INKS.sub(lambda found: _BY_INK[found[0]], body)
    begin = f'<svg role="img" aria-label="{escaped(label)}" {box[0] if box else ""}>'
    return Markup(begin + body.strip())
