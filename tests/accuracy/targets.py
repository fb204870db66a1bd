"""What was to be reached on simulated recordings, and whether it is."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.accuracy.labelled import Labelled
from tests.accuracy.matrix import NO_LOSSES, Condition
from tests.accuracy.table import NOTHING, metrics

ROLLERS = ("small-roller", "large-roller", "passkey-roller")
HEAD = ("measure", "conditions", "target", "measured", "", "missed by itself in")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_SHARE = re.compile(r"\((\d+) of (\d+)\)")
_SPEED = re.compile(r"(\d+) cm/s")
FAST_CM_S = 10
"""From this speed on motion alone is to tell directions as surely as a wheel."""


@dataclass(frozen=True)
class Target:
    """One figure to reach.

    Attributes:
        label: the metric of the table.
        bound: what it is to be at least, or at most.
        is_least: whether at least; else its size is to be at most that.
        number: which number of its text, where the text is no share.
    """

    label: str
    bound: float
    is_least: bool = False
    number: int = 0

    def is_met(self, value: str) -> bool:
        """Return whether the text of a metric reaches it."""
        share = _SHARE.search(value)
        found = float(_NUMBER.findall(value)[self.number])
        if share is not None:
            found = int(share[1]) / int(share[2])
        return found >= self.bound if self.is_least else abs(found) <= self.bound

    @property
    def words(self) -> str:
        """The bound as the page says it."""
        which = ("", " (worst)")[self.number] if "latency" in self.label else ""
        return f"{'at least' if self.is_least else 'at most'} {self.bound:g}{which}"


def _is_whole(one: Condition) -> bool:
    return one.tool not in ("force-only", "motion-only")


def _is_clean(one: Condition) -> bool:
    return not (one.sensors or one.faults or one.techniques or one.losses != NO_LOSSES)


def _is_slow(one: Condition) -> bool:
    speed = _SPEED.search(one.name)
    return speed is not None and int(speed[1]) < FAST_CM_S


KINDS: Mapping[str, Callable[[Condition], bool]] = {
    "clean": lambda one: _is_whole(one) and _is_clean(one),
    "loss, jitter and noise": lambda one: bool(one.sensors) or one.losses != NO_LOSSES,
    "techniques": lambda one: _is_whole(one) and one.techniques,
    "force alone": lambda one: one.tool == "force-only" and not one.techniques,
    "motion alone": lambda one: one.tool == "motion-only" and not one.techniques,
    "techniques, force alone": lambda one: one.tool == "force-only" and one.techniques,
    "techniques, motion alone": lambda one: one.tool == "motion-only" and one.techniques,
    "wheel, clean": lambda one: one.tool in ROLLERS and _is_clean(one),
    "motion alone, 10 cm/s and faster": lambda one: (
        one.tool == "motion-only" and _SPEED.search(one.name) is not None and not _is_slow(one)
    ),
    "motion alone, slower": lambda one: one.tool == "motion-only" and _is_slow(one),
    "no wheel, any speed": lambda one: one.tool == "gua-sha" and not one.techniques,
    "sensors that fail": lambda one: bool(one.faults),
    "all": lambda _: True,
}
"""Kinds of conditions; "clean" is a tool with force and motion of which nothing is wrong."""
_FOUR = ("clean", "techniques", "force alone", "motion alone")
_STROKES = ("clean", "loss, jitter and noise", "force alone", "motion alone")
_PRESSED = ("clean", "loss, jitter and noise", "force alone")
_SURE = ("wheel, clean", "motion alone, 10 cm/s and faster")
_NAMED = ("clean", "techniques", "techniques, force alone", "techniques, motion alone")
_TILTED = ("clean", "loss, jitter and noise", "techniques", "motion alone", "sensors that fail")
TARGETS: Sequence[tuple[Target, Sequence[str]]] = (
    (Target("repetitions live: exact", 0.95, is_least=True), _FOUR),
    (Target("repetitions live: within one", 1.0, is_least=True), _FOUR),
    (
        Target("repetitions live: within one", 0.97, is_least=True),
        ("loss, jitter and noise",),
    ),
    (Target("repetitions final: exact", 0.97, is_least=True), _FOUR),
    (Target("strokes: median boundary error", 60.0), _STROKES),
    (Target("strokes: recall", 0.97, is_least=True), _STROKES),
    (
        Target("strokes: precision (all there are being labelled)", 0.97, is_least=True),
        _STROKES,
    ),
    (Target("direction: answered", 0.99, is_least=True), _SURE),
    (Target("direction: right, of those answered", 0.99, is_least=True), _SURE),
    (
        Target("direction: right, of those answered", 0.98, is_least=True),
        ("motion alone, slower", "no wheel, any speed"),
    ),
    (Target("direction: up taken for down or the reverse", 0.0), ("all",)),
    (Target("technique: macro F1", 0.95, is_least=True), _NAMED),
    (Target("technique: unsure", 0.05), _NAMED),
    (Target("tilt: RMSE, mean of recordings", 1.0), _TILTED),
    (Target("tilt: RMSE, worst recording", 1.0), _TILTED),
    (Target("active time: off by", 2.0), _STROKES),
    (Target("dose: time in contact off by", 2.0), (*_PRESSED, "techniques")),
    (Target("dose: impulse off by", 2.0), (*_PRESSED, "techniques")),
    (Target("over-pressure: recall", 1.0, is_least=True), _PRESSED),
    (Target("over-pressure: events with more than one alert", 0.0), _PRESSED),
    (Target("over-pressure: spurious", 1.0, number=1), _PRESSED),
    (Target("over-pressure: latency, median and worst", 100.0), _PRESSED),
    (Target("over-pressure: latency, median and worst", 250.0, number=1), _PRESSED),
    (Target("faults: found within 2 s", 1.0, is_least=True), ("sensors that fail",)),
    (Target("faults: found where there is none", 0.0), ("all",)),
)
"""What is asked for on simulated recordings, each over the kinds of conditions it is asked of."""


def target_rows(
    groups: Mapping[str, Sequence[Labelled]], conditions: Sequence[Condition]
) -> Iterator[tuple[str, ...]]:
    """Yield a header, and a row per target and kind of conditions that has such a figure.

    Args:
        groups: the recordings of each condition, by its name.
        conditions: those that were made.
    """
    yield HEAD
    alone = {one.name: dict(metrics(groups[one.name])) for one in conditions}
    chosen = {kind: [one.name for one in conditions if is_of(one)] for kind, is_of in KINDS.items()}
    pooled = {
        kind: dict(metrics([one for name in names for one in groups[name]]))
        for kind, names in chosen.items()
        if names
    }
    for target, kinds in TARGETS:
        for kind in kinds:
            value = pooled.get(kind, {}).get(target.label, NOTHING)
            if value == NOTHING:
                continue
            told = [(name, alone[name].get(target.label, NOTHING)) for name in chosen[kind]]
            short = [name for name, own in told if own != NOTHING and not target.is_met(own)]
            verdict = "met" if target.is_met(value) else "missed"
            yield target.label, kind, target.words, value, verdict, "; ".join(short) or NOTHING
