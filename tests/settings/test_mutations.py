"""Shipped files with anything changed: a file that holds, or a refusal that says where and why."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.coaching.routine import Routine, StepKind
from companion.errors import FileRefused
from companion.settings.care import HIGHEST_STOP_KPA, load_care, load_person_rules
from companion.settings.faults import faults_of
from companion.settings.programmes import load_plan_file
from companion.settings.routines import load_routine
from companion.settings.user import check_settings

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

CARE = load_care()
CONFIG = Path(__file__).parents[2] / "config"
ROUTINES = [
    *sorted((CONFIG / "routines").glob("*.toml")),
    CONFIG / "templates" / "routine.toml",
]
VALUES = [
    *("0", "-1", "1e400", "inf", "nan", "2.5", "99", "1_000_000", "true", "''", '"cheek"'),
    *("[]", "[[1]]", "{}", "{ a = 1 }", "{ stop_kpa = 19 }", "2026-11-21", "0x", '"""a\nb"""'),
    *("9" * 400, '"\\u0000"', '"\\u202e"', '"{braces}"', "'''x'''"),
    '{ low = 1, high = 2, unit = "cm_per_s" }',
]
KEYS = [
    *("band", "i_accept", "cadence", "zone", "kind", "repetitions", "steps", "format", "a.b.c"),
    *('""', '"quoted key"', "band.stop_kpa", "rest_s", "say", "x" * 200, "{braces}"),
]
SIGNS = st.text("[]{}=\"'#\n.,\\ \t\r\x00aé€\U0001f600", max_size=4)
Lines = list[str]
Change = Callable[[Lines], None]


def _at(lines: Lines, place: float) -> int:
    return min(int(place * len(lines)), len(lines) - 1)


def _dropped(place: float) -> Change:
    return lambda lines: lines.__delitem__(_at(lines, place))


def _twice(place: float, other: float) -> Change:
    return lambda lines: lines.insert(_at(lines, other), lines[_at(lines, place)])


def _said(place: float, value: str) -> Change:
    def change(lines: Lines) -> None:
        key = lines[_at(lines, place)].partition("=")[0]
        lines[_at(lines, place)] = f"{key}= {value}"

    return change


def _renamed(place: float, sign: str) -> Change:
    def change(lines: Lines) -> None:
        lines[_at(lines, place)] = f"{sign}{lines[_at(lines, place)]}"

    return change


def _added(place: float, key: str, value: str) -> Change:
    return lambda lines: lines.insert(_at(lines, place), f"{key} = {value}")


def _noisy(place: float, column: float, signs: str) -> Change:
    def change(lines: Lines) -> None:
        line = lines[_at(lines, place)]
        cut = int(column * len(line))
        lines[_at(lines, place)] = f"{line[:cut]}{signs}{line[cut + 1 :]}"

    return change


PLACE = st.floats(0, 1)
CHANGES = st.lists(
    st.one_of(
        st.builds(_dropped, PLACE),
        st.builds(_twice, PLACE, PLACE),
        st.builds(_said, PLACE, st.sampled_from(VALUES)),
        st.builds(_renamed, PLACE, st.sampled_from("abz_")),
        st.builds(_added, PLACE, st.sampled_from(KEYS), st.sampled_from(VALUES)),
        st.builds(_noisy, PLACE, PLACE, SIGNS),
    ),
    min_size=1,
    max_size=5,
)


def changed(file: Path, changes: list[Change]) -> bytes:
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line]
    for change in changes:
        if lines:
            change(lines)
    return "\n".join(lines).encode()


def loaded(content: bytes, load: Callable[[Path], object]) -> object:
    """Return what a file holds, or its refusal, which must say which file and why."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "changed.toml"
        file.write_bytes(content)
        found = outcome(load, file)
    if isinstance(found, FileRefused):
        assert found.file.endswith("changed.toml")
        assert str(found).startswith(f"{found.file}: ")
        last = len(content.splitlines()) + 1
        for fault in faults_of(found):
            assert fault.file == found.file
            assert fault.reason.strip()
            assert fault.line is None or 1 <= fault.line <= last
    return found


def outcome(load: Callable[[Path], object], file: Path) -> object:
    try:
        return load(file)
    except FileRefused as refused:
        return refused


def _holds(routine: Routine) -> bool:
    ids = [step.id for step in routine.steps]
    bands = [step.band for step in routine.steps if step.kind is StepKind.TOOL]
    rising = all(
        band is not None
        and 0 < band.low_kpa < band.high_kpa < band.caution_kpa < band.stop_kpa <= HIGHEST_STOP_KPA
        for band in bands
    )
    return bool(ids) and len(ids) == len(set(ids)) and rising


@settings(max_examples=300)
@given(file=st.sampled_from(ROUTINES), changes=CHANGES)
def test_a_changed_routine_holds_or_is_refused(file: Path, changes: list[Change]) -> None:
    found = loaded(changed(file, changes), lambda path: load_routine(str(path), CARE))
    assert isinstance(found, FileRefused) or (isinstance(found, Routine) and _holds(found))


@settings(max_examples=60)
@given(changes=CHANGES)
@pytest.mark.parametrize(
    ("name", "load"),
    [
        ("care.toml", lambda path: load_care(path, str(path))),
        ("care.toml", lambda path: load_person_rules(path, str(path))),
        ("companion.toml", check_settings),
        ("programmes/beginner.toml", lambda path: load_plan_file(str(path))),
    ],
    ids=["care", "person rules", "settings", "programme"],
)
def test_another_changed_file_holds_or_is_refused(
    name: str, load: Callable[[Path], object], changes: list[Change]
) -> None:
    assert loaded(changed(CONFIG / name, changes), load) is not None


@settings(max_examples=100)
@given(content=st.binary(max_size=200))
def test_anything_at_all_is_no_traceback(content: bytes) -> None:
    found = loaded(content, lambda path: load_routine(str(path), CARE))
    assert isinstance(found, FileRefused)


def test_the_changes_reach_both_ends() -> None:
    """Show that a change can leave a routine right, and that one can break it."""
    for value, kind in (("20.5", Routine), ("-1", FileRefused)):
        lines = ROUTINES[0].read_text(encoding="utf-8").splitlines()
        place = lines.index("time_limit_s = 50") / len(lines)
        content = "\n".join(lines)
        assert "time_limit_s = 50" in content
        _said(place, value)(lines)
        found = loaded("\n".join(lines).encode(), lambda path: load_routine(str(path), CARE))
        assert isinstance(found, kind)
