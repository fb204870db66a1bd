"""Rules of section "Tool Event": their bytes, their time, and the state told on subscription."""

from typing import Final

from companion.conform.bench import Bench
from companion.conform.person import Action
from companion.conform.rule import Rule
from companion.conform.verdict import Broken, expect
from protocols.massage_tool import (
    TOOL_EVENT,
    ButtonEvent,
    Clock,
    ContactEvent,
    FaultEvent,
    Features,
    LimitEvent,
    ReadClock,
    ToolEvent,
)
from protocols.wrapping import nearest

_TOLD_S: Final = 0.5
_PERSON_S: Final = 5.0
_SLACK_US: Final = 2_000_000
_STANDING: Final = (ContactEvent, LimitEvent, FaultEvent)


async def _standing(bench: Bench) -> None:
    told = [type(event) for event in await _on_subscription(bench)]
    wanted = [
        (Features.OWN_TOUCH_VERDICT, ContactEvent, "contact"),
        (Features.ON_TOOL_LIMIT, LimitEvent, "limit"),
    ]
    for part, kind, name in wanted:
        has = bool(bench.feature.features & part)
        expect(kind in told or not has, "conform.seen.not_told", event=name)
        expect(kind not in told or has, "conform.seen.told_without", event=name)


async def _not_stored(bench: Bench) -> None:
    told = await _on_subscription(bench)
    strange = [event for event in told if not isinstance(event, _STANDING)]
    expect(not strange, "conform.seen.stored", count=len(strange))
    kinds = [type(event) for event in told if not isinstance(event, FaultEvent)]
    expect(len(kinds) == len(set(kinds)), "conform.seen.stored", count=len(kinds))


async def _time(bench: Bench) -> None:
    clock = await bench.get(ReadClock(), Clock)
    for event in await _on_subscription(bench):
        ahead_us = nearest(event.device_us - clock.timestamp_us)
        expect(abs(ahead_us) <= _SLACK_US, "conform.seen.event_time", ahead=ahead_us)


async def _button(bench: Bench) -> None:
    await bench.events_within(0.0)
    await bench.please(Action.PRESS_BUTTON)
    event = await bench.event(ButtonEvent, _PERSON_S)
    expect(event is not None, "conform.seen.not_told", event="button")


async def _contact(bench: Bench) -> None:
    """Touch and let go: both are told, and the frames in between say so too."""
    await bench.start()
    await bench.events_within(0.0)
    await bench.please(Action.PRESS)
    await _expect_contact(bench, touching=True)
    frame = (await bench.stream(0.3))[-1]
    expect(frame.telemetry.touching, "conform.seen.not_touching")
    await bench.please(Action.HOLD_STILL)
    await _expect_contact(bench, touching=False)


async def _expect_contact(bench: Bench, *, touching: bool) -> None:
    event = await bench.event(ContactEvent, _PERSON_S)
    if not isinstance(event, ContactEvent):
        raise Broken("conform.seen.not_told", event="contact")
    expect(event.touching is touching, "conform.seen.contact", state=int(event.touching))


async def _on_subscription(bench: Bench) -> list[ToolEvent]:
    await bench.link.unsubscribe(TOOL_EVENT)
    await bench.hear_events()
    return await bench.events_within(_TOLD_S)


EVENTS = (
    Rule(id="standing-events", check=_standing),
    Rule(id="events-not-stored", check=_not_stored),
    Rule(id="event-time", check=_time, parts=Features.ON_TOOL_LIMIT),
    Rule(id="event-button", check=_button, is_attended=True),
    Rule(
        id="event-contact",
        check=_contact,
        parts=Features.OWN_TOUCH_VERDICT,
        is_attended=True,
    ),
)
