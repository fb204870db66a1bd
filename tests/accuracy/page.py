"""docs/accuracy.md: the simulator's part of the table."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.accuracy.labelled import Labelled, labelled
from tests.accuracy.matrix import CONDITIONS, NO_LOSSES, SEEDS, Condition, make
from tests.accuracy.table import lines, metrics

TROUBLED = "loss, jitter and noise"
"""The conditions of the radio, the clock and the sensors together."""
ROOT = Path(__file__).parents[2]
HEAD = """# Accuracy

*All figures on this page are simulation*: the simulated hand and sensors of this repository, whose
truth is known exactly. They show that the engine does what it is meant to do under many conditions,
not how it does on people. `python -m tests.accuracy --write docs/accuracy.md` makes this page;
`make accuracy RECORDINGS=DIR` prints the same measures for any folder of labelled recordings
([recordings.md](recordings.md)), yours included.

Each row is {seeds} people (seeds held out: nothing was chosen on them) who make 20 strokes on
cheek, forehead and neck, the same with six presses that are too hard, and 16 taps. What is not
named is the everyday person with the small roller at 100 Hz; "techniques" are seven recordings of
eight repetitions, one of each technique. Limits of a recording are in newtons, so an area that is
declared wrong changes nothing of it, as its two rows show; pressures in kilopascal are then wrong
by the same factor. Dose is the time in contact and the force times that time, over all contacts.
The gua sha works with edges of different areas, for which one limit in newtons would be no truth. A
force at its end is taken for at least
full scale, so "force saturated" warns although the hand did not press; without acceleration gravity
cannot be taken out of the force, so in "imu missing" both are missing, and both are to be found. A
zero that creeps may be called off from 0.05 N on, and must be within 2 s of a second in the air
with 0.1 N or more. The engine is told what a repetition is, the limit and the tool's data, and
nothing else.

Time in contact is short by what cannot be seen: a smooth touch stays below the threshold for some
30 ms at either end, and from half the threshold to twice that are one to three samples. A contact
of .3 s or more is drawn out by the bend of its edges; one edge is then off by up to 40 ms either
way, and what is left on average is the end, which is told while the force still falls and never
later than that (a hard press ends at a tenth of its own mean). Taps are not drawn out: with their
edges drawn out too, the time of double taps was off by a fifth on a person who is none of these.

What a tool cannot count is not scored: a session, whose step declares what is done, says so as the
step begins, and counts nothing (motion alone knows no contact but that of taps and sweeps). Force
alone knows no way back: it counts a stroke for each contact, so that whoever rubs to and fro
without lifting makes twice as many as it knows; a step that asks for that is declared as cycles,
which it does not count. Where samples are missing the final count says how many more there may have
been, wholly where nobody saw them; "within what is told" takes those as told.
"""


def write_page(
    path: Path, conditions: Sequence[Condition] = CONDITIONS, seeds: tuple[int, ...] = SEEDS
) -> None:
    """Make the recordings, analyse them, and write the page."""
    groups: dict[str, list[Labelled]] = {}
    for condition in conditions:
        with TemporaryDirectory() as folder:
            make(Path(folder), (condition,), seeds)
            groups[condition.name] = list(labelled(Path(folder)))
    troubled = [condition.name for condition in conditions if _is_troubled(condition)]
    if troubled:
        groups[TROUBLED] = [one for name in troubled for one in groups[name]]
    groups["all"] = [one for condition in conditions for one in groups[condition.name]]
    path.write_text("\n".join((HEAD.format(seeds=len(seeds)), *_tables(groups))), encoding="utf-8")


def _is_troubled(condition: Condition) -> bool:
    return bool(condition.sensors) or condition.losses != NO_LOSSES


def _tables(groups: dict[str, list[Labelled]]) -> Iterator[str]:
    values = {name: dict(metrics(group)) for name, group in groups.items()}
    labels = list(dict.fromkeys(label for value in values.values() for label in value))
    topics = dict.fromkeys(label.partition(":")[0] for label in labels if ":" in label)
    for topic in topics:
        columns = [label for label in labels if label.startswith(f"{topic}:")]
        rows = [
            (name, *(value.get(column, "-") for column in columns))
            for name, value in values.items()
            if any(column in value for column in columns)
        ]
        heads = ("condition", *(column.partition(": ")[2] for column in columns))
        yield f"\n## {topic[0].upper()}{topic[1:]}\n"
        yield from lines([heads, *rows])
    yield ""
