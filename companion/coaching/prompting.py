"""Prompts made from where the walk through the steps stands."""

from companion.coaching.course import Course
from companion.coaching.events.prompts import Prompt, PromptKind
from companion.coaching.hints.desk import BETWEEN_S, PRIORITY, Wish


def prompt(
    course: Course, kind: PromptKind, now_s: float, wish: Wish | None = None, note: str = ""
) -> Prompt:
    """Return a prompt about the present step, or the one that waits to begin.

    Args:
        course: the walk.
        kind: what it is about.
        now_s: seconds on the tool clock.
        wish: its figures; None for none.
        note: what to put on the skin.
    """
    step, following = course.step, course.following
    return Prompt(
        device_s=now_s,
        priority=PRIORITY[kind],
        spacing_s=BETWEEN_S,
        kind=kind,
        step=step.id,
        zone=step.zone,
        side=step.side,
        count=None if wish is None else wish.count,
        seconds=None if wish is None else wish.seconds,
        hand=None if wish is None else wish.hand,
        next_zone=None if following is None else following.zone,
        next_side=None if following is None else following.side,
        next_technique=None if following is None else following.technique,
        note=note,
    )
