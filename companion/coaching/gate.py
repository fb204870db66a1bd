"""What stands before a step: a rest, and oil on the skin before the first step that glides."""

from companion.coaching.course import Course
from companion.coaching.events import Prompt, PromptKind, StepOutcome
from companion.coaching.hints.desk import Wish
from companion.coaching.prompting import prompt
from companion.coaching.view import Phase

_ENDED_BY_ITSELF = frozenset({StepOutcome.DONE, StepOutcome.SHORT})
_ROUNDING_S = 1e-6


class Gate:
    """Holds a step back until it may begin.

    Args:
        note: what the routine says belongs on the skin; empty for nothing in particular.
        oiled: the person said already that it is there.

    Attributes:
        is_oiled: the person said that oil or cream is on the skin, in this session.
        rest_left_s: seconds of the present rest.
    """

    def __init__(self, note: str, *, oiled: bool) -> None:
        self.is_oiled = oiled
        self.rest_left_s = 0.0
        self._note = note

    def before(self, course: Course, index: int, left: StepOutcome | None) -> Phase:
        """Return what comes first: a rest after a step that ended by itself, oil before gliding.

        Args:
            course: the walk, still at the step before.
            index: the step that is to begin.
            left: how the one before ended; None where it did before.
        """
        self.rest_left_s = course.step.rest_s if left in _ENDED_BY_ITSELF else 0.0
        if self.rest_left_s:
            return Phase.RESTING
        asks = course.steps[index].slip_needed and not self.is_oiled
        return Phase.ASKING if asks else Phase.RUNNING

    def prompt(self, course: Course, phase: Phase, now_s: float) -> Prompt:
        """Return what the person is told where a step is held back."""
        if phase is Phase.ASKING:
            return prompt(course, PromptKind.SLIP, now_s, note=self._note)
        rest = Wish(kind=PromptKind.REST, onset_s=now_s, seconds=self.rest_left_s)
        return prompt(course, PromptKind.REST, now_s, rest)

    @property
    def is_rested(self) -> bool:
        """Whether the rest is over."""
        return self.rest_left_s <= _ROUNDING_S

    def rested(self, seconds: float) -> None:
        """Let time of a rest pass."""
        self.rest_left_s = max(0.0, self.rest_left_s - seconds)
