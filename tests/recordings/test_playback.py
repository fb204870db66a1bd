"""A session of the past is read like a live one, and moved about in: pure, without a clock."""

import math
import random

import pytest

from companion.coaching.events import Notice
from companion.coaching.trend import Trend
from companion.coaching.view import Phase, StepState
from companion.live import LinkState
from companion.recordings import Options, ToolData, recording_of
from companion.recordings.playback import SPEEDS, Playback
from companion.recordings.tape import Tape
from companion.recordings.unguided import Unguided
from companion.sensing.types import Level
from tests.recordings.script import BEGIN_S, HOLE_S, LENGTH_S, PAUSE_S, WARNED_S, Script, played


def at(playback: Playback) -> float:
    return playback.progress().position_s


def sought(playback: Playback, seconds: float) -> Playback:
    playback.seek_edge(end=False)
    playback.seek(seconds)
    return playback


def test_every_event_is_said_once_in_order_at_every_speed() -> None:
    # What stands at the very beginning is shown, and not told.
    expected = [event for event in Script().events() if event.device_s > BEGIN_S]
    for speed in SPEEDS:
        playback = played()
        while playback.progress().speed > speed:
            playback.change_speed(faster=False)
        while playback.progress().speed < speed:
            playback.change_speed(faster=True)
        said = [event for _ in range(300) for event in playback.advance(1.0)]
        assert said == expected
        assert playback.progress().is_at_end


def test_time_passes_at_the_speed_chosen() -> None:
    playback = played()
    for _ in range(9):
        playback.change_speed(faster=True)
    playback.advance(2.0)
    assert at(playback) == pytest.approx(16.0)
    for _ in range(9):
        playback.change_speed(faster=False)
    playback.advance(2.0)
    assert at(playback) == pytest.approx(16.5)


def test_a_pause_stands_still_and_at_the_end_it_begins_again() -> None:
    playback = played()
    playback.advance(3.0)
    playback.pause()
    assert playback.advance(60.0) == []
    assert at(playback) == pytest.approx(3.0)
    playback.pause()
    playback.advance(math.inf)
    assert playback.progress().is_at_end
    assert playback.summary is not None
    playback.pause()
    assert at(playback) == 0.0
    assert playback.view().phase is Phase.RUNNING
    playback.advance(1.0)
    assert at(playback) == pytest.approx(1.0)


def test_the_same_moment_shows_the_same_wherever_one_comes_from() -> None:
    playback = played()
    seen = []
    while not playback.progress().is_at_end:
        playback.advance(1.7)
        seen.append((at(playback), playback.view(), playback.link()))
    random.Random(3).shuffle(seen)  # noqa: S311 - a seeded order, not a secret
    for position_s, view, link in seen:
        sought(playback, position_s)
        assert at(playback) == pytest.approx(position_s)
        assert (playback.view(), playback.link()) == (view, link)


def test_nothing_lies_before_the_beginning_or_after_the_end() -> None:
    playback = played()
    playback.seek(-10)
    assert at(playback) == 0.0
    playback.seek(1000)
    assert at(playback) == LENGTH_S


def test_warnings_are_reached_one_by_one() -> None:
    playback = played()
    reached = []
    for _ in range(4):
        playback.seek_warning(later=True)
        reached.append(at(playback))
        assert playback.view().alerts
    assert reached == [*WARNED_S, WARNED_S[-1]]
    playback.pause()
    for expected in (WARNED_S[1], WARNED_S[0], WARNED_S[0]):
        playback.seek_warning(later=False)
        assert at(playback) == expected
    assert playback.view().level is Level.CAUTION


def test_while_it_plays_the_warning_just_reached_is_not_gone_back_to() -> None:
    playback = played()
    playback.seek_warning(later=True)
    playback.seek_warning(later=True)
    playback.advance(0.5)
    playback.seek_warning(later=False)
    assert at(playback) == WARNED_S[0]
    playback.advance(3.0)
    playback.seek_warning(later=False)
    assert at(playback) == WARNED_S[0]


