"""What a command may do to a session: lower its limits, and never come before a warning."""

import asyncio

import pytest

from companion.coaching.events import AlertRaised, Command, SessionFinished, StepStarted
from companion.coaching.person import lowered
from companion.sensing.types import Band, Level
from companion.service.haptics import Buzzer
from protocols.massage_tool import Features, Pattern
from tests.coaching.scripted import BAND, Bench, step, too_firm
from tests.service.test_requests import FakeLink, a_tool, patterns, play, raised


def band_of_next(bench: Bench, command: Command) -> Band | None:
    (begun,) = [one for one in bench.command(command) if isinstance(one, StepStarted)]
    return begun.band


def test_limits_are_lowered_from_the_next_step_on() -> None:
    bench = Bench(step("one"), step("two"), step("three"))
    bench.start()
    before = bench.session.limits_n()
    bench.session.lower(0.5)
    assert bench.session.limits_n() == before
    assert band_of_next(bench, Command.SKIP) == lowered(BAND, 0.5)
    assert before is not None
    assert bench.session.limits_n() == (before[0] / 2, before[1] / 2)
    assert bench.session.view().steps[1].band == lowered(BAND, 0.5)
    assert band_of_next(bench, Command.BACK) == lowered(BAND, 0.5)


@pytest.mark.parametrize("share", [1.0, 1.5, 100.0])
def test_limits_are_never_above_the_routines(share: float) -> None:
    bench = Bench(step("one"), step("two"))
    bench.start()
    bench.session.lower(0.5)
    bench.session.lower(share)
    assert band_of_next(bench, Command.SKIP) == BAND


def test_advice_names_the_limit_that_held_when_it_was_passed() -> None:
    bench = Bench(step("one"), step("two"))
    bench.start()
    bench.press(Level.CAUTION, 8.5)
    assert [one for one in bench.pass_s(1.0, too_firm(0.5)) if isinstance(one, AlertRaised)]
    bench.session.lower(0.5)
    (*_, last) = bench.command(Command.STOP)
    assert isinstance(last, SessionFinished)
    limits = {one.limit_kpa for one in last.summary.advice if one.limit_kpa is not None}
    assert limits == {BAND.caution_kpa}


def test_hand_steps_have_no_limit_to_lower() -> None:
    bench = Bench(step("one"), step("two", hand=True, goal=None))
    bench.start()
    bench.session.lower(0.5)
    assert band_of_next(bench, Command.SKIP) is None


def test_a_greeting_buzzes_twice_and_is_refused_while_a_warning_needs_the_motor() -> None:
    async def use() -> None:
        link = FakeLink()
        link.is_up.set()
        buzzer = Buzzer(link, lambda *_: None)
        assert not await buzzer.greet()
        buzzer.know(a_tool(Features.HAPTIC_MOTOR))
        running = asyncio.create_task(buzzer.run())
        assert await buzzer.greet()
        buzzer.raised(raised(Level.STOP))
        await asyncio.sleep(1.0)
        assert not await buzzer.greet()
        assert patterns(link) == [Pattern.DOUBLE, Pattern.CONTINUOUS]
        running.cancel()

    play(use())


def test_a_stop_raised_during_a_greeting_has_the_last_word() -> None:
    async def use() -> None:
        link = FakeLink(takes_s=0.5)
        link.is_up.set()
        buzzer = Buzzer(link, lambda *_: None)
        buzzer.know(a_tool(Features.HAPTIC_MOTOR))
        running = asyncio.create_task(buzzer.run())
        greeting = asyncio.create_task(buzzer.greet())
        await asyncio.sleep(0.1)
        buzzer.raised(raised(Level.STOP))
        await greeting
        await asyncio.sleep(2.0)
        assert patterns(link)[-1] is Pattern.CONTINUOUS
        running.cancel()

    play(use())


def test_a_greeting_without_a_link_gives_up() -> None:
    async def use() -> None:
        buzzer = Buzzer(FakeLink(), lambda *_: None)
        buzzer.know(a_tool(Features.HAPTIC_MOTOR))
        assert not await buzzer.greet()
        assert asyncio.get_running_loop().time() <= 2.1

    play(use())
