"""A second language is whole, and is spoken where the settings or the environment ask for it."""

from pathlib import Path

import pytest

from companion.__main__ import main
from companion.cli.language import VARIABLE, chosen_language
from companion.settings.user import PREFIX, UserSettings, settings_file
from companion.texts import ENGLISH, languages, speaking, text
from docs.missing_texts import ENGLISH_ONLY, differences, sentences

OTHERS = [language for language in languages() if language != ENGLISH]


def write(content: str) -> None:
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text(content, encoding="utf-8")


def test_there_is_a_second_language() -> None:
    assert languages() == ("de", "en")


@pytest.mark.parametrize("language", OTHERS)
def test_it_has_every_sentence_with_the_same_placeholders(language: str) -> None:
    assert differences(language) == []


@pytest.mark.parametrize("language", OTHERS)
def test_its_sentences_are_translated(language: str) -> None:
    rooms = {file.stem for file in (Path(__file__).parents[2] / "companion/texts/en").iterdir()}
    same = total = 0
    for room in rooms - set(ENGLISH_ONLY):
        english, other = sentences(ENGLISH, room), sentences(language, room)
        long = [key for key, words in english.items() if len(words.split()) >= 5]
        same += sum(english[key] == other[key] for key in long)
        total += len(long)
    assert total > 500
    assert same <= 12


def test_what_a_language_lacks_whole_is_said_in_english() -> None:
    key = next(iter(sentences(ENGLISH, "conform")))
    with speaking("de"):
        german = text(key)
    assert german == text(key)


def test_a_language_is_spoken_within_and_the_one_before_afterwards() -> None:
    with speaking("de"):
        with speaking("tlh"):
            assert text("coaching.level.stop") == "stop"
        assert text("coaching.level.stop") == "Stopp"
    assert text("coaching.level.stop") == "stop"


@pytest.mark.usefixtures("home")
def test_the_settings_file_is_spoken_and_the_environment_before_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write('language = "de"\n')
    assert main(["tools", "list"]) == 0
    assert capsys.readouterr().out == "Hier ist noch kein Gerät bekannt: companion pair\n"
    monkeypatch.setenv(VARIABLE, "en")
    assert main(["tools", "list"]) == 0
    assert capsys.readouterr().out == "No tool is known here yet: companion pair\n"


@pytest.mark.usefixtures("home")
def test_help_and_refusals_are_spoken_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(VARIABLE, "de")
    assert main(["--help"]) == 0
    assert "Leitet eine Gesichtsmassage" in capsys.readouterr().out
    assert main(["run", "--rate", "5"]) == 2
    assert "das muss mindestens 16 sein" in capsys.readouterr().err


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("content", ["language = 3\n", "language = ", "\0", "language = [[[["])
def test_a_broken_file_is_complained_of_by_the_command_that_needs_it(
    content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(content)
    assert chosen_language() == ENGLISH
    assert main(["settings", "check"]) == 2
    assert capsys.readouterr().err.startswith("companion: ")


@pytest.mark.usefixtures("home")
def test_a_language_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    write('\nlanguage = "tlh"\n')
    assert main(["settings", "check"]) == 2
    said = capsys.readouterr().err
    assert "language (line 2): there is no such language. Accepted: de, en." in said


def test_the_variable_is_that_of_the_setting() -> None:
    assert f"{PREFIX}LANGUAGE" == VARIABLE
    assert UserSettings().language == ENGLISH
