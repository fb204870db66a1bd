"""The routine that the house chose for this session, where nothing of this session says another."""

import logging

from companion.coaching.events import Notice
from companion.errors import FileRefused
from companion.settings.next_routine import Choice, chosen_routine, use_up
from companion.settings.user import Origin, Settled, UserSettings

log = logging.getLogger(__name__)

_OF_THIS_SESSION = {Origin.FLAG, Origin.ENVIRONMENT}


def chosen_settings(held: Settled, settings: UserSettings) -> tuple[UserSettings, Choice | None]:
    """Return the settings with the routine that was chosen from the house, and the choice.

    It comes before a programme's and the file's; without a broker in the settings there is none.

    Args:
        held: the settings and where they come from.
        settings: what they are by now.
    """
    if not settings.mqtt.url or held.origins["routine"] in _OF_THIS_SESSION:
        return settings, None
    choice = chosen_routine()
    if choice is None:
        return settings, None
    return settings.model_copy(update={"routine": choice.routine}), choice


def chosen_notice(choice: Choice | None) -> tuple[Notice, ...]:
    """Return what is said of a choice before the session."""
    if choice is None:
        return ()
    key = "mqtt.routine_chosen"
    return (Notice(device_s=0.0, key=key, values={"routine": choice.routine}),)


def use_up_choice(choice: Choice | None) -> None:
    """Forget a choice after its session; where that fails it is only logged."""
    if choice is not None:
        try:
            use_up(choice)
        except FileRefused as refused:
            log.warning("the chosen routine stays chosen: %s", refused)
