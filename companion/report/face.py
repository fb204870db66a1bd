"""The face from the front, drawn as in a mirror, with what each place got."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from companion.coaching.routine import Side, Zone
from companion.palette import SIGNS
from companion.report.markup import Markup, tag
from companion.report.places import Place, merged
from companion.sensing.types import Level
from companion.texts import text
from companion.wording import kpa, level_name, minutes, zone_name

WIDTH: Final = 400
HEIGHT: Final = 520
MARGIN: Final = 24
_AXIS: Final = WIDTH / 2


@dataclass(frozen=True, slots=True)
class _Shape:
    """The left half of a zone as an SVG path, and where its words stand."""

    path: tuple[tuple[str, tuple[float, ...]], ...]
    at: tuple[float, float]


def _shape(path: str, at: tuple[float, float]) -> _Shape:
    """Return a shape from ``M x y``, ``L``, ``Q`` and ``Z``."""
    parts: list[tuple[str, tuple[float, ...]]] = []
    for word in path.split():
        if word.isalpha():
            parts.append((word, ()))
        else:
            parts[-1] = (parts[-1][0], (*parts[-1][1], float(word)))
    return _Shape(tuple(parts), at)


_SHAPES: Final = {
    Zone.FOREHEAD: _shape("M 200 48 Q 110 50 88 128 L 200 140 Z", (150, 96)),
    Zone.TEMPLES: _shape("M 86 136 L 122 140 L 120 192 L 74 196 Q 76 160 86 136 Z", (99, 164)),
    Zone.UNDER_EYE: _shape("M 126 196 Q 158 212 190 196 L 188 232 Q 158 246 124 232 Z", (157, 214)),
    Zone.CHEEK: _shape("M 74 204 L 118 204 L 120 240 L 172 248 L 164 318 L 88 300 Z", (122, 270)),
    Zone.JAWLINE: _shape(
        "M 90 308 L 162 326 L 164 360 L 200 366 L 200 404 Q 122 400 90 308 Z", (146, 364)
    ),
    Zone.NECK_FRONT: _shape("M 142 408 L 200 414 L 200 464 L 132 464 Z", (168, 438)),
    Zone.DECOLLETE: _shape("M 130 470 L 200 470 L 200 514 L 62 514 Q 80 480 130 470 Z", (140, 494)),
    Zone.NECK_BACK: _shape("M 8 420 L 54 420 L 54 464 L 8 464 Z", (31, 442)),
}
_OUTLINE: Final = (
    "M 200 40 Q 70 44 68 200 Q 72 400 200 410 Q 328 400 332 200 Q 330 44 200 40 Z",
    "M 128 184 Q 156 166 186 184 Q 156 198 128 184 Z",
    "M 272 184 Q 244 166 214 184 Q 244 198 272 184 Z",
    "M 200 200 L 190 262 L 206 266",
    "M 172 336 Q 200 350 228 336 Q 200 326 172 336 Z",
)


def faces(places: Sequence[Place]) -> Markup:
    """Return both maps: time on the skin, and pressure."""
    longest_s = max((place.contact_s for place in places), default=0.0)

    def time_tint(place: Place) -> tuple[str, float]:
        share = place.contact_s / longest_s if longest_s else 0.0
        return "on_target", 0.1 + 0.5 * share if place.contact_s else 0.0

    def time_words(place: Place) -> list[str]:
        return [minutes(place.contact_s)] if place.contact_s else [_without(place)]

    def pressure_tint(place: Place) -> tuple[str, float]:
        worst = Level.UNKNOWN if place.worst is None else place.worst
        return worst.value, 0.32 if place.worst else 0.12

    maps = (
        _face("time", places, time_tint, time_words),
        _face("pressure", places, pressure_tint, _pressure_words),
    )
    return tag("div", *maps, class_="faces")


def _pressure_words(place: Place) -> list[str]:
    if place.mean_kpa is None or place.worst is None:
        return ["?" if place.contact_s else _without(place)]
    return [f"{SIGNS[place.worst]} {kpa(place.mean_kpa)}"]


def _without(place: Place) -> str:
    return text("report.by_hand") if place.by_hand_s else "0"


def _face(
    key: str,
    places: Sequence[Place],
    tint: Callable[[Place], tuple[str, float]],
    words: Callable[[Place], list[str]],
) -> Markup:
    parts = [tag("path", d=_OUTLINE[0], fill="var(--skin)", stroke="var(--rule)", stroke_width="2")]
    for zone, shape in _SHAPES.items():
        for side in (Side.LEFT, Side.RIGHT):
            parts += _half(shape, side, _on(places, zone, side), tint, words)
    parts += [tag("path", d=line, fill="none", stroke="var(--rule)") for line in _OUTLINE[1:]]
    parts += [_word(x, 20, text(f"report.face.{side}"), 14) for side, x in _SIDES]
    parts.append(_word(31, 412, text("report.face.back"), 11))
    parts.append(_word(WIDTH - 31, 412, text("report.face.back"), 11))
    title = text(f"report.face.{key}")
    drawing = tag(
        "svg",
        *parts,
        viewBox=f"{-MARGIN} 0 {WIDTH + 2 * MARGIN} {HEIGHT}",
        role="img",
        aria_label=text("report.face.alt", title=title, places=_told(places)),
    )
    return tag("figure", drawing, tag("figcaption", title, " ", text("report.face.mirror")))


_SIDES: Final = ((Side.LEFT, 60.0), (Side.RIGHT, WIDTH - 60.0))


def _on(places: Sequence[Place], zone: Zone, side: Side) -> Place | None:
    """Return what one half of a zone got; a step for both sides is shown on each."""
    found = [each for each in places if each.zone is zone and each.side in {side, Side.BOTH}]
    return merged(found) if found else None


def _half(
    shape: _Shape,
    side: Side,
    place: Place | None,
    tint: Callable[[Place], tuple[str, float]],
    words: Callable[[Place], list[str]],
) -> list[Markup]:
    colour, opacity = ("rule", 0.0) if place is None else tint(place)
    line = tag(
        "path",
        d=_path(shape, side),
        fill=f"var(--{colour})",
        fill_opacity=f"{opacity:.2f}",
        stroke="var(--rule)",
        stroke_dasharray="3 3" if place is None else None,
    )
    if place is None:
        return [line]
    x, y = _mirrored(shape.at[0], side), shape.at[1]
    return [line, *(_word(x, y + 4, each, 13) for each in words(place))]


def _path(shape: _Shape, side: Side) -> str:
    drawn = []
    for command, numbers in shape.path:
        pairs = zip(numbers[::2], numbers[1::2], strict=True)
        points = " ".join(f"{_mirrored(x, side):g} {y:g}" for x, y in pairs)
        drawn.append(f"{command} {points}".strip())
    return " ".join(drawn)


def _mirrored(x: float, side: Side) -> float:
    """Return where a point of the left half lies: a mirror shows one's left on the left."""
    return x if side is Side.LEFT else 2 * _AXIS - x


def _word(x: float, y: float, words: str, size: int) -> Markup:
    return tag(
        "text",
        words,
        x=f"{x:g}",
        y=f"{y:g}",
        text_anchor="middle",
        font_size=str(size),
        fill="var(--ink)",
    )


def _told(places: Sequence[Place]) -> str:
    """Return what a map shows, in words."""
    told = [
        text(
            "report.face.place",
            place=zone_name(place.zone, place.side),
            time=minutes(place.contact_s),
            pressure="?" if place.mean_kpa is None else kpa(place.mean_kpa),
            level=level_name(place.worst or Level.UNKNOWN),
        )
        for place in places
    ]
    return "; ".join(told) or text("report.face.nothing")
