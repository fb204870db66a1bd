"""A person's programme in the file of persons: its plans, pauses and the last answer."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from companion.coaching.programme import Answer, Pause, Programme, Why
from companion.settings.checked import Table, no_list, unacceptable
from companion.settings.private_files import Day, day_text, ordinal
from companion.settings.programme_file import MOST_WEEKS, ProgrammeFile, plan_fields

_MOST_PAUSES = MOST_WEEKS * 7
"""Two pauses have a day between them, and a programme has no more days than that."""


class _Dated(Table):
    from_week: Annotated[int, Field(ge=1, le=MOST_WEEKS)]
    name: Annotated[str, Field(min_length=1, max_length=255)]
    plan: ProgrammeFile


class _Pause(Table):
    first: Day
    until: Day | None = None
    why: Annotated[Why, Field(strict=False)]

    def pause(self) -> Pause:
        return Pause(ordinal(self.first), maybe_ordinal(self.until), self.why)


class _Answer(Table):
    day: Day
    deeper: bool

    def answer(self) -> Answer:
        return Answer(ordinal(self.day), self.deeper)


class ProgrammeTable(Table):
    """One person's programme."""

    plans: Annotated[list[_Dated], Field(min_length=1, max_length=MOST_WEEKS)]
    started: Day
    pauses: Annotated[list[_Pause], Field(default_factory=no_list, max_length=_MOST_PAUSES)]
    stopped: Day | None = None
    answer: _Answer | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        weeks = [dated.from_week for dated in self.plans]
        if weeks[0] != 1 or weeks != sorted(set(weeks)):
            raise unacceptable("weeks_not_rising", key="plans")
        ends = [self.started]
        for pause in self.pauses:
            ends += [pause.first, pause.until or pause.first]
        is_open = [pause.until is None for pause in self.pauses[:-1]]
        if ends != sorted(ends) or any(is_open):
            raise unacceptable("pauses_not_in_order", key="pauses")
        return self

    def programme(self) -> Programme:
        """Return it as plain data."""
        return Programme(
            plans=tuple((dated.from_week, dated.plan.plan(dated.name)) for dated in self.plans),
            started_day=ordinal(self.started),
            pauses=tuple(pause.pause() for pause in self.pauses),
            stopped_day=maybe_ordinal(self.stopped),
            answer=None if self.answer is None else self.answer.answer(),
        )


def programme_fields(programme: Programme) -> dict[str, object]:
    """Return a programme as the file has it."""
    answer = programme.answer
    return {
        "plans": [
            {"from_week": week, "name": plan.name, "plan": plan_fields(plan)}
            for week, plan in programme.plans
        ],
        "started": day_text(programme.started_day),
        "pauses": [
            {"first": day_text(p.from_day), "until": maybe_day(p.until_day), "why": p.why.value}
            for p in programme.pauses
        ],
        "stopped": maybe_day(programme.stopped_day),
        "answer": answer and {"day": day_text(answer.day), "deeper": answer.deeper},
    }


def maybe_day(day: int | None) -> str | None:
    """Return a day as ``2026-11-21``; None where there is none."""
    return None if day is None else day_text(day)


def maybe_ordinal(day: str | None) -> int | None:
    """Return the ordinal of a day; None where there is none."""
    return None if day is None else ordinal(day)
