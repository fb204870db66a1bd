"""One contact's strokes in time: one way, there and back, with a rest on the skin."""

from dataclasses import dataclass, field, replace
from typing import Final

from simulators.hand.chance import Chance
from simulators.hand.moves import Glide, Shift
from simulators.scenario import Habits

_SETTLE_S: Final = 0.04
"""The tool lies on the skin for a moment before it moves, and before it lifts off."""

_EASE_OFF_S: Final = 0.1
"""Half the time in which the hand lets off for a light way back."""

_BACK_PACE: Final = 1.3
"""A light way back is made this much faster."""


@dataclass(frozen=True, slots=True)
class Stroked:
    """A contact's course in time; the fields mean what they mean in a touch."""

    duration_s: float
    glide: tuple[Shift, ...]
    press: tuple[Shift, ...]
    glides: tuple[Glide, ...]
    repetitions: int


@dataclass(slots=True)
class _Course:
    now_s: float = 0.0
    at: float = 0.0
    glide: list[Shift] = field(default_factory=list)
    glides: list[Glide] = field(default_factory=list)

    def go(self, change: float, lasting_s: float, repetition: int | None) -> None:
        end, goal = self.now_s + lasting_s, self.at + change
        self.glide.append(Shift(self.now_s, end, change))
        self.glides.append(
            Glide(start_s=self.now_s, end_s=end, origin=self.at, goal=goal, repetition=repetition)
        )
        self.now_s, self.at = end, goal


def once(duration_s: float, *, ramp: float | None = None) -> Stroked:
    """Return a contact that glides its whole line once.

    Args:
        duration_s: of the contact.
        ramp: as a shift's.
    """
    settle = min(_SETTLE_S, duration_s / 8)
    shift = Shift(settle, duration_s - settle, 1.0, ramp)
    whole = Glide(start_s=0.0, end_s=duration_s, origin=0.0, goal=1.0, repetition=0)
    return Stroked(duration_s, (shift,), (), (whole,), 1)


def stroked(chance: Chance, habits: Habits, way_s: float, left: int) -> Stroked:
    """Return a contact of one stroke, or of two without lifting, as the habits say.

    Args:
        chance: draws rests on the skin and how light a way back is.
        habits: how this person works.
        way_s: how long one way lasts.
        left: repetitions still to be made.
    """
    course = _Course()
    press: tuple[Shift, ...] = ()
    _one_way(course, chance, habits, (1.0, way_s, 0))
    repetitions = 1
    if habits.way_back == "full" and left > 1:
        _one_way(course, chance, habits, (-1.0, way_s, 1))
        repetitions = 2
    elif habits.way_back == "light":
        less = chance.between(habits.back_force) - 1.0
        press = (Shift(course.now_s - _EASE_OFF_S, course.now_s + _EASE_OFF_S, less),)
        course.go(-1.0, way_s / _BACK_PACE, None)
    return _settled(course, press, repetitions)


def _one_way(
    course: _Course,
    chance: Chance,
    habits: Habits,
    way: tuple[float, float, int],
) -> None:
    """Go one way; in a share of all cases rest before it, on it or after it."""
    change, lasting_s, repetition = way
    if not chance.falls(habits.pauses):
        course.go(change, lasting_s, repetition)
        return
    rest_s = chance.between(habits.pause_s)
    share = int(chance.between((0.0, 3.0))) / 2
    if share > 0:
        course.go(change * share, lasting_s * share, repetition)
    course.now_s += rest_s
    if share < 1:
        course.go(change * (1 - share), lasting_s * (1 - share), repetition)


def _settled(course: _Course, press: tuple[Shift, ...], repetitions: int) -> Stroked:
    """Let the tool lie on the skin for a moment after its touch and before its lift-off."""
    glide, duration = course.glide, course.now_s
    settle = min(_SETTLE_S, min(shift.end_s - shift.start_s for shift in glide) / 8)
    glide[0] = replace(glide[0], start_s=max(glide[0].start_s, settle))
    glide[-1] = replace(glide[-1], end_s=min(glide[-1].end_s, duration - settle))
    return Stroked(duration, tuple(glide), press, tuple(course.glides), repetitions)
