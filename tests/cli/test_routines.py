"""``companion routines``: every mistake told, a new one begun, a person's own limits, shadowing."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from companion.__main__ import main
from companion.cli.person import today
from companion.coaching.person import Person, Said
from companion.paths import default_file
from companion.settings import routines
from companion.settings.persons import save_person
from companion.settings.routine_file import BandTable, CadenceTable, RoutineFile, StepTable
from companion.settings.routines import load_routine

ONE_STEP = """format = 1
title = "One"
source = "ours"
about_s = 5

[[steps]]
id = "rest"
kind = "tool"
zone = "cheek"
side = "left"
technique = "sweep"
repetition = "stroke"
repetitions = 1
time_limit_s = 5
hint = "Roll."
say = "Roll out."
cadence = { low = 1, high = 10, unit = "cm_per_s" }
rest_s = 3
alternate_hands = true
band = { stop_kpa = 14 }
i_accept = "stop_kpa 14, for the test"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the user's folder of routines, not made yet."""
    monkeypatch.setattr(routines, "config_folder", lambda: tmp_path / "config")
    monkeypatch.setattr("companion.settings.persons.data_folder", lambda: tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path / "config" / "routines"


def written(file: Path, document: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(document, encoding="utf-8")
    return file


def known(**changes: object) -> None:
    """Make somebody known who is beyond the first weeks."""
    given = {"name": "me", "asked_day": today(), "first_day": today() - 60, "sessions": 40}
    save_person(Person(**(given | changes)))  # type: ignore[arg-type]  # checked by the class


def test_every_fault_of_every_file_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path / "a.toml", ONE_STEP.replace("cheek", "nose").replace("= 5", "= 0"))
    written(tmp_path / "b.toml", ONE_STEP)
    written(tmp_path / "c", "a = \n")
    assert main(["routines", "check", "a.toml", "b.toml", "c", "d.toml"]) == 2
    captured = capsys.readouterr()
    assert captured.out == "b.toml: nothing wrong; steps: 1\n"
    starts = [line.partition(": this")[0] for line in captured.err.splitlines()]
    assert [start[:45] for start in starts] == [
        "companion: a.toml: about_s (line 4)",
        'companion: a.toml: steps[1].zone (line 9): "nose"'[:45],
        "companion: a.toml: steps[1].time_limit_s (line 14)"[:45],
        "companion: c: line 1",
        "companion: d.toml: there is no such file.",
    ]


def test_faults_come_as_json_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(tmp_path / "a.toml", ONE_STEP.replace('"tool"', '"foot"').replace("= 5", "= 0", 1))
    written(tmp_path / "b.toml", "\n[x")
    assert main(["routines", "check", "--json", "a.toml", "b.toml", "none.toml"]) == 2
    captured = capsys.readouterr()
    assert captured.err == ""
    faults = json.loads(captured.out)
    assert [set(fault) for fault in faults] == [{"file", "line", "key", "reason", "accepted"}] * 4
    assert [(f["file"], f["line"], f["key"], f["accepted"]) for f in faults] == [
        ("a.toml", 4, "about_s", []),
        ("a.toml", 8, "steps[1].kind", ["tool", "hand"]),
        ("b.toml", 2, "", []),
        ("none.toml", None, "", []),
    ]


def test_right_files_give_an_empty_list(capsys: pytest.CaptureFixture[str]) -> None:
    shipped = str(default_file("routines", "less.toml"))
    assert main(["routines", "check", "--json", shipped]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_a_new_routine_is_the_template(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routines", "new", "mine"]) == 0
    assert capsys.readouterr().out == f"{folder / 'mine.toml'} is begun.\n"
    assert len(load_routine("mine").steps) == 2
    assert main(["routines", "check", str(folder / "mine.toml")]) == 0


def test_the_template_shows_every_key() -> None:
    template = default_file("templates", "routine.toml").read_text(encoding="utf-8")
    for model in (RoutineFile, StepTable, BandTable, CadenceTable):
        assert not [key for key in model.model_fields if key not in template]


def test_every_key_of_the_template_may_be_taken_in_use(tmp_path: Path) -> None:
    template = default_file("templates", "routine.toml").read_text(encoding="utf-8")
    head, first, second = template.split("[[steps]]\n")
    used = "\n".join(line.removeprefix("# ") for line in first.splitlines())
    used = used.replace("caution_kpa = 6 }", "caution_kpa = 6, stop_kpa = 14 }")
    file = written(tmp_path / "all.toml", f"{head}[[steps]]\n{used}\n[[steps]]\n{second}")
    step = load_routine(str(file)).steps[0]
    assert (step.say, step.rest_s, step.instead_of) == ("From the nose to the ear.", 5, "knuckles")
    assert step.band is not None
    assert step.band.stop_kpa == 14


@pytest.mark.parametrize("like", ["five-minutes", "given.toml"])
def test_a_new_routine_may_be_a_copy(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str], like: str
) -> None:
    written(tmp_path / "given.toml", ONE_STEP)
    assert main(["routines", "new", "less", "--from", like]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first == f"{folder / 'less.toml'} is begun."
    assert "in place" not in first
    assert "the shipped 'less'" in second
    assert load_routine("less").steps == load_routine(like).steps


def test_a_routine_that_is_there_is_never_overwritten(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(folder / "mine.toml", "mine")
    assert main(["routines", "new", "mine"]) == 2
    assert f"{file}: there is such a file already" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["../mine", "Mine", "my routine", "a.toml", "-x-", "x" * 300])
def test_a_name_that_does_not_do_writes_nothing(folder: Path, name: str) -> None:
    assert main(["routines", "new", "--", name]) == 2
    assert not folder.exists() or not list(folder.iterdir())


def test_a_broken_routine_is_not_copied(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path / "broken.toml", ONE_STEP.replace("cheek", "nose"))
    assert main(["routines", "new", "mine", "--from", "broken.toml"]) == 2
    assert "broken.toml: steps[1].zone" in capsys.readouterr().err
    assert not folder.exists()


def test_a_folder_that_cannot_be_made_is_one_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(folder.parent, "a file where the folder belongs")
    assert main(["routines", "new", "mine"]) == 2
    assert "cannot be read or written" in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such device there")
def test_half_a_file_does_not_stay(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = Path.open

    def full(path: Path, mode: str = "r", *how: Any, **named: Any) -> object:  # noqa: ANN401
        if mode == "x":
            path.touch()
            path, mode = Path("/dev/full"), "w"
        return opened(path, mode, *how, **named)

    monkeypatch.setattr(Path, "open", full)
    assert main(["routines", "new", "mine"]) == 2
    assert "No space left on device" in capsys.readouterr().err
    assert not list(folder.iterdir())


def test_the_path_is_the_users_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routines", "path"]) == 0
    assert capsys.readouterr().out == f"{folder}\n"
    assert not folder.exists()


@pytest.mark.parametrize(("command", "kind"), [("routines", "routine"), ("settings", "settings")])
def test_the_schema_is_the_shipped_one(
    capsys: pytest.CaptureFixture[str], command: str, kind: str
) -> None:
    assert main([command, "schema"]) == 0
    shipped = default_file("schema", f"{kind}.schema.json").read_text(encoding="utf-8")
    assert capsys.readouterr().out == shipped


def test_what_shadows_is_said_in_list_and_show(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(folder / "quick.toml", ONE_STEP)
    written(folder / "slow.toml", "nothing")
    assert main(["routines", "list"]) == 0
    (quick,) = (x for x in capsys.readouterr().out.splitlines() if x.startswith("quick "))
    assert "user" in quick
    assert quick.endswith("(yours, in place of the shipped one)")
    assert main(["routines", "list", "--json"]) == 0
    shadows = {e["name"]: e["shadows_shipped"] for e in json.loads(capsys.readouterr().out)}
    assert {name for name, value in shadows.items() if value} == {"quick", "slow"}
    assert main(["routines", "show", "quick"]) == 0
    assert f"yours, in place of the shipped one: {file}" in capsys.readouterr().out
    assert main(["routines", "show", "quick", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["shadows_shipped"] is True
    for name in ("less", str(file)):
        assert main(["routines", "show", name]) == 0
        assert "in place of" not in capsys.readouterr().out


def test_show_tells_what_a_step_asks_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written(folder / "one.toml", ONE_STEP)
    assert main(["routines", "show", "one"]) == 0
    step = capsys.readouterr().out.splitlines()[2]
    assert step.endswith(
        "2 to 6 kPa, caution 8, stop 14 (above the care table's: stop_kpa 14, for the test)  "
        "Roll. (1 to 10 cm/s; hands in turn; oil or cream; voice: Roll out.; then rest 3 s)"
    )


def test_a_session_says_whose_routine_it_is_and_what_it_raises(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(folder / "quick.toml", ONE_STEP)
    arguments = ["demo", "--speed", "max", "--scenario", "careful", "--routine", "quick"]
    assert main([*arguments, "--json"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(e["event"], e.get("key")) for e in events[:3]] == [
        ("notice", "cli.radio.note"),
        ("notice", "cli.routines.begun_with_shadow"),
        ("notice", "cli.routines.limits_accepted"),
    ]
    assert events[1]["values"] == {"name": "quick", "file": str(file)}
    assert events[2]["values"] == {"step": "rest", "words": "stop_kpa 14, for the test"}
    assert main([*arguments, "--plain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(f"your own 'quick', in place of the shipped one: {file}" in x for x in lines[:3])


def test_show_for_a_person_lowers_and_leaves_out(capsys: pytest.CaptureFixture[str]) -> None:
    before = load_routine("five-minutes").steps[0].band
    assert before is not None
    known(traits={"thin_skin": Said(today(), frozenset())}, reasons={"eyes": Said(today())})
    assert main(["routines", "show", "five-minutes", "--person", "me", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["person"] == "me"
    assert [left["step"] for left in shown["left_out"]] == ["under-eye-right", "under-eye-left"]
    assert all("glaucoma" in left["reason"] for left in shown["left_out"])
    ids = [step["id"] for step in shown["steps"]]
    assert set(shown["lowered"]) == {i for i in ids if not i.startswith("jaw")}
    assert shown["steps"][0]["band"]["stop_kpa"] == pytest.approx(before.stop_kpa * 0.75, abs=0.01)
    assert main(["routines", "show", "five-minutes", "--person", "me"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "as it holds for me today:" in lines
    assert sum("(lowered)" in line for line in lines) == 4
    assert sum(line.startswith("Left out: under-eye") for line in lines) == 2


def test_show_for_a_person_who_should_leave_everything_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    known(reasons={"isotretinoin": Said(today())})
    assert main(["routines", "show", "less", "--person", "me"]) == 0
    out = capsys.readouterr().out
    assert "nothing of it is left today" in out
    assert out.count("Left out: ") == 5
    assert main(["routines", "show", "less", "--person", "me", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["steps"] == []


def test_show_for_nobody_known_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["routines", "show", "less", "--person", "nemo"]) == 2
    assert "nobody called nemo is known here" in capsys.readouterr().err


def test_every_shipped_routine_shows_its_article_and_what_is_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for entry in routines.list_routines():
        assert main(["routines", "show", entry.name]) == 0
        _, source, known, *_ = capsys.readouterr().out.splitlines()
        assert source.startswith("after: ")
        assert "article 00" in source
        assert known.startswith("what is known: ")
        assert "grade" in known


def test_a_kind_of_tool_shows_force_and_where_it_is_too_wide(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["routines", "show", "five-minutes", "--for", "large_roller"]) == 0
    out = capsys.readouterr().out
    assert "force in newtons for large_roller, about 3 cm2 of it on the skin" in out
    assert "2 to 6 kPa, caution 8, stop 13.3 (0.6 to 1.8 N, caution 2.4, stop 4)" in out
    assert out.count("(too wide a tool: do not use it here)") == 2
    assert main(["routines", "show", "five-minutes", "--for", "small_roller", "--json"]) == 0
    forces = json.loads(capsys.readouterr().out)["force_n"]
    assert forces["under-eye-left"]["stop"] == pytest.approx(0.4)
    assert forces["jaw-left"] is None
    assert main(["routines", "show", "five-minutes", "--for", "spoon"]) == 2
    assert "there is no kind of tool called spoon" in capsys.readouterr().err
