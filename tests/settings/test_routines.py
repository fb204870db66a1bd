"""Routine files: the shipped ones' facts, every refusal's words, the user's own folder."""

import re
from pathlib import Path

import pytest

from companion.coaching.routine import (
    Cadence,
    CadenceUnit,
    Direction,
    Side,
    Step,
    StepKind,
    Zone,
)
from companion.errors import FileRefused
from companion.paths import default_file
from companion.sensing.types import Band, RepetitionKind, Technique
from companion.settings import routines
from companion.settings.care import HIGHEST_STOP_KPA
from companion.settings.faults import faults_of
from companion.settings.named_files import Origin
from companion.settings.routines import list_routines, load_routine
from tests.settings.small_routine import SMALL


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the user's folder of routines, empty."""
    monkeypatch.setattr(routines, "config_folder", lambda: tmp_path)
    folder = tmp_path / "routines"
    folder.mkdir()
    return folder


def test_the_five_minute_routine_is_the_articles() -> None:
    routine = load_routine("five-minutes")
    assert (routine.name, routine.title) == ("five-minutes", "Five minutes for the face")
    assert (routine.about_s, routine.slot) == (300.0, "any")
    assert "il" in routine.slip_note
    steps = [(s.zone, s.side, s.technique, s.repetitions, s.kind) for s in routine.steps]
    tool, hand = StepKind.TOOL, StepKind.HAND
    assert steps == [
        (Zone.FOREHEAD, Side.BOTH, Technique.SWEEP, 10, tool),
        (Zone.CHEEK, Side.LEFT, Technique.SWEEP, 10, tool),
        (Zone.CHEEK, Side.RIGHT, Technique.SWEEP, 10, tool),
        (Zone.JAWLINE, Side.LEFT, Technique.PINCH, 5, hand),
        (Zone.JAWLINE, Side.RIGHT, Technique.PINCH, 5, hand),
        (Zone.UNDER_EYE, Side.RIGHT, Technique.TAP, 10, tool),
        (Zone.UNDER_EYE, Side.LEFT, Technique.TAP, 10, tool),
        (Zone.NECK_FRONT, Side.BOTH, Technique.SWEEP, 10, tool),
    ]
    up, out = Direction.UP, Direction.OUTWARD
    assert [s.direction for s in routine.steps] == [up, out, out, out, out, out, out, up]
    assert [s.time_limit_s for s in routine.steps] == [60, 80, 80, 20, 20, 45, 45, 90]
    assert all(s.instead_of for s in routine.steps if s.kind is tool)
    stroke, contact = RepetitionKind.STROKE, RepetitionKind.CONTACT
    assert [s.repetition for s in routine.steps] == [
        *[stroke] * 3,
        *[contact] * 4,
        stroke,
    ]


def test_the_five_minute_routine_has_the_tables_limits() -> None:
    cheek, eye = Band(2, 6, 8, 13.3), Band(0.3, 1.5, 2.7, 4)
    assert [s.band for s in load_routine("five-minutes").steps] == [
        Band(2, 5, 8, 13.3),
        cheek,
        cheek,
        None,
        None,
        eye,
        eye,
        Band(1, 3, 4, 6),
    ]


SHIPPED = [
    "beginner",
    "drainage",
    "five-minutes",
    "five-minutes-drain",
    "five-minutes-stone",
    "less",
    "quick",
    "slow",
    "techniques",
]


def test_every_shipped_routine_loads_and_promises_nothing() -> None:
    forbidden = re.compile(r"collagen|detox|toxin|younger|wrinkle|elastin", re.IGNORECASE)
    entries = list_routines()
    assert [e.name for e in entries] == SHIPPED
    for entry in entries:
        assert entry.fault is None
        assert (entry.origin, entry.shadows_shipped) == (Origin.SHIPPED, False)
        file = default_file("routines", f"{entry.name}.toml")
        assert not forbidden.search(file.read_text(encoding="utf-8"))


