"""What is said of a routine before it is begun: whose it is, and which limits it raises."""

from collections.abc import Iterator

from companion.coaching.events import Notice
from companion.coaching.routine import Routine
from companion.settings.routines import shadowing


def routine_notices(name_or_path: str, routine: Routine) -> Iterator[Notice]:
    """Yield what should be said first.

    Args:
        name_or_path: what was asked for.
        routine: what will be done.
    """
    if file := shadowing(name_or_path):
        yield _notice("begun_with_shadow", name=name_or_path, file=str(file))
    for step in routine.steps:
        if step.accepted:
            yield _notice("limits_accepted", step=step.id, words=step.accepted)


def _notice(key: str, **values: object) -> Notice:
    return Notice(device_s=0.0, key=f"cli.routines.{key}", values=dict(values))
