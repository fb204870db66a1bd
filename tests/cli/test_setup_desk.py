"""What the Set-up screen arranges on this computer: answers, settings, trials, a broken file."""

from argparse import Namespace
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from companion.cli.persons import keep_session, prepared
from companion.cli.setup_desk import SetupDesk, desk_of
from companion.coaching.events import SessionOutcome
from companion.coaching.person import ALL_ZONES
from companion.coaching.routine import Zone
from companion.errors import CompanionError, FileRefused
from companion.mqtt.address import PASSWORD_VARIABLE
from companion.settings.persons import load_persons
from companion.settings.routines import load_routine
from companion.settings.user import check_settings, settings_file
from companion.settings.watched import WatchedSettings
from companion.tui.setup import Entry
from tests.cli.people import At, clock, summary


@pytest.fixture
def at(home: Path, monkeypatch: pytest.MonkeyPatch) -> At:
    assert home.is_dir()
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    set_clock = clock(monkeypatch)
    set_clock("2026-11-21T12:00")
    return set_clock


def desk() -> SetupDesk:
    return SetupDesk(Namespace(), WatchedSettings())


async def entries(of: SetupDesk) -> dict[str, Entry]:
    return {entry.key: entry for section in await of.sections() for entry in section.entries}


async def told(lines: AsyncIterator[str]) -> list[str]:
    return [line async for line in lines]


async def answer_all(of: SetupDesk, *yes: str) -> None:
    for key, entry in (await entries(of)).items():
        if entry.is_open:
            said = "yes" if key in {"person.weigh", *yes} else "no"
            assert await of.change(key, said) == ""


@pytest.mark.usefixtures("at")
async def test_half_a_set_of_answers_is_not_kept_and_a_whole_one_is() -> None:
    form = desk()
    await form.change("reasons.bruise", "yes")
    with pytest.raises(CompanionError, match="questions still open: 16"):
        await told(form.do("person.keep"))
    assert load_persons() == {}
    await answer_all(form, "traits.easy_bruising")
    await form.change("person.hand", "left")
    await form.change("reasons.bruise.cheek", "yes")
    lines = await told(form.do("person.keep"))
    assert "Ask a clinician" in lines[0]
    assert "asked again in 30 days" in lines[-1]
    me = load_persons()["me"]
    assert (me.hand, set(me.traits), set(me.reasons)) == ("left", {"easy_bruising"}, {"bruise"})
    assert me.reasons["bruise"].zones == {Zone.CHEEK}
    routine = prepared(load_routine("five-minutes"), None).routine
    assert Zone.CHEEK not in {step.zone for step in routine.steps}


@pytest.mark.usefixtures("at")
async def test_who_would_rather_not_is_not_known_afterwards() -> None:
    form = desk()
    await answer_all(form)
    await form.change("person.weigh", "no")
    with pytest.raises(CompanionError, match="nothing was kept"):
        await told(form.do("person.keep"))
    assert load_persons() == {}


async def test_an_answer_changed_later_does_not_put_off_when_all_are_asked(at: At) -> None:
    form = desk()
    await answer_all(form, "reasons.filler")
    await told(form.do("person.keep"))
    assert load_persons()["me"].reasons["filler"].zones == ALL_ZONES
    asked = load_persons()["me"].asked_day
    at("2026-12-01T12:00")
    assert (await entries(form))["reasons.filler"].value == "yes"
    await form.change("reasons.botulinum", "yes")
    assert "in 20 days" in (await told(form.do("person.keep")))[-1]
    me = load_persons()["me"]
    assert asked is not None
    assert (me.asked_day, me.reasons["filler"].day) == (asked, asked)
    assert me.reasons["botulinum"].day == asked + 10
    at("2026-12-25T12:00")
    held = await entries(desk())
    assert held["reasons.filler"].is_open
    assert "a month old" in (await desk().sections())[1].notes[0]


@pytest.mark.usefixtures("at")
async def test_a_place_that_is_named_later_counts_from_the_day_it_is_named(at: At) -> None:
    form = desk()
    await answer_all(form, "reasons.botulinum")
    await form.change("reasons.botulinum.forehead", "yes")
    await told(form.do("person.keep"))
    first = load_persons()["me"].reasons["botulinum"]
    at("2026-11-25T12:00")
    await form.sections()
    await form.change("reasons.botulinum.cheek", "yes")
    await told(form.do("person.keep"))
    later = load_persons()["me"].reasons["botulinum"]
    assert later.day == first.day + 4
    assert later.zones == {Zone.FOREHEAD, Zone.CHEEK}


@pytest.mark.usefixtures("at")
async def test_something_changed_opens_every_question_and_holds_sessions_up() -> None:
    form = desk()
    await answer_all(form)
    await told(form.do("person.keep"))
    assert "no session begins" in " ".join(await told(form.do("person.changed"))).lower()
    assert (await entries(form))["reasons.bruise"].is_open
    with pytest.raises(CompanionError, match="something changed"):
        prepared(load_routine("five-minutes"), None)
    await answer_all(form)
    await told(form.do("person.keep"))
    assert prepared(load_routine("five-minutes"), None).person is not None


