"""Keys at a terminal in lines, the question for oil where nobody can answer, the scale kept."""

import asyncio
import os
import pty
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from companion.__main__ import main
from companion.cli.scale import keep_scale, scale_of
from companion.cli.session_keys import obey_keyboard
from companion.cli.status import status
from companion.cli.terminal import has_keyboard
from companion.coaching.events import Command, Event, SessionOutcome, Summary
from companion.coaching.person import Person
from companion.coaching.view import Phase
from companion.live import LinkState, LinkView
from companion.output.sentences import sentence
from companion.sensing.types import Doubt, Level
from companion.settings.persons import load_persons, save_person
from companion.settings.user import load_settings
from tests.tui.fake_live import FakeLive

PAUSE_S = 0.05


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A terminal as standard input; the other end of it."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        yield ours
    os.close(ours)


@pytest.fixture(autouse=True)
def _own_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for kind in ("CONFIG", "STATE", "DATA"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path))


async def until(over: asyncio.Event) -> AsyncIterator[Event]:
    """Yield no event until it is over."""
    await over.wait()
    for event in list[Event]():
        yield event


def typed(end: int, *texts: bytes, tell: Callable[[float], None] | None = None) -> list[Command]:
    heard: list[Command] = []

    async def session() -> None:
        over = asyncio.Event()
        listening = asyncio.create_task(obey_keyboard(until(over), heard.append, tell))
        await asyncio.sleep(PAUSE_S)
        for text in texts:
            os.write(end, text)
            await asyncio.sleep(PAUSE_S)
        over.set()
        await listening

    asyncio.run(session())
    return heard


def test_enter_and_y_say_that_there_is_oil_and_other_letters_steer(keys: int) -> None:
    assert has_keyboard()
    assert typed(keys, b"\n", b"Y\n", b"n\n+\n-\n", b"x\n") == [
        Command.CONFIRM,
        Command.CONFIRM,
        Command.SKIP,
        Command.SCALE_UP,
        Command.SCALE_DOWN,
        Command.UNWELL,
    ]


def test_who_sees_no_screen_may_ask_how_it_stands_and_switch_the_sound(keys: int) -> None:
    asked: list[float] = []
    assert typed(keys, b"?\n", b"m\n", b"n\n", tell=asked.append) == [Command.MUTE, Command.SKIP]
    assert len(asked) == 2


PAUSED = FakeLive(
    phase=Phase.PAUSED,
    cannot_count=True,
    pressure_kpa=None,
    doubt=Doubt.SILENCE,
    state=LinkView(state=LinkState.LOST),
)
TAPS = "step 6 of 9; under-eye, right; tap"
TIME = "2:41 of about 5:00"
SILENT = "cannot judge: nothing is heard from the tool"
LINK = "live; 100 Hz; loss 0 %; battery 83 %; 12 ms late; signal -58 dBm, 34 s ago"


@pytest.mark.parametrize(
    ("live", "expected"),
    [
        (
            FakeLive(muted=True),
            f"{TAPS}; 6 of 10; 0:18 left; on target, about 1.1 kPa; {TIME}; {LINK}; sound off",
        ),
        (
            PAUSED,
            f"PAUSED; {TAPS}; not counted with this tool; 0:18 left; {SILENT}; {TIME}; link lost",
        ),
        (
            FakeLive(steps=(), index=0, level=Level.NO_CONTACT),
            f"Waiting for the routine; no contact; {TIME}; {LINK}",
        ),
    ],
)
def test_the_answer_has_what_a_screen_shows(live: FakeLive, expected: str) -> None:
    said = sentence(status(live.view(), live.link(), muted=live.muted, device_s=7.0))
    assert said == f"Now: {expected}"


def test_what_means_nothing_does_nothing(keys: int) -> None:
    assert typed(keys, b"yes please\n", b"\xff\n", b"7\n") == []


def test_a_terminal_that_is_gone_is_no_error(keys: int) -> None:
    assert typed(keys, b"\x04") == []


def test_where_nobody_can_answer_a_routine_that_glides_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert not has_keyboard()
        assert main(["run", "--plain", "--air", "127.0.0.1:1"]) == 2
    assert "--oiled" in capsys.readouterr().err


@pytest.mark.parametrize("more", [["--oiled"], ["--routine", "TAPS"]])
def test_it_is_not_refused_where_it_was_said_or_is_not_needed(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    more: list[str],
) -> None:
    taps = tmp_path / "taps.toml"
    taps.write_text(
        'format = 1\ntitle = "Taps"\nsource = "my own"\nabout_s = 20\n[[steps]]\nid = "cheek"\n'
        'kind = "tool"\nzone = "cheek"\nside = "left"\ntechnique = "tap"\n'
        'repetition = "contact"\nrepetitions = 8\ntime_limit_s = 20\nhint = "Light taps."\n',
        encoding="utf-8",
    )
    asked = [str(taps) if word == "TAPS" else word for word in more]
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert main(["run", "--plain", "--air", "127.0.0.1:1", *asked]) != 2
    assert "oil" not in capsys.readouterr().err


def summary(percent: int) -> Summary:
    return Summary(
        routine="x",
        outcome=SessionOutcome.STOPPED,
        duration_s=1.0,
        steps=(),
        alerts=(),
        gaps_s=0.0,
        samples=1,
        advice=(),
        scale_percent=percent,
    )


def test_what_a_known_person_chose_is_kept_for_their_next_session() -> None:
    person = Person(name="me", asked_day=739_941)
    save_person(person)
    keep_scale(person, summary(75))
    kept = load_persons()["me"]
    assert kept == replace(person, scale_percent=75)
    assert scale_of(kept, load_settings({}, {})) == 75
    assert scale_of(kept, load_settings({"scale_percent": "125"}, {})) == 125
    keep_scale(kept, summary(100))
    assert load_persons()["me"].scale_percent == 100


def test_of_somebody_unknown_nothing_is_kept_and_the_setting_holds() -> None:
    keep_scale(None, summary(75))
    keep_scale(Person(name="gone"), summary(75))
    keep_scale(None, None)
    assert load_persons() == {}
    assert scale_of(None, load_settings({}, {"MASSAGE_COMPANION_SCALE_PERCENT": "50"})) == 50
    assert scale_of(None, load_settings({}, {})) == 100


def test_a_session_that_nobody_changed_writes_nothing() -> None:
    person = Person(name="me", asked_day=739_941)
    save_person(person)
    keep_scale(person, summary(100))
    assert load_persons()["me"].scale_percent is None


@pytest.mark.parametrize("value", ["60", "200", "half"])
def test_a_scale_that_there_is_not_is_refused_with_what_there_is(
    value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--plain", "--oiled", "--scale", value]) == 2
    assert "scale_percent" in capsys.readouterr().err
