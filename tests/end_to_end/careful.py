"""Other careful hands than the suite's: every shipped routine with every tool that it fits.

    python -m tests.end_to_end.careful [--seeds 2,3,5,8,13]

Each line is one routine with one tool: the lowest score of its sessions, the lowest of a step, and
all that was told or miscounted. A careful hand should reach 95 and be told nothing. Takes a while:
the whole stack runs, in virtual time. The status is 1 where anybody was told anything.
"""

import argparse
import asyncio
import sys
from collections import Counter
from dataclasses import dataclass, field

from companion.coaching.events import AlertRaised, Hint, Summary
from companion.settings.routines import load_routine
from simulators.virtual_time import run_virtual
from tests.end_to_end.test_routines import PAIRS
from tests.end_to_end.world import world

LEAST_PERCENT = 95
LONGEST_S = 900.0


@dataclass
class Tried:
    """What several hands came to with one routine and one tool."""

    percents: list[int] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)

    @property
    def is_right(self) -> bool:
        return not self.told and min(self.percents) >= LEAST_PERCENT


async def _session(name: str, tool: str, seed: int) -> tuple[Summary, list[str]]:
    async with world("careful", routine=load_routine(name), tool=tool, seed=seed) as room:
        summary = await room.run()
        told = [f"{hint.kind}@{hint.step}" for hint in room.all(Hint)]
        return summary, [*told, *(f"{alert.kind}@{alert.step}" for alert in room.all(AlertRaised))]


def tried(name: str, tool: str, seeds: list[int]) -> Tried:
    """Let a hand of each seed do a routine with a tool."""
    found = Tried()
    for seed in seeds:
        summary, told = run_virtual(asyncio.wait_for(_session(name, tool, seed), LONGEST_S))
        off = [
            f"{step.repetitions}/{step.goal}@{step.step}"
            for step in summary.steps
            if step.goal is not None and step.repetitions != step.goal
        ]
        found.told.update(f"{words} (seed {seed})" for words in (*told, *off))
        found.percents.append(0 if summary.score is None else summary.score.percent)
        found.steps += [step.score.percent for step in summary.steps if step.score is not None]
    return found


def main() -> int:
    """Try them all and print a line for each pair."""
    parser = argparse.ArgumentParser(description="Careful hands of several seeds.")
    parser.add_argument("--seeds", default="2,3,5,8,13")
    seeds = [int(word) for word in parser.parse_args().seeds.split(",")]
    wrong = 0
    for name, tool in PAIRS:
        found = tried(name, tool, seeds)
        wrong += not found.is_right
        told = ", ".join(sorted(found.told)) or "nothing"
        lowest = min(found.steps, default=0)
        line = f"| {name} | {tool} | {min(found.percents)} | {lowest} | {told} |"
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
