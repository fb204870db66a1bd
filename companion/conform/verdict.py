"""What a rule came to, and how a check says so."""

from dataclasses import dataclass
from enum import StrEnum

from companion.texts import text


class Outcome(StrEnum):
    """What a rule came to."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not_run"


class Verdict(Exception):
    """A check's end that is not "passed"; its sentence stands in the catalogue."""

    outcome: Outcome

    def __init__(self, key: str, /, **values: object) -> None:
        super().__init__(key, values)
        self.key = key
        self.values = values

    def __str__(self) -> str:
        return text(self.key, **self.values)


class Broken(Verdict):
    """The tool broke the rule; the sentence says what was seen."""

    outcome = Outcome.FAILED


class NotRun(Verdict):
    """The rule could not be tried; the sentence says why."""

    outcome = Outcome.NOT_RUN


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule's result.

    Attributes:
        id: the rule's name.
        outcome: what it came to.
        reason: what was seen, or why it was not tried; empty where it passed.
        seconds: how long it took.
    """

    id: str
    outcome: Outcome
    reason: str
    seconds: float


def expect(holds: bool, key: str, /, **values: object) -> None:  # noqa: FBT001 -- it reads as assert
    """Go on only if something holds.

    Raises:
        Broken: it does not.
    """
    if not holds:
        raise Broken(key, **values)
