"""A library that exists only on paper: as many sessions as a test asks for."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from companion.coaching.routine import Routine, Zone
from companion.errors import FileRefused
from companion.tui.library import Past, PastWhole, Shelved, Trends, Week
from tests.tui.fake_live import STEPS, scored


def routine(name: str = "five-minutes", title: str = "Five minutes for the face") -> Routine:
    return Routine(
        name=name,
        title=title,
        source="our own words",
        slot="evening",
        about_s=300.0,
        steps=STEPS,
    )


SHELF = (
    Shelved(
        name="five-minutes",
        origin="shipped",
        routine=routine(),
        evidence=("Source: our own words", "small studies, grade C"),
    ),
    Shelved(name="broken", origin="your own", routine=None, fault="broken.toml, line 3: no step"),
    Shelved(name="short", origin="your own", routine=routine("short", "Two minutes")),
)


@dataclass
class FakeLibrary:
    """A Library whose every value a test may set; ``pages`` notes what was asked for."""

    sessions: int = 40
    damaged: frozenset[int] = frozenset()
    refuses: bool = False
    pages: list[tuple[int, int]] = field(default_factory=list)

    async def count(self) -> int:
        await asyncio.sleep(0)
        if self.refuses:
            raise FileRefused("sessions.sqlite", "", "it is damaged")
        return self.sessions

    async def page(self, first: int, most: int) -> Sequence[Past]:
        await asyncio.sleep(0)
        self.pages.append((first, most))
        numbers = range(self.sessions - first, max(0, self.sessions - first - most), -1)
        return [self._past(number) for number in numbers]

    def _past(self, number: int) -> Past:
        if number in self.damaged:
            return Past(number=number, fault="a summary is not whole: steps")
        return Past(
            number=number,
            began=f"2026-11-{1 + number % 28:02} 07:30",
            routine="five-minutes",
            outcome="finished",
            duration_s=287.0,
            percent=60 + number % 40,
            warnings=number % 3,
        )

    async def whole(self, number: int) -> PastWhole:
        await asyncio.sleep(0)
        if number in self.damaged:
            return PastWhole(head=f"session {number} cannot be read", summary=None, fault="damaged")
        return PastWhole(head=f"Session {number}, 2026-11-20 07:30", summary=scored())

    async def trends(self) -> Trends:
        await asyncio.sleep(0)
        weeks = tuple(Week(0.5 + 0.05 * place, int(place == 3)) for place in range(7))
        return Trends(
            tuple(f"{1 + place}.10." for place in range(8)),
            ((Zone.FOREHEAD, (Week(), *weeks)), (Zone.CHEEK, (*weeks, Week()))),
            37,
            2,
        )

    async def programme(self) -> Sequence[str]:
        await asyncio.sleep(0)
        return ["Eight weeks", "Week 3: 5 of 7 days"]

    async def routines(self) -> Sequence[Shelved]:
        await asyncio.sleep(0)
        return [replace(one) for one in SHELF]
