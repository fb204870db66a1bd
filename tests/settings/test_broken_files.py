"""At least forty kinds of broken files: each fault is told in one plain sentence, all at once."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from companion.errors import FileRefused
from companion.paths import default_file
from companion.settings.care import load_care, load_person_rules
from companion.settings.evidence import load_evidence
from companion.settings.faults import FaultsFound, faults_of
from companion.settings.routines import load_routine_file
from companion.settings.user import UserSettings, check_settings
from tests.settings.small_routine import SMALL

SETTINGS = """routine = "five-minutes"
rate_hz = 100
theme = "dark"
"""
RIGHT = {
    "routine": SMALL,
    "settings": SETTINGS,
    "care": default_file("care.toml").read_text(encoding="utf-8"),
    "evidence": default_file("evidence.toml").read_text(encoding="utf-8"),
}
LOAD: dict[str, Callable[[Path], object]] = {
    "routine": lambda file: load_routine_file(str(file)),
    "settings": check_settings,
    "care": lambda file: (load_care(file, "it"), load_person_rules(file, "it")),
    "evidence": lambda file: load_evidence(file, name="it"),
}
LONG = "x" * 300
SWEEP = "sweep = { low = 2, high = 5, caution = 8, stop = 13.3 }"
ZONES = "forehead, temples, under_eye, cheek, jawline, neck_front, neck_back, decollete"
TECHNIQUES = "sweep, tap, circle, knead, pinch, press_hold, stretch"
SETTINGS_KEYS = ", ".join(UserSettings.model_fields)
FILE_KEYS = "format, title, source, evidence, slot, about_s, slip_note, steps"
STEP_KEYS = (
    "id, kind, zone, side, technique, direction, repetition, repetitions, time_limit_s, cadence, "
    "band, i_accept, slip_needed, alternate_hands, rest_s, hint, say, instead_of, rules"
)

# What is changed in a right file, and every sentence that is said of it. Lines are given where the
# file stands above; in shipped files they are held against what stands there.
BROKEN: list[tuple[str, dict[str, str], list[str]]] = [
    (
        "routine",
        {"format = 1": "format = 2"},
        [
            (
                "format (line 1): it is of format 2, from a newer version; "
                "this one knows 1. It is left as it is."
            ),
        ],
    ),
    (
        "routine",
        {"format = 1": "format = 0"},
        [
            'format (line 1): "0" is not known here. Accepted: 1.',
        ],
    ),
    (
        "routine",
        {"format = 1": 'format = "1"'},
        [
            "format (line 1): this must be 1 without quotes.",
        ],
    ),
    (
        "routine",
        {"format = 1\n": ""},
        [
            "format: this key is missing.",
        ],
    ),
    (
        "routine",
        {'title = "Small"': 'titel = "Small"'},
        [
            (
                'titel (line 2): there is no such key. Did you mean "title"? '
                "Accepted: format, title, source, evidence, slot, about_s, "
                "slip_note, steps."
            ),
        ],
    ),
    (
        "routine",
        {'title = "Small"': "title = Small"},
        [
            (
                "line 2: this is not TOML: what follows the equals sign is "
                "no value; words need quotation marks."
            ),
        ],
    ),
    (
        "routine",
        {'title = "Small"': 'title "Small"'},
        [
            "line 2: this is not TOML: an equals sign is missing after the key.",
        ],
    ),
    (
        "routine",
        {'title = "Small"': 'title = "Small'},
        [
            "line 2: this is not TOML: a quotation mark is missing before the end of the line.",
        ],
    ),
    (
        "routine",
        {'title = "Small"': 'title = "Small"\ntitle = "Other"'},
        [
            "line 3: this is not TOML: this stands here for the second time.",
        ],
    ),
    (
        "routine",
        {'title = "Small"': 'title = "Sm"all"'},
        [
            "line 2: this is not TOML: something is left over at the end of the line.",
        ],
    ),
    (
        "routine",
        {"[[steps]]": "[[steps]"},
        [
            "line 6: this is not TOML: a closing bracket is missing.",
        ],
    ),
    (
        "routine",
        {"[[steps]]": "steps = 5\n[[step]]"},
        [
            "steps (line 6): this must be a list, in square brackets.",
            f'step (line 7): there is no such key. Did you mean "steps"? Accepted: {FILE_KEYS}.',
        ],
    ),
    (
        "routine",
        {"about_s = 30": "about_s = 4000"},
        [
            "about_s (line 4): this must be at most 3600.",
        ],
    ),
    (
        "routine",
        {"about_s = 30": "about_s = -1"},
        [
            "about_s (line 4): this must be at least 1.",
        ],
    ),
    (
        "routine",
        {"about_s = 30": 'about_s = 30\nslot = "night"'},
        [
            'slot (line 5): "night" is not known here. Accepted: morning, evening, any.',
        ],
    ),
    (
        "routine",
        {"about_s = 30": f'about_s = 30\nevidence = "{LONG}"'},
        [
            "evidence (line 5): this must have at most 240 characters.",
        ],
    ),
    (
        "routine",
        {'id = "one"': 'id = "Cheek left"'},
        [
            (
                "steps[1].id (line 7): this must be lower-case letters, "
                'digits and hyphens, such as "cheek-left".'
            ),
        ],
    ),
    (
        "routine",
        {'kind = "tool"': 'kind = "roller"'},
        [
            'steps[1].kind (line 8): "roller" is not known here. Accepted: tool, hand.',
        ],
    ),
    (
        "routine",
        {'zone = "cheek"': 'zone = "jaw"'},
        [
            (
                'steps[1].zone (line 9): "jaw" is not known here. Did you '
                'mean "jawline"? Accepted: forehead, temples, under_eye, '
                "cheek, jawline, neck_front, neck_back, decollete."
            ),
        ],
    ),
    (
        "routine",
        {'zone = "cheek"': 'zone = "lips"'},
        [
            f'steps[1].zone (line 9): "lips" is not known here. Accepted: {ZONES}.',
        ],
    ),
    (
        "routine",
        {'side = "left"': 'side = "lft"'},
        [
            (
                'steps[1].side (line 10): "lft" is not known here. Did you '
                'mean "left"? Accepted: left, right, both.'
            ),
        ],
    ),
    (
        "routine",
        {'technique = "sweep"': 'technique = "sweeps"'},
        [
            (
                'steps[1].technique (line 11): "sweeps" is not known here. '
                'Did you mean "sweep"? Accepted: sweep, tap, circle, knead, '
                "pinch, press_hold, stretch."
            ),
        ],
    ),
    (
        "routine",
        {'direction = "outward"': 'direction = "down"'},
        [
            (
                'steps[1].direction (line 12): "down" is not known here. '
                "Accepted: up, outward, down_drain, any."
            ),
        ],
    ),
    (
        "routine",
        {'direction = "outward"': 'direction = "down_drain"'},
        [
            (
                'steps[1].direction (line 12): "down_drain" is for a sweep '
                "or tap on the neck only; accepted here: up, outward, any."
            ),
        ],
    ),
    (
        "routine",
        {'repetition = "stroke"': 'repetition = "strokes"'},
        [
            (
                'steps[1].repetition (line 13): "strokes" is not known here. '
                'Did you mean "stroke"? Accepted: stroke, cycle, contact.'
            ),
        ],
    ),
    (
        "routine",
        {"repetitions = 3": "repetitions = 0"},
        [
            "steps[1].repetitions (line 14): this must be at least 1.",
        ],
    ),
    (
        "routine",
        {"repetitions = 3": "repetitions = 2.5"},
        [
            "steps[1].repetitions (line 14): this must be a whole number, without quotes.",
        ],
    ),
    (
        "routine",
        {"repetitions = 3": "repetitons = 3"},
        [
            (
                "steps[1].repetitons (line 14): there is no such key. Did "
                'you mean "repetitions"? Accepted: id, kind, zone, side, '
                "technique, direction, repetition, repetitions, "
                "time_limit_s, cadence, band, i_accept, slip_needed, "
                "alternate_hands, rest_s, hint, say, instead_of, rules."
            ),
        ],
    ),
    (
        "routine",
        {"time_limit_s = 20": 'time_limit_s = "20 s"'},
        [
            "steps[1].time_limit_s (line 15): this must be a number, without quotes.",
        ],
    ),
    (
        "routine",
        {"time_limit_s = 20": "time_limit_s = nan"},
        [
            "steps[1].time_limit_s (line 15): this must be a finite number.",
        ],
    ),
    (
        "routine",
        {"time_limit_s = 20\n": ""},
        [
            "steps[1].time_limit_s (line 6): this key is missing.",
        ],
    ),
    (
        "routine",
        {'zone = "cheek"': 'zone = "under_eye"', 'technique = "sweep"': 'technique = "stretch"'},
        [
            (
                "steps[1].technique (line 11): stretch on the under-eye is "
                "refused by the care table. Accepted there: sweep, tap, "
                "press_hold."
            ),
        ],
    ),
    (
        "routine",
        {'zone = "cheek"': 'zone = "neck_front"', 'technique = "sweep"': 'technique = "knead"'},
        [
            (
                "steps[1].technique (line 11): knead on the neck, front and "
                "side is refused by the care table. Accepted there: sweep, "
                "tap."
            ),
        ],
    ),
    (
        "routine",
        {'hint = "Roll."': 'hint = "Roll."\nband = { stop_kpa = 14 }'},
        [
            (
                "steps[1].band.stop_kpa (line 17): 14 kPa is above the 13.3 "
                "kPa of the care table (cheek, sweep). Accepted: a lower "
                'value, or up to 16 with i_accept = "..." in the step, in '
                "words that name stop_kpa."
            ),
        ],
    ),
    (
        "routine",
        {'hint = "Roll."': 'hint = "Roll."\nband = { stop_kpa = 14 }\ni_accept = "all of it"'},
        [
            (
                "steps[1].i_accept (line 18): this does not name stop_kpa, "
                "which is above the care table's; say there what you accept."
            ),
        ],
    ),
    (
        "routine",
        {'hint = "Roll."': 'hint = "Roll."\nband = { stop_kpa = 17 }\ni_accept = "stop_kpa 17"'},
        [
            (
                "steps[1].band.stop_kpa (line 17): 17 kPa is above the 13.3 "
                "kPa of the care table (cheek, sweep), and above the 16 kPa "
                "that may be accepted there at most."
            ),
        ],
    ),
    (
        "routine",
        {'hint = "Roll."': 'hint = "Roll."\nband = { caution_kpa = 14 }\ni_accept = "caution_kpa"'},
        [
            (
                "steps[1].band (line 17): low, high, caution and stop must "
                "rise in this order; with the care table's values for those "
                "not given they would be 2 < 6 < 14 < 13.3."
            ),
        ],
    ),
    (
        "routine",
        {'hint = "Roll."': 'hint = "Roll."\nband = { high_kpa = 1 }'},
        [
            (
                "steps[1].band (line 17): low, high, caution and stop must "
                "rise in this order; with the care table's values for those "
                "not given they would be 2 < 1 < 8 < 13.3."
            ),
        ],
    ),
    (
        "routine",
        {'hint = "Roll."': 'hint = "Roll."\nband = { stop = 9 }'},
        [
            (
                "steps[1].band.stop (line 17): there is no such key. Did you "
                'mean "stop_kpa"? Accepted: low_kpa, high_kpa, caution_kpa, '
                "stop_kpa."
            ),
        ],
    ),
    (
        "routine",
        {'hint = "Roll."': 'hint = "Roll."\nband = { stop_kpa = 0 }'},
        [
            "steps[1].band.stop_kpa (line 17): this must be above 0.",
        ],
    ),
    (
        "routine",
        {'hint = "Roll."': 'hint = "Roll."\ni_accept = "everything"'},
        [
            (
                "steps[1].i_accept (line 17): no limit of this step is above "
                "the care table's: leave this out."
            ),
        ],
    ),
    (
        "routine",
        {
            'kind = "tool"': 'kind = "hand"',
            'hint = "Roll."': 'hint = "Roll."\nband = { stop_kpa = 9 }',
        },
        [
            "steps[1].band (line 17): a hand step is not judged and takes no band.",
        ],
    ),
    (
        "routine",
        {'hint = "Roll."': 'hint = "Roll."\ncadence = { low = 1 }'},
        [
            "steps[1].cadence.high (line 17): this key is missing.",
            "steps[1].cadence.unit (line 17): this key is missing.",
        ],
    ),
    (
        "routine",
        {'hint = "Roll."': 'hint = "Roll."\ncadence = { low = 5, high = 2, unit = "cm_per_s" }'},
        [
            "steps[1].cadence.high (line 17): this must be above low.",
        ],
    ),
    (
        "routine",
        {
            'technique = "sweep"': 'technique = "tap"',
            'hint = "Roll."': 'hint = "Roll."\ncadence = { low = 1, high = 2, unit = "cm_per_s" }',
        },
        [
            (
                "steps[1].cadence.unit (line 17): a tap, pinch or hold stays "
                "in its place; accepted here: per_minute."
            ),
        ],
    ),
    (
        "routine",
        {'hint = "Roll."': 'hint = "Roll."\nrest_s = 301'},
        [
            "steps[1].rest_s (line 17): this must be at most 300.",
        ],
    ),
    (
        "routine",
        {'hint = "Roll."': 'hint = "Roll."\nslip_needed = "yes"'},
        [
            "steps[1].slip_needed (line 17): this must be true or false.",
        ],
    ),
    (
        "routine",
        {'hint = "Roll."': 'hint = "Roll."\nrules = ["Forehead up"]'},
        [
            (
                "steps[1].rules[1] (line 17): this must be lower-case "
                'letters, digits and underscores, such as "cheeks_outward".'
            ),
        ],
    ),
    (
        "routine",
        {'hint = "Roll."': f'hint = "Roll."\nsay = "{LONG}"'},
        [
            "steps[1].say (line 17): this must have at most 80 characters.",
        ],
    ),
    (
        "routine",
        {'hint = "Roll."': 'hint = "Roll\\tit."'},
        [
            "steps[1].hint (line 16): this must be one line of text.",
        ],
    ),
    (
        "care",
        {"format = 1": "format = 3"},
        [
            (
                "format: it is of format 3, from a newer version; this one "
                "knows 1. It is left as it is."
            ),
        ],
    ),
    (
        "care",
        {SWEEP: "sweep = { low = 2, high = 9, caution = 8, stop = 13.3 }"},
        [
            "zones.forehead.sweep: low, high, caution and stop must rise in this order.",
        ],
    ),
    (
        "care",
        {SWEEP: "sweep = { low = 2, high = 5, caution = 8, stop = 21 }"},
        [
            "zones.forehead.sweep.stop: this must be at most 20.",
        ],
    ),
    (
        "care",
        {SWEEP: "sweep = { low = 2, high = 5, caution = 8 }"},
        [
            "zones.forehead.sweep.stop: this key is missing.",
        ],
    ),
    (
        "care",
        {SWEEP: "sweep = 5"},
        [
            "zones.forehead.sweep: this must be a table of keys and values.",
        ],
    ),
    (
        "care",
        {f"{SWEEP}\n": ""},
        [
            "zones.forehead.sweep: this technique needs limits here, or its name in off.",
        ],
    ),
    (
        "care",
        {'off = ["knead", "pinch"]': 'off = ["knead", "pinch", "tap"]'},
        [
            (
                "zones.temples.tap: this technique has limits here and is "
                "also listed in off; keep one."
            ),
        ],
    ),
    (
        "care",
        {'anchors = ["lymph_flow_rises", "drainage_nominal"]': 'anchors = ["lymph_flow"]'},
        [
            'zones.under_eye.anchors: there is no anchor named "lymph_flow" in this file.',
        ],
    ),
    (
        "care",
        {"hold_s = 3 }": "hold_s = 90 }"},
        [
            "zones.under_eye.press_hold.hold_s: this must be at most 60.",
        ],
    ),
    (
        "care",
        {"floor = 0.4": "floor = 0"},
        [
            "traits.floor: this must be above 0.",
        ],
    ),
    (
        "care",
        {"factor = 0.75": "factor = 1.5"},
        [
            "traits.thin_skin.factor: this must be at most 1.",
        ],
    ),
    (
        "care",
        {'only = ["tap", "circle"]': 'only = ["taps", "circle"]'},
        [
            (
                'traits.first_weeks.only[1]: "taps" is not known here. Did '
                'you mean "tap"? Accepted: sweep, tap, circle, knead, pinch, '
                "press_hold, stretch."
            ),
        ],
    ),
    (
        "care",
        {"days = 14\nsessions = 6": "sessions = 6"},
        [
            "traits.first_weeks.sessions: a trait that is counted in sessions needs days, too.",
        ],
    ),
    (
        "care",
        {'question = "Is your skin visibly thin, or are you past menopause?"\n': ""},
        [
            (
                "traits.thin_skin.question: a trait needs a question, or "
                "sessions in which it holds, and not both."
            ),
        ],
    ),
    (
        "care",
        {"[traits.oedema]": "[traits.swelling]"},
        [
            "traits.oedema: this key is missing.",
            (
                "traits.swelling: there is no such key. Accepted: floor, "
                "thin_skin, reactive_skin, retinoid_settled, retinoid_new, "
                "easy_bruising, oedema, first_weeks."
            ),
        ],
    ),
    (
        "care",
        {'zones = ["under_eye"]': 'zones = ["eye"]'},
        [
            f'reasons.eyes.zones[1]: "eye" is not known here. Accepted: {ZONES}, all.',
        ],
    ),
    (
        "care",
        {'forehead = ["temples"]': 'forehead = ["tempels"]'},
        [
            (
                'neighbours.forehead[1]: "tempels" is not known here. Did '
                'you mean "temples"? Accepted: forehead, temples, under_eye, '
                "cheek, jawline, neck_front, neck_back, decollete."
            ),
        ],
    ),
    (
        "care",
        {"caution_s = 60": "caution_s = 200"},
        [
            "dose.caution_s: caution_s must be less than stop_s.",
        ],
    ),
    (
        "care",
        {"session_s = 900": "session_s = 9000"},
        [
            "dose.session_s: this must be at most 3600.",
        ],
    ),
    (
        "care",
        {"area_cm2 = 1.0": "area_cm2 = 0"},
        [
            "tools.small_roller.area_cm2: this must be above 0.",
        ],
    ),
    (
        "settings",
        {"rate_hz = 100": "rate_hz = 5"},
        [
            "rate_hz (line 2): this must be at least 16.",
        ],
    ),
    (
        "settings",
        {"rate_hz = 100": "rate = 100", '"dark"': '"darkk"'},
        [
            (
                "rate (line 2): there is no such key. Did you mean "
                f'"rate_hz"? Accepted: {SETTINGS_KEYS}.'
            ),
            (
                'theme (line 3): "darkk" is not known here. Did you mean '
                '"dark"? Accepted: auto, dark, light, contrast.'
            ),
        ],
    ),
    (
        "settings",
        {'theme = "dark"': 'ascii = "yes"'},
        [
            "ascii (line 3): this must be true or false.",
        ],
    ),
    (
        "settings",
        {'routine = "five-minutes"': 'routine = ""'},
        [
            "routine (line 1): this is too short; characters needed: 1.",
        ],
    ),
    (
        "evidence",
        {'homes = ["hint:pulling_down"]': "homes = []"},
        [
            "rules[28].homes: a rule needs homes, or a reason in declined why it has none.",
        ],
    ),
    (
        "evidence",
        {'homes = ["hint:pulling_down"]': 'homes = ["tip:pulling_down"]'},
        [
            (
                "rules[28].homes[1]: this must be a kind of home and a name, "
                'such as "hint:pulling_down". Kinds: routine, key, care, '
                "question, profile, hint, alert, doubt, command, programme."
            ),
        ],
    ),
    (
        "evidence",
        {'articles = ["peptides"]': 'articles = ["peptide"]'},
        [
            (
                'claims[1].articles: "peptide" is not known here. Did you '
                'mean "peptides"? Accepted: peptides, therapist, sagging, '
                "sceptic, benefits."
            ),
        ],
    ),
    (
        "evidence",
        {'id = "collagen_from_massage"': 'id = "three_years_younger"'},
        [
            (
                'claims[2].id: "three_years_younger" stands here twice; each '
                "entry needs a name of its own."
            ),
        ],
    ),
]


def changed(kind: str, changes: dict[str, str]) -> str:
    document = RIGHT[kind]
    for old, new in changes.items():
        assert old in document
        document = document.replace(old, new, 1)
    return document


@pytest.mark.parametrize(
    ("kind", "changes", "sentences"), BROKEN, ids=[f"{n}-{one[0]}" for n, one in enumerate(BROKEN)]
)
def test_every_fault_is_told_in_its_plain_sentence(
    tmp_path: Path, kind: str, changes: dict[str, str], sentences: list[str]
) -> None:
    file, document = tmp_path / "it.toml", changed(kind, changes)
    file.write_text(document, encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        LOAD[kind](file)
    faults = faults_of(refused.value)
    said = [str(FaultsFound([fault])).partition(": ")[2] for fault in faults]
    if kind in ("care", "evidence"):
        said = [re.sub(r" \(line \d+\)", "", sentence) for sentence in said]
    assert said == sentences
    lines = document.splitlines()
    for fault in faults:
        if fault.line is not None and fault.key:
            *tables, key = re.sub(r"\[\d+\]", "", fault.key).split(".")
            names = {key, *tables}
            assert any(name in lines[fault.line - 1] for name in names)


def test_at_least_forty_kinds_of_files_are_tried() -> None:
    assert len({tuple(sentences) for _, _, sentences in BROKEN}) > 60
    assert {kind for kind, _, _ in BROKEN} == set(RIGHT)


@pytest.mark.parametrize("kind", RIGHT)
def test_the_files_that_are_changed_were_right(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "it.toml"
    file.write_text(RIGHT[kind], encoding="utf-8")
    assert LOAD[kind](file)


@pytest.mark.parametrize("kind", ["routine", "care", "evidence"])
def test_a_file_from_a_newer_version_is_reported_and_kept(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "it.toml"
    newer = RIGHT[kind].replace("format = 1", 'format = 7\nnew_key = "unheard of"', 1)
    file.write_text(newer, encoding="utf-8")
    with pytest.raises(FileRefused, match="it is of format 7, from a newer version") as refused:
        LOAD[kind](file)
    assert len(faults_of(refused.value)) == 1
    assert file.read_text(encoding="utf-8") == newer
