"""Fill the tables of ``docs/coaching.md``: ``python docs/make_coaching.py``.

The weights come from the code, the worked example from a session of the demo.
"""

import json
import re
from collections.abc import Iterable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

from companion.__main__ import main
from companion.coaching.events import HintKind, PromptKind
from companion.coaching.hints.desk import (
    AGAIN_S,
    BETWEEN_S,
    PRIORITY,
    STEP_PRIORITY,
    warning_priority,
)
from companion.coaching.score.weights import WEIGHTS
from companion.sensing.types import Level

PAGE = Path(__file__).with_name("coaching.md")
COMMAND = ("demo", "--json", "--speed", "max", "--scenario", "heavy-hand", "--seed", "1")
_BLOCK = "<!-- {name} -->\n.*?<!-- end -->"


def page(text: str) -> str:
    """Return the page with every table as it should stand."""
    summary = played()
    blocks = {
        "weights": table(("part", "points"), WEIGHTS.items()),
        "hints": table(("hint", "priority"), ranked(HintKind)),
        "cues": table(("cue", "priority"), cues()),
        "spacing": (
            f"- at least {AGAIN_S:g} s to the next hint of its kind,\n"
            f"- at least {BETWEEN_S:g} s to any other, unless that matters more.\n"
        ),
        "steps": table(("step", "points", "of"), steps(summary)),
        "losses": table(
            ("step", "lost for", "from", "to", "kPa", "limit", "points"), lost(summary)
        ),
        "total": total(summary),
    }
    for name, block in blocks.items():
        pattern = re.compile(_BLOCK.format(name=name), re.DOTALL)
        text = pattern.sub(f"<!-- {name} -->\n{block}<!-- end -->", text)
    return text


def ranked(kind: type[HintKind | PromptKind]) -> list[tuple[object, ...]]:
    """Return what matters most first."""
    by_rank = sorted(PRIORITY.items(), key=lambda row: -row[1])
    return [(name, rank) for name, rank in by_rank if isinstance(name, kind)]


def cues() -> list[tuple[object, ...]]:
    """Return every cue that is no hint with its priority, the most important first."""
    hints = [rank for kind, rank in PRIORITY.items() if isinstance(kind, HintKind)]
    return [
        ("a warning, stop", warning_priority(Level.STOP)),
        ("a warning, caution", warning_priority(Level.CAUTION)),
        *[row for row in ranked(PromptKind) if row[0] is PromptKind.SLIP],
        ("hints (below)", f"{max(hints)} to {min(hints)}"),
        ("step", STEP_PRIORITY),
        *[row for row in ranked(PromptKind) if row[0] is not PromptKind.SLIP],
    ]


def played() -> dict[str, Any]:
    """Run the demo and return its summary."""
    out = StringIO()
    with redirect_stdout(out):
        main(list(COMMAND))
    summary: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])["summary"]
    return summary


def steps(summary: dict[str, Any]) -> list[tuple[object, ...]]:
    """Return points kept and possible of each step that has a score."""
    return [
        (step["step"], step["score"]["points"], step["score"]["possible"])
        for step in summary["steps"]
        if step["score"]
    ]


def lost(summary: dict[str, Any]) -> list[tuple[object, ...]]:
    """Return what each lost point was lost for, in order of time."""
    began_s = summary["began_s"]
    return [
        (
            loss["step"],
            f"{loss['kind']}, {loss['level']}",
            f"{loss['from_s'] - began_s:.1f} s",
            f"{loss['to_s'] - began_s:.1f} s",
            f"{loss['pressure_kpa']:.2g}",
            f"{loss['limit_kpa']:g}",
            loss["points"],
        )
        for loss in sorted(summary["score"]["losses"], key=lambda one: one["from_s"])
    ]


def total(summary: dict[str, Any]) -> str:
    """Return the sum in one sentence."""
    score = summary["score"]
    gone = sum(loss["points"] for loss in score["losses"])
    return (
        f"{score['possible']} - {gone} = {score['points']} points: "
        f"{score['percent']} of 100 (the whole part of {score['points']} / {score['possible']}).\n"
    )


def table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> str:
    """Return a table."""
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    lines += [f"| {' | '.join(str(cell) for cell in row)} |" for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
