"""A session wired as the settings ask for it, whichever radio it has."""

from dataclasses import replace
from typing import Final

from companion.ble.adapter import Adapter
from companion.cli.guiding import Shown
from companion.cli.loading import load
from companion.coaching.hints.dose import Bounds, general_bounds
from companion.coaching.routine import Routine
from companion.hub import Hub
from companion.service import Service, ServiceOptions
from companion.settings.care import load_care, load_person_rules
from companion.settings.user import UserSettings

ENGINE: Final = "companion.service.session_factory"
"""What makes a session once its tool is known; on a screen, loaded after the first picture."""


def service_for(
    adapter: Adapter,
    settings: UserSettings,
    routine: Routine,
    shown: Shown,
    *,
    base: ServiceOptions | None = None,
    bounds: Bounds | None = None,
    hub: Hub | None = None,
) -> Service:
    """Return a session as the settings ask for, not yet run.

    Args:
        adapter: the radio.
        settings: the person's settings.
        routine: what to guide.
        shown: how it is shown.
        base: what the settings do not say.
        bounds: what holds for the person; None where nobody is known.
        hub: where its events go; None for a hub of its own.

    Raises:
        FileRefused: the care file cannot be used.
    """
    if shown is not Shown.SCREEN:
        load(ENGINE)
    options = replace(
        base or ServiceOptions(),
        rate_hz=settings.rate_hz,
        stay_open=shown is Shown.SCREEN,
        haptic=settings.warn_haptic,
        muted=settings.mute,
        bounds=general_bounds(load_person_rules()) if bounds is None else bounds,
    )
    return Service(adapter, routine, load_care(), options, hub=hub)
