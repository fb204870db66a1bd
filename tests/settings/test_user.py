"""The user's settings: defaults, file, environment and flags, in rising precedence."""

import tomllib
from pathlib import Path

import pytest

from companion.__main__ import main
from companion.errors import FileRefused
from companion.paths import default_file
from companion.settings.user import (
    MqttSettings,
    Origin,
    UserSettings,
    check_settings,
    load_settings,
    settings_file,
)


def write(content: str) -> Path:
    file = settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content, encoding="utf-8")
    return file


def test_the_annotated_file_says_the_defaults() -> None:
    shipped = tomllib.loads(default_file("companion.toml").read_text(encoding="utf-8"))
    assert shipped == UserSettings().model_dump()


def test_every_key_of_the_annotated_file_is_explained() -> None:
    lines = default_file("companion.toml").read_text(encoding="utf-8").splitlines()
    keys = [number for number, line in enumerate(lines) if "=" in line and line[0] != "#"]
    assert len(keys) == len(UserSettings.model_fields) - 1 + len(MqttSettings.model_fields)
    assert all(lines[number - 1].startswith("# ") for number in keys)


def test_without_anything_the_defaults_hold(home: Path) -> None:
    held = load_settings(environment={})
    assert held.settings == UserSettings()
    assert set(held.origins.values()) == {Origin.DEFAULT}
    assert held.file.is_relative_to(home)


@pytest.mark.usefixtures("home")
def test_the_stronger_place_wins_and_is_named() -> None:
    write('rate_hz = 50\ntheme = "dark"\nmute = true\n')
    environment = {"MASSAGE_COMPANION_RATE_HZ": "60", "MASSAGE_COMPANION_THEME": "light"}
    held = load_settings({"rate_hz": "70", "ascii": None}, environment)
    assert (held.settings.rate_hz, held.settings.theme, held.settings.mute) == (70, "light", True)
    assert held.origins["rate_hz"] is Origin.FLAG
    assert held.origins["theme"] is Origin.ENVIRONMENT
    assert held.origins["mute"] is Origin.FILE
    assert held.origins["ascii"] is Origin.DEFAULT


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(("word", "value"), [("1", True), ("no", False), ("true", True)])
def test_the_environment_speaks_in_words(word: str, value: bool) -> None:  # noqa: FBT001 -- a table
    assert load_settings(environment={"MASSAGE_COMPANION_MUTE": word}).settings.mute is value


@pytest.mark.usefixtures("home")
def test_a_value_equal_to_the_default_still_comes_from_where_it_stands() -> None:
    write("rate_hz = 100\n")
    assert load_settings(environment={}).origins["rate_hz"] is Origin.FILE


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("content", "where", "reason"),
    [
        ("# first\nrate_hz = 5\n", "rate_hz (line 2)", "at least 16"),
        ("rate_hz = 5000\n", "rate_hz (line 1)", "at most 1000"),
        ('rate_hz = "100"\n', "rate_hz (line 1)", "whole number"),
        ("rat_hz = 100\n", "rat_hz (line 1)", 'Did you mean "rate_hz"?'),
        ('\ntheme = "dusk"\n', "theme (line 2)", "Accepted: auto, dark, light, contrast."),
        ("mute = 1\n", "mute (line 1)", "true or false"),
        ('routine = ""\n', "routine (line 1)", ""),
        ("rate_hz = \n", "line 1", "not TOML"),
    ],
)
def test_a_broken_file_is_refused_with_key_line_and_reason(
    content: str, where: str, reason: str
) -> None:
    file = write(content)
    for load in (lambda: check_settings(file), lambda: load_settings(environment={})):
        with pytest.raises(FileRefused) as caught:
            load()
        assert caught.value.file == str(file)
        assert caught.value.where == where
        assert reason in caught.value.reason


@pytest.mark.usefixtures("home")
def test_a_broken_environment_and_a_broken_flag_are_refused() -> None:
    with pytest.raises(FileRefused, match="MASSAGE_COMPANION_") as caught:
        load_settings(environment={"MASSAGE_COMPANION_RATE_HZ": "many"})
    assert caught.value.where == "rate_hz"
    assert caught.value.reason == "this must be a whole number."
    with pytest.raises(FileRefused, match="command line"):
        load_settings({"theme": "dusk"}, {})
    with pytest.raises(FileRefused, match="rate_hz"):
        load_settings(environment={"MASSAGE_COMPANION_RATEHZ": "50"})


@pytest.mark.usefixtures("home")
def test_the_command_shows_checks_and_points(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["settings", "path"]) == 0
    assert capsys.readouterr().out == f"{settings_file()}\n"
    assert main(["settings", "check"]) == 0
    assert "the defaults hold" in capsys.readouterr().out
    file = write("rate_hz = 50\n")
    assert main(["settings", "check"]) == 0
    assert "nothing wrong" in capsys.readouterr().out
    assert main(["settings", "show", "--mute"]) == 0
    rows = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()}
    assert rows["rate_hz"] == ["50", str(file)]
    assert rows["mute"] == ["true", "flag"]
    assert rows["theme"] == ['"auto"', "default"]
    file.write_text("rate_hz = 1\n")
    assert main(["settings", "show"]) == 2
    assert str(file) in capsys.readouterr().err


@pytest.mark.usefixtures("home")
def test_the_command_tells_every_fault_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    file = write('rate_hz = 1\nthem = "dark"\nascii = "yes"\nmute = true\n')
    assert main(["settings", "check"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert [line.partition(": ")[2] for line in said.err.splitlines()] == [
        f"{file}: rate_hz (line 1): this must be at least 16.",
        (
            f'{file}: them (line 2): there is no such key. Did you mean "theme"? '
            f"Accepted: {', '.join(UserSettings.model_fields)}."
        ),
        f"{file}: ascii (line 3): this must be true or false.",
    ]
    assert main(["settings", "check", str(file.with_name("none.toml"))]) == 2
    assert "there is no such file" in capsys.readouterr().err
