"""Every stroke of a session, for whoever keeps it: as it was told, and as it was found later."""

from dataclasses import dataclass, replace
from typing import Self, TypeAlias

from companion.sensing.types import Stroke, StrokeDirection, Technique

_PASCALS_PER_KPA = 1e3


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldStroke:
    """One stroke of a step that was being done.

    Attributes:
        number: counts the strokes of the session from 0, in the order in which they were told.
        step: in which step.
        start_s: its beginning on the tool clock.
        end_s: its end.
        confirmed_s: when it was certain.
        direction: along the face; unknown where nobody knows how the face lies.
        travel_m: way of the wheel; None without one.
        mean_kpa: force over the whole contact area; None where one of the two is not known.
        peak_kpa: the same of the highest force.
        is_light_return: the light way back of the stroke before.
        technique: what the hand seemed to do; None where nothing named it.
        is_late: found when the step was looked at again with samples that came late.
    """

    number: int
    step: str
    start_s: float
    end_s: float
    confirmed_s: float
    direction: StrokeDirection
    travel_m: float | None
    mean_kpa: float | None
    peak_kpa: float | None
    is_light_return: bool
    technique: Technique | None
    is_late: bool = False

    @property
    def span(self) -> tuple[float, float]:
        """From when to when it went."""
        return self.start_s, self.end_s


@dataclass(frozen=True, slots=True)
class StrokeWithdrawn:
    """A stroke that was told stands no longer: a second look found it otherwise, or not at all."""

    number: int


StrokeNews: TypeAlias = ToldStroke | StrokeWithdrawn


class StrokeLog:
    """Collects the strokes of a session until somebody takes them.

    Args:
        area_m2: the tool's whole working surface; None where it is not known.

    Attributes:
        of_step: the strokes of the present step, in the order in which they were told.
    """

    def __init__(self, area_m2: float | None) -> None:
        self._area_m2 = area_m2
        self.of_step: list[ToldStroke] = []
        self._news: list[StrokeNews] = []
        self._count = 0

    def __deepcopy__(self, _memo: dict[int, object]) -> Self:
        """Return one that goes on by itself; what was told never changes."""
        twin = type(self)(self._area_m2)
        vars(twin).update(of_step=self.of_step.copy(), _count=self._count)
        return twin

    def begin(self) -> None:
        """A step begins."""
        self.of_step = []

    def add(
        self,
        step: str,
        stroke: Stroke,
        direction: StrokeDirection,
        technique: Technique | None,
    ) -> None:
        """Take a stroke of the present step."""
        told = ToldStroke(
            number=self._count,
            step=step,
            start_s=stroke.start_s,
            end_s=stroke.end_s,
            confirmed_s=stroke.device_s,
            direction=direction,
            travel_m=stroke.travel_m,
            mean_kpa=self._kpa(stroke.mean_n),
            peak_kpa=self._kpa(stroke.peak_n),
            is_light_return=stroke.is_light_return,
            technique=technique,
        )
        self.of_step.append(told)
        self._tell(told)

    def look_again(self, seen: "StrokeLog") -> None:
        """Take what the step was by a second look: what it lacks is withdrawn, the rest is late."""
        here = {told.span for told in self.of_step}
        there = {told.span for told in seen.of_step}
        for told in self.of_step:
            if told.span not in there:
                self._news.append(StrokeWithdrawn(told.number))
        for found in seen.of_step:
            if found.span not in here:
                self._tell(replace(found, number=self._count, is_late=True))

    def take(self) -> list[StrokeNews]:
        """Return what is new since this was last asked."""
        news, self._news = self._news, []
        return news

    def _tell(self, told: ToldStroke) -> None:
        self._count += 1
        self._news.append(told)

    def _kpa(self, force_n: float | None) -> float | None:
        if force_n is None or self._area_m2 is None:
            return None
        return force_n / self._area_m2 / _PASCALS_PER_KPA
