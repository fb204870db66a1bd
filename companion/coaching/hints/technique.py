"""Whether the hand does what the step asks for, or clearly something else."""

from collections import deque
from typing import Final

from companion.coaching.events.hints import HintKind
from companion.coaching.hints.desk import Wish
from companion.coaching.routine import Step
from companion.sensing.types import Recognised, Technique

CERTAIN: Final = 0.7
"""Confidence over the newest contacts from which another technique is clear. Source: ours, grade
D, on simulated hands: of what was done as declared, none that can be told apart reached it."""

LEAST_CONTACTS: Final = 2
"""Contacts of a step from which its technique is judged: one may be a slip of the hand."""

LEAST_TAPS: Final = 3
"""The same where it looks like taps: a tool that is laid on and taken off again taps, too."""

TOUCHES_S: Final = 0.8
"""A contact longer than this is no tap: several times the .15 s of one. Source: ours, grade D."""

_BY_FORCE_ALONE = (Technique.PRESS_HOLD, Technique.PINCH, Technique.KNEAD)

ALIKE: Final = frozenset(
    {
        *(frozenset({one, other}) for one in _BY_FORCE_ALONE for other in _BY_FORCE_ALONE),
        frozenset({Technique.PINCH, Technique.CIRCLE}),
        frozenset({Technique.PINCH, Technique.STRETCH}),
        frozenset({Technique.PRESS_HOLD, Technique.STRETCH}),
    }
)
"""Pairs that an unsteady hand confuses: only the course of the force, or a short way, tells them
apart. Neither is called wrong where the other is asked for. On simulated hands, grade D."""

ALIKE_WITHOUT_WHEEL: Final = frozenset(
    frozenset({Technique.SWEEP, other})
    for other in (Technique.TAP, Technique.PINCH, Technique.KNEAD)
)
"""More such pairs where no wheel rolls: a quick short sweep is as brief as a tap, and an uneven one
swells like kneading."""


class TechniqueWatch:
    """Judges the technique of a step by its newest contacts; said once in a step.

    Args:
        has_wheel: the tool knows its travel.

    Attributes:
        is_other: it is clear that the step's own technique is not what is done.
        leans_other: it looks like another one, be it clear yet or not.
        is_known: whether anything names techniques, by the newest contact.
    """

    def __init__(self, *, has_wheel: bool) -> None:
        self._alike = ALIKE if has_wheel else ALIKE | ALIKE_WITHOUT_WHEEL
        self.is_known = False
        self.begin(0.0)

    def begin(self, began_s: float) -> None:
        """A step begins; a contact that has lasted since before it is none of its own."""
        self._began_s = began_s
        self.is_other = self.leans_other = self._is_said = False
        self._has_stroked = False
        self._contacts = 0
        self._lengths: deque[float] = deque(maxlen=LEAST_TAPS)

    def ended(
        self, step: Step, began_s: float, ended_s: float, found: Recognised | None
    ) -> list[Wish]:
        """Take the end of a contact of the step; return that it is another technique, if clear.

        Args:
            step: what is being done.
            began_s: when the contact began.
            ended_s: when it ended.
            found: what the newest contacts were, this one included; None where nothing names it.
        """
        self.is_known = found is not None
        if found is None or began_s < self._began_s:
            return []
        self._contacts += 1
        self._lengths.append(ended_s - began_s)
        seen = found.label
        self.leans_other = self._is_another(step, seen)
        least = LEAST_TAPS if seen is Technique.TAP else LEAST_CONTACTS
        is_named = self._contacts >= least and found.confidence >= CERTAIN
        self.is_other = (self.leans_other and is_named) or self._never_tapped(step, seen)
        if not self.is_other or self._is_said:
            return []
        wish = Wish(
            kind=HintKind.WRONG_TECHNIQUE,
            onset_s=began_s,
            technique=seen if self.leans_other and is_named else None,
            asked=step.technique,
        )
        return [wish]

    def stroked(self) -> None:
        """A stroke was found: what is brief then is part of a quick one, and no tap."""
        self._has_stroked = True

    def said(self) -> None:
        """It was told."""
        self._is_said = True

    def _is_another(self, step: Step, seen: Technique | None) -> bool:
        if seen is None or seen is step.technique:
            return False
        if seen is Technique.TAP and self._has_stroked:
            return False
        return frozenset({seen, step.technique}) not in self._alike

    def _never_tapped(self, step: Step, seen: Technique | None) -> bool:
        """Return whether taps are asked for, and the newest contacts were far too long for any."""
        if step.technique is not Technique.TAP or seen is Technique.TAP:
            return False
        return len(self._lengths) == LEAST_TAPS and min(self._lengths) > TOUCHES_S