def test_a_hole_is_a_hole() -> None:
    playback = sought(played(), HOLE_S[0] + 2.0)
    assert playback.link().state is LinkState.SILENT
    view = playback.view()
    assert (view.pressure_kpa, view.level) == (None, Level.UNKNOWN)
    ((from_s, to_s),) = playback.progress().holes
    assert from_s == pytest.approx(HOLE_S[0])
    assert to_s == pytest.approx(HOLE_S[1], abs=0.1)
    playback.seek(HOLE_S[1] - HOLE_S[0])
    assert playback.link().state is LinkState.LIVE
    times = [point.device_s - BEGIN_S for point in playback.recent()]
    assert not [time for time in times if HOLE_S[0] < time < HOLE_S[1] - 0.1]


def test_clocks_and_steps_stand_where_they_stood() -> None:
    playback = sought(played(), 19.0)
    view = playback.view()
    assert (view.index, view.repetitions, view.states[0]) == (0, 1, StepState.NOW)
    assert view.session_elapsed_s == pytest.approx(19.0, abs=0.11)
    sought(playback, 42.0)
    view = playback.view()
    assert (view.phase, view.states[:2]) == (Phase.PAUSED, (StepState.DONE, StepState.NOW))
    hole_s = HOLE_S[1] - HOLE_S[0]
    assert view.session_elapsed_s == pytest.approx(PAUSE_S[0] - hole_s, abs=0.25)
    assert view.step_elapsed_s == pytest.approx(PAUSE_S[0] - hole_s - 20.0, abs=0.25)


def test_what_has_not_been_taken_in_is_waited_for() -> None:
    playback = played(filled=False)
    playback.seek(20)
    playback.seek(20)
    assert at(playback) == 0.0
    assert playback.progress().is_seeking
    for _ in range(500):
        playback.fill()
        playback.advance(0.04)
    assert at(playback) > 40.0
    assert not playback.progress().is_seeking


def test_playing_does_not_run_ahead_of_what_has_been_taken_in() -> None:
    playback = played(filled=False)
    for _ in range(50):
        playback.fill()
    said = playback.advance(30.0)
    assert at(playback) == playback.progress().taken_s < 5.0
    assert playback.progress().is_seeking
    assert all(event.device_s <= BEGIN_S + at(playback) for event in said)


def test_a_session_that_broke_off_ends_without_a_summary() -> None:
    playback = played(Script(has_end=False))
    playback.advance(math.inf)
    assert playback.progress().is_at_end
    assert playback.summary is None


def test_where_the_pressure_was_going_is_shown_at_every_moment_as_it_was_live() -> None:
    shown = {
        2.1: None,  # every two seconds it drops, and rises anew
        3.5: Trend.RISING,
        13.0: Trend.STEADY,
        HOLE_S[0] + 1.0: None,
        HOLE_S[1] + 0.2: None,
    }
    for seconds, trend in shown.items():
        assert sought(played(), seconds).view().trend is trend
    going = played()
    going.advance(3.5)
    assert going.view().trend is Trend.RISING


def once_a_second(options: Options, seconds: int = 20) -> Playback:
    columns = {
        "t_s": [float(at) for at in range(seconds)],
        "force_n": [2.0 + at % 3 / 10 for at in range(seconds)],
    }
    playback = Playback(Tape(Unguided(recording_of(columns), options, "slow.csv")))
    while playback.fill():
        pass
    return playback


def test_between_two_samples_a_second_apart_the_last_one_still_stands() -> None:
    limits = Options(caution_n=4.0, tool=ToolData(contact_area_m2=1e-3))
    playback = once_a_second(limits)
    playback.seek(10.0)
    shown = [(playback.advance(0.1), playback.view().pressure_kpa)[1] for _ in range(30)]
    assert {round(kpa or 0.0, 1) for kpa in shown} == {2.0, 2.1, 2.2}


def test_without_an_area_pressures_are_forces_to_be_shown_as_such() -> None:
    for tool, known in ((ToolData(), False), (ToolData(contact_area_m2=5e-4), True)):
        playback = once_a_second(Options(tool=tool))
        playback.seek(12.5)
        view = playback.view()
        assert view.in_newtons is not known
        assert view.pressure_kpa == pytest.approx(2.0 * (2 if known else 1), abs=0.25)


def test_a_force_without_area_or_limits_is_told_to_lack_them() -> None:
    said = [event for event in once_a_second(Options()).advance(5.0) if isinstance(event, Notice)]
    assert [event.key for event in said] == ["replay.event.no_area", "replay.event.no_limits"]
    whole = Options(caution_n=4.0, tool=ToolData(contact_area_m2=1e-3))
    assert not [event for event in once_a_second(whole).advance(5.0) if isinstance(event, Notice)]
