"""What was judged, as one document for programs and as lines for people."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from companion.conform.rule import Rule
from companion.conform.verdict import Judged, Outcome
from companion.texts import text
from protocols.massage_tool import Calibration

FORMAT: Final = 1
"""The document's own version."""


def described(rule: Rule) -> dict[str, Any]:
    """Return a rule as data."""
    return {
        "id": rule.id,
        "title": rule.title,
        "clause": {"section": rule.section, "words": rule.clause},
        "severity": rule.severity.value,
        "slow": rule.is_slow,
        "attended": rule.is_attended,
        "parting": rule.is_parting,
    }


def document(
    *,
    radio: str,
    tool: Mapping[str, str],
    results: Iterable[tuple[Rule, Judged]],
    owed: Mapping[int, Calibration],
    complete: bool,
) -> dict[str, Any]:
    """Return a whole run as data.

    Args:
        radio: the radio's name.
        tool: address and name.
        results: each rule with what it came to.
        owed: calibrations, by channel, that could not be put back.
        complete: whether the tool answered to the end.
    """
    kept = list(results)
    return {
        "format": FORMAT,
        "radio": radio,
        "tool": dict(tool),
        "rules": [{**described(rule), **_result(judged)} for rule, judged in kept],
        "totals": {outcome.value: count for outcome, count in _counted(kept).items()},
        "complete": complete,
        "calibration_not_put_back": [
            {"channel": channel, "gain": found.gain, "offset_counts": found.offset_counts}
            for channel, found in owed.items()
        ],
    }


def line(rule: Rule, judged: Judged) -> str:
    """Return one rule's result as a person reads it."""
    values = {
        "outcome": text(f"conform.outcome.{judged.outcome}"),
        "id": rule.id,
        "title": rule.title,
        "section": rule.section,
        "clause": rule.clause,
        "reason": judged.reason,
    }
    match judged.outcome:
        case Outcome.PASSED:
            return text("conform.line", **values)
        case Outcome.FAILED:
            return text("conform.failed_line", **values)
        case Outcome.NOT_RUN:
            return text("conform.not_run_line", **values)


def last_lines(
    results: Iterable[tuple[Rule, Judged]], owed: Mapping[int, Calibration]
) -> list[str]:
    """Return the totals, and what could not be left as it was found."""
    counted = {outcome.value: count for outcome, count in _counted(results).items()}
    debts = [
        text("conform.owed", channel=channel, gain=found.gain, offset=found.offset_counts)
        for channel, found in owed.items()
    ]
    return [text("conform.totals", **counted), *debts]


def _counted(results: Iterable[tuple[Rule, Judged]]) -> dict[Outcome, int]:
    counted = Counter(judged.outcome for _, judged in results)
    return {outcome: counted[outcome] for outcome in Outcome}


def _result(judged: Judged) -> dict[str, Any]:
    return {
        "outcome": judged.outcome.value,
        "reason": judged.reason or None,
        "duration_s": judged.seconds,
    }
