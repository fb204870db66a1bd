"""Where each place of the face stands in a session."""

from collections.abc import Mapping
from enum import StrEnum

from companion.coaching.routine import Side, Step, Zone
from companion.coaching.view import StepState, View
from companion.tui.face.drawing import Place

_SIDES = (Side.LEFT, Side.RIGHT)
_BEHIND = frozenset({StepState.DONE, StepState.SHORT})


class PlaceState(StrEnum):
    """What is to be done, or was, at a place."""

    NOW = "now"
    NEXT = "next"
    DONE = "done"
    OFF = "off"


def place_states(view: View, off: frozenset[Zone]) -> Mapping[Place, PlaceState]:
    """Return the places that this session is about; one that was only skipped is none of them.

    Args:
        view: the session.
        off: zones that are to be left alone today.
    """
    found: dict[Place, PlaceState] = {}
    for step, state in zip(view.steps, view.states, strict=True):
        for place in places_of(step):
            now = _state(state)
            if now is not None and _rank(now) > _rank(found.get(place)):
                found[place] = now
    return found | {(zone, side): PlaceState.OFF for zone in off for side in _SIDES}


def places_of(step: Step) -> tuple[Place, ...]:
    """Return the places that a step is about."""
    sides = _SIDES if step.side is Side.BOTH else (step.side,)
    return tuple((step.zone, side) for side in sides)


def _state(state: StepState) -> PlaceState | None:
    if state in _BEHIND:
        return PlaceState.DONE
    return {StepState.NOW: PlaceState.NOW, StepState.NEXT: PlaceState.NEXT}.get(state)


def _rank(state: PlaceState | None) -> int:
    order = (None, PlaceState.DONE, PlaceState.NEXT, PlaceState.NOW)
    return order.index(state)
