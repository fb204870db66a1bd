"""A programme over weeks: what was planned, which days belong to it, and how far it is.

Days are ordinals (``date.toordinal()``, whose Mondays are 1 modulo 7), so that nothing here needs
a calendar. A programme stands still while it is paused: its weeks are seven of its own days.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

DAYS_OF_A_WEEK = 7
ASK_LINES_DAYS = 30
"""After so many days a running programme asks whether lines look deeper. Article 003, grade D."""

EVENING_BEGINS_H = 15.0
"""Before it a session is one of the morning, from it one of the evening. Ours, grade D."""


class Slot(StrEnum):
    """The part of the day a session is planned for."""

    MORNING = "morning"
    EVENING = "evening"


class Weekday(StrEnum):
    """The days of a week."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


_WEEKDAYS = tuple(Weekday)


def weekday(day: int) -> Weekday:
    """Return the weekday of an ordinal."""
    return _WEEKDAYS[(day - 1) % DAYS_OF_A_WEEK]


class Why(StrEnum):
    """Why a programme was paused: the person asked for it, or lines looked deeper."""

    ASKED = "asked"
    LINES = "lines"


class Standing(StrEnum):
    """How a programme stands."""

    RUNNING = "running"
    PAUSED = "paused"
    OVER = "over"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of day.

    Attributes:
        day: which day.
        hour: hours since its midnight, beyond 24 where the night still belongs to the evening.
    """

    day: int
    hour: float

    @property
    def slot(self) -> Slot:
        """The part of the day."""
        return Slot.MORNING if self.hour < EVENING_BEGINS_H else Slot.EVENING


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is planned, as a file or the person has it.

    Attributes:
        name: the file's.
        title: what a person calls it.
        source: where it comes from.
        note: what is known of it.
        weeks: how many weeks it lasts.
        days_a_week: on how many days of each.
        rest_days: days on which nothing is planned; where they leave more days than
            ``days_a_week``, the person is free which of them to use.
        routines: by slot, in the order of the day; at least one.
        hours: by slot, from when on the day a reminder is due.
    """

    name: str
    title: str
    source: str
    note: str = ""
    weeks: int
    days_a_week: int
    rest_days: frozenset[Weekday] = frozenset()
    routines: Mapping[Slot, str]
    hours: Mapping[Slot, float]

    def is_rest(self, day: int) -> bool:
        """Say whether a day is one on which nothing is planned, whatever was done before."""
        return weekday(day) in self.rest_days

    def slot_at(self, moment: Moment) -> Slot:
        """Return the planned slot nearest to a time of day."""
        return moment.slot if moment.slot in self.routines else next(iter(self.routines))


@dataclass(frozen=True, slots=True)
class Pause:
    """Days on which a programme stood still: the first of them, and the first after them.

    ``until_day`` is None while it lasts.
    """

    from_day: int
    until_day: int | None
    why: Why


@dataclass(frozen=True, slots=True)
class Answer:
    """The last answer to the question whether lines look deeper."""

    day: int
    deeper: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """One person's programme.

    Attributes:
        plans: the plan by the week (from 1) from which on it holds, rising; the first is week 1's.
        started_day: the first day.
        pauses: in order; only the last may still last.
        stopped_day: the last day, where it was ended early; None else.
        answer: the last answer about lines; None before one.
    """

    plans: tuple[tuple[int, Plan], ...]
    started_day: int
    pauses: tuple[Pause, ...] = ()
    stopped_day: int | None = None
    answer: Answer | None = None

    @property
    def plan(self) -> Plan:
        """The plan as it holds now."""
        return self.plans[-1][1]

    @property
    def pause(self) -> Pause | None:
        """The pause that lasts; None where none does."""
        last = self.pauses[-1] if self.pauses else None
        return last if last is not None and last.until_day is None else None

    def plan_in(self, week: int) -> Plan:
        """Return the plan of a week, from 1."""
        return next(plan for first, plan in reversed(self.plans) if first <= week)

    def days(self) -> list[int]:
        """Return the days that belong to it: all its weeks, or as far as a pause or its end."""
        return [
            day for day in self._until_over() if self.stopped_day is None or day <= self.stopped_day
        ]

    def standing(self, today: int) -> Standing:
        """Return how it stands on a day."""
        if self.stopped_day is not None:
            return Standing.STOPPED
        days = self.days()
        if len(days) == self.plan.weeks * DAYS_OF_A_WEEK and today > days[-1]:
            return Standing.OVER
        return Standing.RUNNING if self.pause is None else Standing.PAUSED

    def week(self, today: int) -> int:
        """Return the number of the week a day falls into, from 1; the last one after the end."""
        gone = sum(day < today for day in self.days())
        is_within = gone < self.plan.weeks * DAYS_OF_A_WEEK
        return gone // DAYS_OF_A_WEEK + 1 if is_within else self.plan.weeks

    def _until_over(self) -> Iterator[int]:
        day, left = self.started_day, self.plan.weeks * DAYS_OF_A_WEEK
        for pause in self.pauses:
            end = max(day, min(pause.from_day, day + left))
            yield from range(day, end)
            left -= end - day
            if left == 0 or pause.until_day is None:
                return
            day = max(end, pause.until_day)
        yield from range(day, day + left)


def paused(programme: Programme, from_day: int, why: Why) -> Programme:
    """Return a programme that stands still from a day on; where it does already, for this reason.

    Args:
        programme: one that runs or is paused.
        from_day: the first day that is not to count.
        why: the reason.
    """
    if programme.pause is not None:
        last = replace(programme.pause, why=why)
        return replace(programme, pauses=(*programme.pauses[:-1], last))
    before, from_day = programme.pauses, max(from_day, programme.started_day)
    if before and from_day <= (before[-1].until_day or from_day):
        before, from_day = before[:-1], before[-1].from_day
    return replace(programme, pauses=(*before, Pause(from_day, None, why)))


def resumed(programme: Programme, today: int) -> Programme:
    """Return a programme that goes on from a day; a pause that never began leaves no trace."""
    pause = programme.pause
    if pause is None:
        return programme
    before = programme.pauses[:-1]
    if today <= pause.from_day:
        return replace(programme, pauses=before)
    return replace(programme, pauses=(*before, replace(pause, until_day=today)))


def changed(programme: Programme, plan: Plan, today: int) -> Programme:
    """Return a programme whose plan is another one from this week on; past weeks keep theirs."""
    week = programme.week(today)
    earlier = tuple((first, old) for first, old in programme.plans if first < week)
    return replace(programme, plans=(*earlier, (week if earlier else 1, plan)))


def is_lines_question_due(programme: Programme, today: int) -> bool:
    """Say whether a running programme should ask if lines look deeper."""
    if programme.standing(today) is not Standing.RUNNING:
        return False
    return today >= next_lines_question(programme)


def next_lines_question(programme: Programme) -> int:
    """Return the day of the next question about lines: 30 days after the last answer or start."""
    answered = programme.started_day if programme.answer is None else programme.answer.day
    return max(answered, programme.started_day) + ASK_LINES_DAYS


def awaits_no(programme: Programme) -> bool:
    """Say whether a pause for deeper lines holds until the question is answered with no."""
    pause = programme.pause
    is_deeper = programme.answer is None or programme.answer.deeper
    return pause is not None and pause.why is Why.LINES and is_deeper