def loaded(folder: Path, document: str) -> FileRefused:
    file = folder / "mine.toml"
    file.write_text(document, encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        load_routine(str(file))
    assert refused.value.file == str(file)
    assert refused.value.exit_code == 2
    return refused.value


ZONES = "forehead, temples, under_eye, cheek, jawline, neck_front, neck_back, decollete"
STEP_KEYS = (
    "id, kind, zone, side, technique, direction, repetition, repetitions, time_limit_s, cadence, "
    "band, i_accept, slip_needed, alternate_hands, rest_s, hint, say, instead_of, rules"
)
TECHNIQUES = "sweep, tap, circle, knead, pinch, press_hold, stretch"


@pytest.mark.parametrize(
    ("old", "new", "where", "reason"),
    [
        (
            'zone = "cheek"',
            'zone = "cheeck"',
            "steps[1].zone (line 9)",
            f'"cheeck" is not known here. Did you mean "cheek"? Accepted: {ZONES}.',
        ),
        (
            'technique = "sweep"',
            'technique = "rub"',
            "steps[1].technique (line 11)",
            f'"rub" is not known here. Accepted: {TECHNIQUES}.',
        ),
        (
            "repetitions = 3",
            "repetitons = 3",
            "steps[1].repetitons (line 14)",
            (f'there is no such key. Did you mean "repetitions"? Accepted: {STEP_KEYS}.'),
        ),
        (
            "about_s = 30",
            "about = 30",
            "about (line 4)",
            (
                'there is no such key. Did you mean "about_s"? Accepted: format, title, source, '
                "evidence, slot, about_s, slip_note, steps."
            ),
        ),
        (
            "repetitions = 3",
            'repetitions = "3"',
            "steps[1].repetitions (line 14)",
            "this must be a whole number, without quotes.",
        ),
        (
            "repetitions = 3",
            "repetitions = 2.5",
            "steps[1].repetitions (line 14)",
            "this must be a whole number, without quotes.",
        ),
        (
            "repetitions = 3",
            "repetitions = 0",
            "steps[1].repetitions (line 14)",
            "this must be at least 1.",
        ),
        (
            "repetitions = 3",
            "repetitions = 201",
            "steps[1].repetitions (line 14)",
            "this must be at most 200.",
        ),
        (
            "time_limit_s = 20",
            "time_limit_s = 601",
            "steps[1].time_limit_s (line 15)",
            "this must be at most 600.",
        ),
        (
            "time_limit_s = 20",
            "time_limit_s = inf",
            "steps[1].time_limit_s (line 15)",
            "this must be a finite number.",
        ),
        (
            "time_limit_s = 20",
            "time_limit_s = true",
            "steps[1].time_limit_s (line 15)",
            "this must be a number, without quotes.",
        ),
        (
            "time_limit_s = 20\n",
            "",
            "steps[1].time_limit_s (line 6)",
            "this key is missing.",
        ),
        ('title = "Small"', "title = 5", "title (line 2)", "this must be text, in quotes."),
        (
            'title = "Small"',
            'title = ""',
            "title (line 2)",
            "this is too short; characters needed: 1.",
        ),
        (
            'title = "Small"',
            'title = """a\nb"""',
            "title (line 2)",
            "this must be one line of text.",
        ),
        (
            'id = "one"',
            'id = "One two"',
            "steps[1].id (line 7)",
            'this must be lower-case letters, digits and hyphens, such as "cheek-left".',
        ),
        (
            'hint = "Roll."',
            'hint = "Roll."\nband = 5',
            "steps[1].band (line 17)",
            "this must be a table of keys and values.",
        ),
        (
            'kind = "tool"',
            'kind = "hand"\nband = { stop_kpa = 5 }',
            "steps[1].band (line 9)",
            "a hand step is not judged and takes no band.",
        ),
        (
            'direction = "outward"',
            'direction = "down_drain"',
            "steps[1].direction (line 12)",
            '"down_drain" is for a sweep or tap on the neck only; accepted here: up, outward, any.',
        ),
        (
            'zone = "cheek"\nside = "left"\ntechnique = "sweep"',
            'zone = "temples"\nside = "left"\ntechnique = "knead"',
            "steps[1].technique (line 11)",
            (
                "knead on the temples is refused by the care table. "
                "Accepted there: sweep, tap, circle, press_hold, stretch."
            ),
        ),
        (
            'hint = "Roll."',
            'hint = "Roll."\n[steps.band]\nhigh_kpa = 4\nstop_kpa = 13.4',
            "steps[1].band.stop_kpa (line 19)",
            (
                "13.4 kPa is above the 13.3 kPa of the care table (cheek, sweep). Accepted: a "
                'lower value, or up to 16 with i_accept = "..." in the step, '
                "in words that name stop_kpa."
            ),
        ),
        (
            'hint = "Roll."',
            'hint = "Roll."\nband = { high_kpa = 1.5 }',
            "steps[1].band (line 17)",
            (
                "low, high, caution and stop must rise in this order; with the care table's values "
                "for those not given they would be 2 < 1.5 < 8 < 13.3."
            ),
        ),
        (
            'hint = "Roll."',
            'hint = "Roll."\ni_accept = true',
            "steps[1].i_accept (line 17)",
            "this must be text, in quotes.",
        ),
        (
            'hint = "Roll."',
            'hint = "Roll."\ni_accept = "everything"',
            "steps[1].i_accept (line 17)",
            "no limit of this step is above the care table's: leave this out.",
        ),
        (
            'hint = "Roll."',
            'hint = "Roll."\ni_accept = "all of it"\nband = { stop_kpa = 12 }',
            "steps[1].i_accept (line 17)",
            "no limit of this step is above the care table's: leave this out.",
        ),
        (
            'hint = "Roll."',
            'hint = "Roll."\ni_accept = "a firm caution_kpa"\nband = { stop_kpa = 14 }',
            "steps[1].i_accept (line 17)",
            (
                "this does not name stop_kpa, which is above the care table's; "
                "say there what you accept."
            ),
        ),
        (
            'hint = "Roll."',
            'hint = "Roll."\ni_accept = "stop_kpa of 16.1"\nband = { stop_kpa = 16.1 }',
            "steps[1].band.stop_kpa (line 18)",
            (
                "16.1 kPa is above the 13.3 kPa of the care table (cheek, sweep), "
                "and above the 16 kPa that may be accepted there at most."
            ),
        ),
        (
            'hint = "Roll."',
            'hint = "Roll."\ncadence = { low = 20, high = 20, unit = "per_minute" }',
            "steps[1].cadence.high (line 17)",
            "this must be above low.",
        ),
        (
            'hint = "Roll."',
            'hint = "Roll."\ncadence = { low = 20, high = 30, unit = "hz" }',
            "steps[1].cadence.unit (line 17)",
            '"hz" is not known here. Accepted: per_minute, cm_per_s.',
        ),
        (
            'technique = "sweep"',
            'technique = "tap"\ncadence = { low = 1, high = 3, unit = "cm_per_s" }',
            "steps[1].cadence.unit (line 12)",
            "a tap, pinch or hold stays in its place; accepted here: per_minute.",
        ),
        (
            'hint = "Roll."',
            'hint = "Roll."\nrest_s = 301',
            "steps[1].rest_s (line 17)",
            "this must be at most 300.",
        ),
        (
            'hint = "Roll."',
            'hint = "Roll."\nslip_needed = "no"',
            "steps[1].slip_needed (line 17)",
            "this must be true or false.",
        ),
        (
            "[[steps]]",
            "[steps]",
            "steps (line 6)",
            "this must be a list, in square brackets.",
        ),
    ],
)
def test_what_a_routine_may_not_say_is_refused_with_key_line_and_reason(
    home: Path, old: str, new: str, where: str, reason: str
) -> None:
    assert old in SMALL
    refused = loaded(home, SMALL.replace(old, new, 1))
    assert (refused.where, refused.reason) == (where, reason)


def test_a_routine_needs_steps_with_ids_of_their_own(home: Path) -> None:
    head, table = SMALL.split("[[steps]]")
    refused = loaded(home, head + "steps = []\n")
    assert (refused.where, refused.reason) == (
        "steps (line 6)",
        "too few items; at least needed: 1.",
    )
    refused = loaded(home, SMALL + "[[steps]]" + table)
    assert refused.where == "steps[2].id (line 18)"
    assert (
        refused.reason == 'another step is already called "one"; each step needs an id of its own.'
    )
    steps = "".join("[[steps]]" + table.replace('"one"', f'"step-{n}"') for n in range(101))
    assert loaded(home, head + steps).reason == "this takes at most 100 items."


def test_the_first_of_several_faults_is_named_and_the_others_counted(home: Path) -> None:
    document = SMALL.replace('"cheek"', '"nose"').replace("= 20", "= -1").replace('"Small"', "1")
    refused = loaded(home, document)
    assert refused.where == "title (line 2)"
    assert refused.reason == "this must be text, in quotes. (2 more to mend in this file.)"


def test_a_long_value_is_shown_short(home: Path) -> None:
    refused = loaded(home, SMALL.replace('"cheek"', f'"{"x" * 90}"'))
    assert f'"{"x" * 40}…" is not known here.' in refused.reason


def test_limits_may_be_lowered(home: Path) -> None:
    file = home / "soft.toml"
    file.write_text(f"{SMALL}band = {{ low_kpa = 1, high_kpa = 3, caution_kpa = 4.5 }}\n", "utf-8")
    (step,) = load_routine("soft").steps
    assert step.band == Band(1, 3, 4.5, 13.3)
    assert load_routine(str(file)).steps == (step,)


def only_step(home: Path, **changes: str) -> Step:
    document = SMALL
    for key, value in changes.items():
        document = re.sub(rf"^{key} = .*\n", "", document, flags=re.MULTILINE)
        document += f"{key} = {value}\n"
    (home / "changed.toml").write_text(document, encoding="utf-8")
    (step,) = load_routine("changed").steps
    return step


def test_a_limit_above_the_table_holds_where_it_is_accepted_by_name(home: Path) -> None:
    words = "caution_kpa 9 and stop_kpa 16, as kneading has it"
    raised = only_step(home, band="{ caution_kpa = 9, stop_kpa = 16 }", i_accept=f'"{words}"')
    assert raised.band == Band(2, 6, 9, 16)
    assert raised.accepted == words
    assert only_step(home).accepted == ""


@pytest.mark.parametrize(
    ("zone", "technique", "most"),
    [("under_eye", "tap", 4), ("neck_front", "sweep", 6), ("temples", "tap", 8)],
)
def test_no_words_raise_a_limit_above_the_highest_stop_of_the_zone(
    home: Path, zone: str, technique: str, most: float
) -> None:
    place = {"zone": f'"{zone}"', "technique": f'"{technique}"', "i_accept": '"stop_kpa"'}
    with pytest.raises(FileRefused, match=f"above the {most:g} kPa that may be accepted"):
        only_step(home, **place, band=f"{{ stop_kpa = {most + 0.1} }}")


def test_the_jaw_ends_at_the_highest_stop_of_all(home: Path) -> None:
    place = {"zone": '"jawline"', "i_accept": '"stop_kpa, as a test"'}
    step = only_step(home, **place, band="{ stop_kpa = 20 }")
    assert step.band is not None
    assert step.band.stop_kpa == HIGHEST_STOP_KPA
    with pytest.raises(FileRefused, match="at most"):
        only_step(home, **place, band="{ stop_kpa = 20.1 }")


@pytest.mark.parametrize(
    ("technique", "needed"),
    [
        ("sweep", True),
        ("circle", True),
        ("stretch", True),
        ("tap", False),
        ("knead", False),
        ("pinch", False),
        ("press_hold", False),
    ],
)
def test_what_glides_needs_slip_unless_the_step_says_otherwise(
    home: Path, technique: str, *, needed: bool
) -> None:
    assert only_step(home, technique=f'"{technique}"').slip_needed is needed
    for said in (True, False):
        step = only_step(home, technique=f'"{technique}"', slip_needed=str(said).lower())
        assert step.slip_needed is said


def test_pace_rest_voice_and_hands_reach_the_step(home: Path) -> None:
    plain = only_step(home)
    assert (plain.cadence, plain.rest_s, plain.say, plain.alternate_hands) == (None, 0, "", False)
    step = only_step(
        home,
        cadence='{ low = 1, high = 10, unit = "cm_per_s" }',
        rest_s="5",
        say='"Roll out to the ear."',
        alternate_hands="true",
    )
    assert step.cadence == Cadence(1, 10, CadenceUnit.CM_PER_S)
    assert (step.rest_s, step.say, step.alternate_hands) == (5, "Roll out to the ear.", True)


def test_every_fault_is_found_with_its_line_and_what_is_accepted(home: Path) -> None:
    document = SMALL.replace('"Small"', "1").replace('zone = "cheek"', 'zone = "cheeck"')
    other = (
        SMALL.partition("[[steps]]")[2]
        .replace("repetitions = 3", "repetitons = 3")
        .replace('hint = "Roll."', 'hint = "Roll."\nband = { stop_kpa = 99 }')
    )
    refused = loaded(home, f"{document}[[steps]]{other}")
    faults = faults_of(refused)
    assert [(f.line, f.key) for f in faults] == [
        (2, "title"),
        (9, "steps[1].zone"),
        (18, "steps[2].id"),
        (25, "steps[2].repetitons"),
        (28, "steps[2].band.stop_kpa"),
    ]
    assert {f.file for f in faults} == {str(home / "mine.toml")}
    assert faults[1].accepted == tuple(ZONES.split(", "))
    assert faults[3].accepted == tuple(STEP_KEYS.split(", "))
    assert faults[4].accepted == ()
    assert "(4 more to mend in this file.)" in str(refused)


def test_steps_in_one_list_have_their_lines_too(home: Path) -> None:
    step = (
        '{ id = "ID", kind = "tool", zone = "cheek", side = "left", technique = "sweep", '
        'repetition = "stroke", time_limit_s = 20, hint = "Roll." }'
    )
    steps = [step.replace("ID", name) for name in ("one", "two", "one")]
    head = SMALL.partition("[[steps]]")[0].strip()
    listed = ", # more\n  ".join(steps)
    refused = loaded(home, f"{head}\nsteps = [\n  {listed},\n]\n")
    assert refused.where == "steps[3].id (line 8)"


def test_a_drain_down_the_neck_is_allowed(home: Path) -> None:
    document = SMALL.replace('"cheek"', '"neck_front"').replace('"outward"', '"down_drain"')
    (home / "drain.toml").write_text(document, encoding="utf-8")
    assert load_routine("drain").steps[0].direction is Direction.DOWN_DRAIN


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    with pytest.raises(FileRefused) as refused:
        load_routine("five-minute")
    assert str(refused.value) == (
        "five-minute: there is no routine of this name. "
        f'Did you mean "five-minutes"? Accepted: {", ".join(SHIPPED)}.'
    )


@pytest.mark.parametrize("name", ["nowhere/mine.toml", "mine.toml", "../mine", "a\0.toml", "."])
def test_a_path_that_leads_nowhere_is_refused(name: str) -> None:
    with pytest.raises(FileRefused):
        load_routine(name)


def test_a_users_routine_shadows_a_shipped_one_and_says_so(home: Path) -> None:
    (home / "five-minutes.toml").write_text(SMALL, encoding="utf-8")
    (home / "broken.toml").write_text("format = ", encoding="utf-8")
    (home / "notes.txt").write_text("not a routine", encoding="utf-8")
    entries = {entry.name: entry for entry in list_routines()}
    assert sorted(entries) == sorted([*SHIPPED, "broken"])
    broken, five = entries["broken"], entries["five-minutes"]
    assert (five.origin, five.shadows_shipped) == (Origin.USER, True)
    assert five.content is not None
    assert five.content.title == "Small"
    assert load_routine("five-minutes") == five.content
    assert (broken.name, broken.content, broken.shadows_shipped) == ("broken", None, False)
    assert broken.fault is not None
    assert broken.fault.file == str(home / "broken.toml")


def test_a_missing_folder_of_the_user_is_no_fault(home: Path) -> None:
    home.rmdir()
    assert [e.name for e in list_routines()] == SHIPPED
