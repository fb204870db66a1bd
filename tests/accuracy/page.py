"""docs/accuracy.md: the simulator's part of the table."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.accuracy.labelled import Labelled, labelled
from tests.accuracy.matrix import CONDITIONS, NO_LOSSES, SEEDS, Condition, make
from tests.accuracy.table import lines, metrics
from tests.accuracy.targets import target_rows

TROUBLED = "loss, jitter and noise"
"""The conditions of the radio, the clock and the sensors together."""
ROOT = Path(__file__).parents[2]
HEAD = """# Accuracy

*All figures on this page are simulation*: the simulated hand and sensors of this repository, whose
truth is known exactly. They show that the engine does what it is meant to do under many conditions,
not how it does on people. `python -m tests.accuracy --write docs/accuracy.md` makes this page;
`make accuracy RECORDINGS=DIR` prints the same measures for any folder of labelled recordings
([recordings.md](recordings.md)), yours included.

Each row is {count} people (seeds {seeds}, held out: nothing was chosen on them) who make 20 strokes
on cheek, forehead and neck, the same with six presses that are too hard, and 16 taps. What is not
named is the everyday person with the small roller at 100 Hz; "techniques" are seven recordings of
eight repetitions, one of each technique. Limits of a recording are in newtons, so an area that is
declared wrong changes nothing of it, as its two rows show; pressures in kilopascal are then wrong
by the same factor. The gua sha works with edges of different areas, for which one limit in newtons
would be no truth. A force at its end is taken for at least full scale, so "force saturated" warns
although the hand did not press; without acceleration gravity cannot be taken out of the force, so
in "imu missing" both are missing, and both are to be found. A zero that creeps may be called off
from 0.05 N on, and must be within 2 s of a second in the air with 0.1 N or more. The engine is told
what a repetition is, the limit and the tool's data, and nothing else.

Dose is the time in contact, and the impulse: force times that time, over all contacts. "As
recorded" is the impulse of the recording's own force over the true contacts, without the engine:
what that is off by is the sensor's. Of it the engine takes out the zero, because it reckons each
contact from what was read just before it (a zero that creeps made up to a third of the dose of
single recordings on seeds that were developed on); and of a tool that cannot tell where down is,
half of what its weight can make. The sensor's hysteresis stays. It is what is left on the large
roller and the gua sha (without it they are off by less than half a percent on seeds that were
developed on): a sensor that reads a load some thousandths of its range too low sends what a lighter
hand would send, and only a known load tells the two apart ([calibration.md](calibration.md)).

One over-pressure of the hard presses is told late, after two thirds of a second, as the hand lets
go: a press of 8.6 kPa where the limit is 8, on a zero that had crept down by 0.06 N. The recorded
force is above the limit twice for 0.1 s, more than a third of a second apart, which by the
definition is no event ("events that the force as recorded is not"; what is reached on the others
stands beside it, "as recorded"), and a recording is judged as it stands; that it is told at all is
owed to a hair. A live session is not judged so: from 0.04 N on it adds what the untouched tool
reads below nothing before it judges ([sensing.md](sensing.md), Faults), and warns of such a press.

Where bursts of frames are lost, two taps of one recording are missing in both counts. They lie
wholly within two holes: of 12 and 13 samples none came, and the taps of that hand have no rhythm
that would tell. Of 96 taps of six people on whom things were chosen three were missing, each
without a sample; none that sent one was. One hard press of a second has two warnings, because .26 s
of it are missing: after .2 s without a sample nothing is known, and a warning is taken back until
it is. "Loss, jitter and noise" are the five conditions of radio, clock and sensors together.

Where motion alone must tell, a recording of four places has ways from each to the next, which a
session does not have: it counts each step by itself. That is not exact either: of 48 recordings of
16 strokes at one place (2 to 20 cm/s, four people on whom nothing was chosen) 45 are, and 47 within
one; of 80 at four places (sixteen such people) 71 and 78. A slow way back through the air moves as
a stroke does, and the first stroke is not known before the second. Where force alone must tell, a
steady force is the same whether the tool glides, circles, stretches the skin or rests on it, so
that "unsure" is
the only true answer to these four; taps, kneading and pinches are named. Motion alone feels no
force: it names sweeps.

A smooth touch stays below the threshold for some 30 ms at either end, and from half the
threshold to twice that are one to three samples. A contact of .2 s or more is drawn out by the
bend of its edges, of which a quarter is believed: one edge is then off by some 20 ms either
way, and the time in contact hardly at all. Presses that swell from nothing over half a second
begin up to a tenth of a second earlier than anything rises above the noise. The sensor of the
large roller lags behind a hand that is gone. Taps are not drawn out: the time of double taps is
too long because a tool that leaps off the skin swings, and its own mass pulls at the sensor.
Where bursts of frames are lost, what began or ended within one is told as far as it was seen; a
contact goes on over a short one where its stroke does.

What a tool cannot count is not scored: a session, whose step declares what is done, says so as the
step begins, and counts nothing (motion alone knows no contact but that of taps and sweeps). Force
alone knows no way back: it counts a stroke for each contact, so that whoever rubs to and fro
without lifting makes twice as many as it knows; a step that asks for that is declared as cycles,
which it does not count. Where samples are missing the final count says how many more there may have
been, wholly where nobody saw them; "within what is told" takes those as told.

Thresholds were chosen on other simulated people than these. Those that count repetitions of free
motion were tried on labelled sets of five real people, with one person left out in turn. Those of
attitude and of strokes in free motion were looked at on the same four labelled recordings that they
are measured on: nobody is left out there. What the engine reaches on real recordings stands in
[sensing.md](sensing.md) (Attitude, Strokes and Repetitions of free motion); of technique, dose,
active time, over-pressure and faults there is none.
"""
TARGETS_HEAD = """## Targets

What was to be reached, over all conditions of a kind together; the last column names those that
miss it by themselves. "Clean" is every condition of a tool with force and motion in which nothing
is lost, drifts or fails. Slower than 10 cm/s and without a wheel, "unknown" is an answer: its share
for each speed stands under Direction. That no pressure is called fine while a sensor fails, and the
time to a stop, are no figures of this page: tests hold them.
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
    head = HEAD.format(count=len(seeds), seeds=", ".join(map(str, seeds)))
    targets = lines(list(target_rows(groups, conditions)))
    parts = (head, TARGETS_HEAD, *targets, *_tables(groups))
    path.write_text("\n".join(parts), encoding="utf-8")


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
