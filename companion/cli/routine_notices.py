"""What is said of a routine before it is begun: whose it is, and which limits are unusual."""

from collections.abc import Iterator

from companion.coaching.events import Notice
from companion.coaching.own_limits import OwnLimits
from companion.coaching.routine import Routine
from companion.settings.routines import shadowing
from companion.settings.user import UserSettings


def own_limits(settings: UserSettings) -> OwnLimits:
    """Return the limits that the settings lower."""
    return OwnLimits(
        target=settings.target_percent / 100,
        caution=settings.caution_percent / 100,
        stop=settings.stop_percent / 100,
    )


def routine_notices(settings: UserSettings, routine: Routine) -> Iterator[Notice]:
    """Yield what should be said first.

    Args:
        settings: which routine was asked for, and whose limits hold.
        routine: what will be done, before the limits of the settings.
    """
    name, own = settings.routine, own_limits(settings)
    if file := shadowing(name):
        yield _notice("begun_with_shadow", name=name, file=str(file))
    for step in () if own.lowers else routine.steps:
        if step.accepted:
            yield _notice("limits_accepted", step=step.id, words=step.accepted)
    if own.lowers:
        shares = dict(zip(("target", "caution", "stop"), own.shares, strict=True))
        percents: dict[str, object] = {key: round(100 * one) for key, one in shares.items()}
        yield Notice(device_s=0.0, key="setup.limits.begun", values=percents)


def _notice(key: str, **values: object) -> Notice:
    return Notice(device_s=0.0, key=f"cli.routines.{key}", values=dict(values))
