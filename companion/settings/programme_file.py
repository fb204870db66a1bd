"""What a programme file may say: every key with its bounds, and which keys fit together."""

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from companion.coaching.programme import (
    DAYS_OF_A_WEEK,
    EVENING_BEGINS_H,
    Plan,
    Slot,
    Weekday,
)
from companion.settings.checked import Table, no_list, unacceptable
from companion.settings.one_line import Line, one_line

FEWEST_WEEKS, MOST_WEEKS = 8, 20
"""Trials of facial massage and exercise lasted 8 to 20 weeks; shorter plans would promise haste,
and there is nothing to go by for longer ones (ours, grade D)."""

MORNING_AT, EVENING_AT = "07:00", "20:00"
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_FIRST_HOUR = 4.0


def hours(time: str) -> float:
    """Return a time like ``20:30`` in hours; not a number where it is none."""
    match = _TIME.fullmatch(time)
    return float("nan") if match is None else int(match[1]) + int(match[2]) / 60


def _in_the_morning(time: str) -> str:
    if not _FIRST_HOUR <= hours(time) < EVENING_BEGINS_H:
        raise unacceptable("no_morning_time")
    return time


def _in_the_evening(time: str) -> str:
    if not hours(time) >= EVENING_BEGINS_H:
        raise unacceptable("no_evening_time")
    return time


Note = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(one_line)]
RoutineName = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(one_line)]


class ProgrammeFile(Table):
    """A programme of the massage companion: sessions over weeks."""

    format: Literal[1]
    """Version of this format."""
    title: Line
    """What a person calls it."""
    source: Line
    """Where it comes from."""
    note: Note | None = None
    """What is known of it, said when it begins."""
    weeks: Annotated[int, Field(ge=FEWEST_WEEKS, le=MOST_WEEKS)]
    """How many weeks it lasts."""
    days_a_week: Annotated[int, Field(ge=1, le=DAYS_OF_A_WEEK)]
    """On how many days of each week."""
    rest_days: Annotated[
        list[Annotated[Weekday, Field(strict=False)]],
        Field(default_factory=no_list, max_length=DAYS_OF_A_WEEK - 1),
    ]
    """Weekdays on which nothing is planned; left out: the person chooses."""
    morning: RoutineName | None = None
    """The routine of the morning, a name or a file; left out: none."""
    evening: RoutineName | None = None
    """The routine of the evening, a name or a file; left out: none."""
    morning_at: Annotated[str, AfterValidator(_in_the_morning)] = MORNING_AT
    """From when on the morning's reminder is due, 04:00 to 14:59."""
    evening_at: Annotated[str, AfterValidator(_in_the_evening)] = EVENING_AT
    """From when on the evening's reminder is due, 15:00 to 23:59."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.morning is None and self.evening is None:
            raise unacceptable("no_session", key="evening")
        left = DAYS_OF_A_WEEK - len(set(self.rest_days))
        if self.days_a_week > left:
            raise unacceptable("too_few_days_left", key="days_a_week", left=left)
        return self

    def plan(self, name: str) -> Plan:
        """Return it as plain data."""
        routines = {Slot.MORNING: self.morning, Slot.EVENING: self.evening}
        return Plan(
            name=name,
            title=self.title,
            source=self.source,
            note=self.note or "",
            weeks=self.weeks,
            days_a_week=self.days_a_week,
            rest_days=frozenset(self.rest_days),
            routines={slot: routine for slot, routine in routines.items() if routine is not None},
            hours={Slot.MORNING: hours(self.morning_at), Slot.EVENING: hours(self.evening_at)},
        )


def plan_fields(plan: Plan) -> dict[str, object]:
    """Return a plan as a file has it; what is left out of a file is left out here."""
    fields = {
        "format": 1,
        "title": plan.title,
        "source": plan.source,
        "note": plan.note or None,
        "weeks": plan.weeks,
        "days_a_week": plan.days_a_week,
        "rest_days": [day.value for day in Weekday if day in plan.rest_days],
        **{slot.value: routine for slot, routine in plan.routines.items()},
        **{f"{slot.value}_at": time_text(hour) for slot, hour in plan.hours.items()},
    }
    return {key: value for key, value in fields.items() if value is not None}


def time_text(hour: float) -> str:
    """Return hours of a day as ``20:30``."""
    minutes = round(hour * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"