@pytest.mark.usefixtures("at")
async def test_a_session_that_ends_meanwhile_is_counted_and_takes_no_answer_away() -> None:
    form = desk()
    await answer_all(form)
    await told(form.do("person.keep"))
    await form.change("reasons.peeling", "yes")
    keep_session(load_persons()["me"], summary(SessionOutcome.FINISHED))
    await told(form.do("person.keep"))
    assert (load_persons()["me"].sessions, set(load_persons()["me"].reasons)) == (1, {"peeling"})


@pytest.mark.usefixtures("at")
async def test_settings_are_saved_at_once_and_checked_as_their_file_is() -> None:
    form = desk()
    assert await form.change("volume", "30") == "Saved."
    assert await form.change("mqtt.url", "mqtt://house") == "Saved."
    assert await form.change("voice", "yes") == "Saved."
    held = check_settings(settings_file())
    assert (held.volume, held.mqtt.url, held.voice) == (30, "mqtt://house", True)
    assert (await entries(form))["mqtt.url"].value == "mqtt://house"
    assert await form.look() is None


@pytest.mark.usefixtures("at")
@pytest.mark.parametrize(
    ("key", "words", "reason"),
    [
        ("volume", "loud", "volume: this must be a whole number"),
        ("stop_percent", "110", "stop_percent: this must be at most 100"),
        ("caution_percent", "39", "at least 40"),
        ("theme", "dusk", "Accepted: auto, dark, light, contrast"),
        ("mqtt.url", "http://house", "mqtt.url: this is no broker's address"),
        ("mqtt.url", "mqtt://anna:secret@house", "has no place in an address"),
        ("mqtt.base", "", "small letters"),
        ("mqtt.base", "Home/1", "small letters"),
        ("mqtt.password_file", "/nowhere/password", "cannot be read there"),
        ("mqtt.ca_file", "/nowhere/ca.pem", "there is no such file"),
        ("mqtt.user", "an\x07na", "one line"),
    ],
)
async def test_what_the_file_would_be_refused_for_is_said_and_not_saved(
    key: str, words: str, reason: str
) -> None:
    form = desk()
    assert reason in form.complaint(key, words)
    assert reason in await form.change(key, words)
    assert not settings_file().exists()


@pytest.mark.usefixtures("at")
async def test_a_variable_and_a_flag_win_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MASSAGE_COMPANION_MQTT_USER", "bob")
    monkeypatch.setenv(PASSWORD_VARIABLE, "geheim")
    form = SetupDesk(Namespace(theme="contrast"), WatchedSettings())
    sections = await form.sections()
    held = await entries(form)
    assert "MASSAGE_COMPANION_MQTT_USER" in held["mqtt.user"].held
    assert held["mqtt.user"].value == "bob"
    assert not held["mqtt.url"].held
    assert "command line" in held["theme"].held
    assert "geheim" not in str(sections)
    assert any(PASSWORD_VARIABLE in note for section in sections for note in section.notes)


@pytest.mark.usefixtures("at")
async def test_the_shipped_limits_stand_beside_one_s_own() -> None:
    form = desk()
    await form.change("stop_percent", "50")
    cheek = (await entries(form))["table.cheek"]
    assert cheek.value == "3.0 / 4.0 / 6.7"
    assert "Shipped: 6.0 / 8.0 / 13." in cheek.about
    assert cheek.held


@pytest.mark.usefixtures("at")
async def test_a_file_broken_by_hand_is_told_and_the_last_good_one_shown() -> None:
    form = desk()
    await form.change("volume", "30")
    good = settings_file().read_text(encoding="utf-8")
    settings_file().write_text(f"{good}voice = perhaps\n", encoding="utf-8")
    news = await form.look()
    assert news is not None
    assert news.is_trouble
    assert "line 4" in news.words
    assert "companion.toml: line 4" in form.trouble[0]
    assert (await entries(form))["volume"].value == "30"
    with pytest.raises(FileRefused, match="line 4"):
        await form.change("volume", "40")
    with pytest.raises(FileRefused, match="line 4"):
        await told(form.do("try.sound"))
    settings_file().write_text(good, encoding="utf-8")
    news = await form.look()
    assert news is not None
    assert (news.is_trouble, news.words) == (False, "The settings file is right again.")
    assert form.trouble == []


@pytest.mark.usefixtures("at")
async def test_a_trial_of_the_broker_says_what_is_wrong() -> None:
    form = desk()
    with pytest.raises(CompanionError, match="no broker is set"):
        await told(form.do("try.mqtt"))
    await form.change("mqtt.url", "mqtt://127.0.0.1:1")
    with pytest.raises(CompanionError, match="nothing listens there"):
        await told(form.do("try.mqtt"))


@pytest.mark.usefixtures("at")
async def test_a_trial_of_the_sounds_is_the_command_s_own() -> None:
    form = desk()
    await form.change("sound", "off")
    lines = await told(form.do("try.sound"))
    assert lines[0] == "Tones: off (setting: sound)."
    assert lines[-1] == "stop: lift off"


@pytest.mark.usefixtures("at")
async def test_during_a_session_it_says_from_when_a_change_holds_and_plays_nothing() -> None:
    sections = {one.name: one for one in await desk_of(Namespace()).sections()}
    assert "holds from the next one" in sections["sound"].notes[0]
    assert "try.sound" not in {entry.key for entry in sections["sound"].entries}
