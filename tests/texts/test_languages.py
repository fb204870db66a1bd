"""A second language is whole, and is spoken where the settings or the environment ask for it."""

from pathlib import Path

import pytest

from companion.__main__ import main
from companion.cli.language import VARIABLE, chosen_language
from companion.settings.care import load_person_rules
from companion.settings.evidence import load_evidence
from companion.settings.programmes import list_plans, programmes_folder
from companion.settings.routines import list_routines, load_routine, routines_folder
from companion.settings.spoken import WORDS
from companion.settings.user import PREFIX, UserSettings, settings_file
from companion.texts import ENGLISH, languages, phrase, speaking, text
from docs.missing_texts import ENGLISH_ONLY, data_words, differences, sentences

ROOT = Path(__file__).parents[2]
OTHERS = [language for language in languages() if language != ENGLISH]


def write(content: str) -> None:
    settings_file().parent.mkdir(parents=True, exist_ok=True)
    settings_file().write_text(content, encoding="utf-8")


def test_there_is_a_second_language() -> None:
    assert {"de", "en"} <= set(languages())


@pytest.mark.parametrize("language", OTHERS)
def test_it_has_every_sentence_with_the_same_placeholders(language: str) -> None:
    assert differences(language) == []


@pytest.mark.parametrize("language", OTHERS)
def test_its_sentences_are_translated(language: str) -> None:
    rooms = {file.stem for file in (ROOT / "companion/texts/en").iterdir()}
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


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("subject", WORDS)
def test_the_words_of_data_files_are_translated(language: str, subject: str) -> None:
    words = data_words(subject)
    assert len(words) >= 16
    with speaking(language):
        same = [each for each in words if phrase(subject, each) == each]
    assert same == []


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("language", OTHERS)
def test_every_shipped_file_can_be_used_in_it_and_says_the_same_numbers(language: str) -> None:
    def told() -> list[object]:
        routines, plans = list_routines(), list_plans()
        assert {entry.fault for entry in routines} | {entry.fault for entry in plans} == {None}
        contents = [*(entry.content for entry in routines), *(entry.content for entry in plans)]
        rules, evidence = load_person_rules(), load_evidence()
        questions = [trait.question for trait in rules.traits.values()]
        return [*contents, questions, evidence.claims, evidence.rules]

    def figures() -> list[object]:
        routines = [entry.content for entry in list_routines() if entry.content is not None]
        return [(one.name, step.id, step.band) for one in routines for step in one.steps]

    english, in_english = told(), figures()
    with speaking(language):
        assert all(other != one for other, one in zip(told(), english, strict=True))
        assert figures() == in_english
    assert told() == english


@pytest.mark.usefixtures("home")
def test_a_file_of_ones_own_is_shown_as_it_was_written() -> None:
    for folder, kind, name in (
        (routines_folder(), "routines", "five-minutes"),
        (programmes_folder(), "programmes", "less"),
    ):
        folder.mkdir(parents=True)
        shipped = ROOT / "config" / kind / f"{name}.toml"
        (folder / shipped.name).write_text(shipped.read_text("utf-8"), encoding="utf-8")
    with speaking("de"):
        mine = load_routine("five-minutes")
        titles = {entry.name: entry.content.title for entry in list_plans() if entry.content}
    assert mine == load_routine("five-minutes")
    assert mine.steps[0].hint.startswith("Roll up from the brow")
    assert titles["less"] == "Less is fine: three days a week"
    assert titles["mornings"] == "Jeden Morgen leicht ableiten"


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
    accepted = ", ".join(languages())
    assert f"language (line 2): there is no such language. Accepted: {accepted}." in said


def test_the_variable_is_that_of_the_setting() -> None:
    assert f"{PREFIX}LANGUAGE" == VARIABLE
    assert UserSettings().language == ENGLISH
