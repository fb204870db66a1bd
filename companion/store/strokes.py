"""Strokes of a session: written as they are told, and read back."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from companion.coaching.stroke_log import StrokeNews, ToldStroke
from companion.store.entries import seen

_COLUMNS = (
    "place, step, start_s, end_s, confirmed_s, direction, travel_m, mean_kpa, peak_kpa,"
    " light_return, technique, source, stands"
)


class KeptStroke(NamedTuple):
    """A stroke as the store has it.

    Attributes:
        place: counts them from 0, in the order in which they were told.
        step: in which step.
        start_s: its beginning on the session's clock.
        end_s: its end.
        confirmed_s: when it was certain.
        direction: up, down, horizontal or unknown.
        travel_m: way of the wheel; None without one.
        mean_kpa: None where force or contact area is not known.
        peak_kpa: the same of the highest force.
        light_return: the light way back of the stroke before.
        technique: what the hand seemed to do; None where nothing named it.
        source: live; or late, found when the step was looked at again with what came late.
        stands: whether that look, if there was one, left it.
    """

    place: int
    step: str
    start_s: float
    end_s: float
    confirmed_s: float
    direction: str
    travel_m: float | None
    mean_kpa: float | None
    peak_kpa: float | None
    light_return: bool
    technique: str | None
    source: str
    stands: bool

    @property
    def speed_cm_s(self) -> float | None:
        """Mean speed along the skin; None without a wheel."""
        lasted_s = self.end_s - self.start_s
        return None if self.travel_m is None or lasted_s <= 0 else 100 * self.travel_m / lasted_s


@dataclass(frozen=True, slots=True)
class StrokeSaid:
    """A stroke was told, or is withdrawn."""

    is_vital: ClassVar[bool] = True
    uid: str
    at: str
    news: StrokeNews

    def write(self, connection: sqlite3.Connection) -> None:
        """Write it."""
        session, news = seen(connection, self.uid, self.at), self.news
        if not isinstance(news, ToldStroke):
            connection.execute(
                "UPDATE stroke SET stands = 0 WHERE session = ? AND place = ?",
                (session, news.number),
            )
            return
        connection.execute(
            "INSERT INTO stroke VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
            (
                *(session, news.number, news.step, news.start_s, news.end_s, news.confirmed_s),
                *(news.direction, news.travel_m, news.mean_kpa, news.peak_kpa),
                *(int(news.is_light_return), news.technique, "late" if news.is_late else "live"),
            ),
        )


def strokes_of(connection: sqlite3.Connection, session: int) -> Iterator[KeptStroke]:
    """Yield the strokes of a session by its number, in order of time."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM stroke WHERE session = ? ORDER BY start_s, place",  # noqa: S608 - our own words
        [session],
    )
    for row in rows:
        stroke = KeptStroke(*row)
        yield stroke._replace(light_return=bool(stroke.light_return), stands=bool(stroke.stands))
