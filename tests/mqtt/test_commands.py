"""Commands from outside: done where they fit, refused with a reason where they do not."""

import asyncio
import json
from typing import Any

import pytest

from companion.coaching.events import Command
from companion.coaching.view import Phase
from companion.mqtt.commands import AT_ONCE, Desk
from companion.mqtt.transport import Incoming, Outgoing
from tests.mqtt.parts import TOOL, TOPICS, FakeLive, view


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def desk_of(live: FakeLive, clock: Clock | None = None) -> Desk:
    desk = Desk(TOPICS, live, clock or Clock())
    desk.tool = TOOL
    return desk


def hear(desk: Desk, message: Incoming) -> Outgoing | None:
    return asyncio.run(desk.hear(message))


def asked(thing: str, payload: object, tool: str = TOOL, **more: Any) -> Incoming:  # noqa: ANN401 - fields
    raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return Incoming(topic=TOPICS.of(tool, f"{thing}/set"), payload=raw, **more)


def body(answer: Outgoing | None) -> dict[str, Any]:
    assert answer is not None
    found = json.loads(answer.payload)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("phase", "value", "commands"),
    [
        (Phase.RUNNING, "pause", [Command.PAUSE]),
        (Phase.PAUSED, "start", [Command.PAUSE]),
        (Phase.RUNNING, "stop", [Command.STOP]),
        (Phase.PAUSED, "stop", [Command.STOP]),
        (Phase.RESTING, "pause", [Command.PAUSE]),
        (Phase.ASKING, "stop", [Command.STOP]),
    ],
)
def test_a_session_is_steered(phase: Phase, value: str, commands: list[Command]) -> None:
    live = FakeLive(view(phase))
    answer = hear(desk_of(live), asked("session", {"id": "7", "value": value}))
    assert body(answer) == {"id": "7", "ok": True, "error": None}
    assert answer is not None
    assert answer.topic == f"massage/bath/{TOOL}/response"
    assert live.asked == commands


def test_limits_go_downwards_only() -> None:
    live = FakeLive()
    desk = desk_of(live)
    assert body(hear(desk, asked("limit", {"value": 60})))["ok"]
    assert body(hear(desk, asked("limit", {"value": 80})))["error"] == "only_downwards"
    assert body(hear(desk, asked("limit", {"value": 30.0})))["ok"]
    assert live.lowered == [60.0, 30.0]
    assert desk.percent == 30.0


def test_a_routine_is_chosen_for_the_next_session_and_the_present_one_stays() -> None:
    live = FakeLive()
    desk = desk_of(live)
    assert body(hear(desk, asked("routine", {"value": "slow"})))["ok"]
    assert (live.chosen, live.asked) == (["slow"], [])
    live.can_choose = False
    assert body(hear(desk, asked("routine", {"value": "quick"})))["error"] == "not_done"


@pytest.mark.parametrize("thing", ["haptic", "identify"])
def test_the_tool_buzzes(thing: str) -> None:
    live = FakeLive()
    value = "double" if thing == "haptic" else "identify"
    assert body(hear(desk_of(live), asked(thing, {"value": value})))["ok"]
    live.can_buzz = False
    assert body(hear(desk_of(live), asked(thing, {"value": value})))["error"] == "not_done"
    assert live.buzzes == 2


@pytest.mark.parametrize("phase", [Phase.WAITING, Phase.FINISHED])
@pytest.mark.parametrize(
    ("thing", "value"),
    [
        ("session", "stop"),
        ("session", "start"),
        ("limit", 50),
        ("haptic", "double"),
        ("routine", "quick"),
    ],
)
def test_while_nobody_is_in_a_session_only_identify_is_done(
    phase: Phase, thing: str, value: object
) -> None:
    live = FakeLive(view(phase))
    assert body(hear(desk_of(live), asked(thing, {"value": value})))["error"] == "no_session"
    assert body(hear(desk_of(live), asked("identify", {"value": "identify"})))["ok"]
    assert (live.asked, live.lowered, live.buzzes, live.chosen) == ([], [], 1, [])


@pytest.mark.parametrize(
    ("thing", "payload", "error"),
    [
        ("session", b"pause", "not_json"),
        ("session", b"", "not_json"),
        ("session", b"\xff\xfe", "not_json"),
        ("session", b'{"value": NaN}', "not_json"),
        ("session", b"[" * 1000, "not_json"),
        ("session", b'{"value": ' + b"1" * 900 + b"}", "no_such_value"),
        ("session", b'"pause"', "no_value"),
        ("session", b"{}", "no_value"),
        ("session", b"null", "no_value"),
        ("session", b"x" * 1025, "too_big"),
        ("session", b"x" * 5_000_000, "too_big"),
        ("session", {"value": "fly"}, "no_such_value"),
        ("session", {"value": "x" * 65}, "no_such_value"),
        ("session", {"value": ["stop"]}, "no_such_value"),
        ("session", {"value": "start"}, "not_now"),
        ("limit", {"value": "50"}, "no_such_value"),
        ("limit", {"value": True}, "no_such_value"),
        ("limit", {"value": None}, "no_such_value"),
        ("limit", {"value": 29.9}, "out_of_range"),
        ("limit", {"value": 100.1}, "out_of_range"),
        ("limit", {"value": -1}, "out_of_range"),
        ("limit", b'{"value": 1e999}', "out_of_range"),
        ("haptic", {"value": "for ever"}, "no_such_value"),
        ("identify", {"value": {}}, "no_such_value"),
        ("routine", {"value": "raised"}, "no_such_routine"),
        ("routine", {"value": "../quick.toml"}, "no_such_routine"),
        ("routine", {"value": 5}, "no_such_value"),
        ("firmware", {"value": "new"}, "no_such_thing"),
        ("\x1b[2J", {"value": "stop"}, "no_such_thing"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_reason(
    thing: str, payload: object, error: str
) -> None:
    live = FakeLive()
    answer = body(hear(desk_of(live), asked(thing, payload)))
    assert (answer["ok"], answer["error"]) == (False, error)
    assert answer["text"].isprintable()
    assert (live.asked, live.lowered, live.buzzes, live.chosen) == ([], [], 0, [])


def test_a_retained_command_is_dropped_logged_and_answered(
    caplog: pytest.LogCaptureFixture,
) -> None:
    live = FakeLive()
    answer = hear(desk_of(live), asked("session", {"value": "stop"}, retained=True))
    assert body(answer)["error"] == "retained"
    assert live.asked == []
    assert [record.message for record in caplog.records] == ["a retained command was dropped"]


def test_a_command_for_another_tool_is_refused_and_nobody_elses_topic_is_used() -> None:
    live = FakeLive()
    desk = desk_of(live)
    answer = hear(desk, asked("session", {"value": "stop"}, tool="tool-other"))
    assert body(answer)["error"] == "other_tool"
    assert answer is not None
    assert answer.topic == f"massage/bath/{TOOL}/response"
    desk.tool = None
    answer = hear(desk, asked("identify", {"value": "identify"}, tool="\x07"))
    assert answer is not None
    assert answer.topic == "massage/bath/response"
    assert live.asked == []


def test_hostile_words_come_back_neither_in_answers_nor_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    live = FakeLive()
    hostile = "\x1b]0;gone\x07\u202e\nERROR forged"
    message = asked("session", {"id": hostile, "value": hostile}, tool=hostile, retained=True)
    for one in (message, asked("session", {"id": hostile, "value": hostile}), asked(hostile, {})):
        answer = body(hear(desk_of(live), one))
        assert answer["id"] is None
        assert "forged" not in json.dumps(answer)
    assert "forged" not in caplog.text


def test_an_id_that_is_long_is_not_repeated() -> None:
    answer = hear(desk_of(FakeLive()), asked("session", {"id": "x" * 65, "value": "pause"}))
    assert body(answer) == {"id": None, "ok": True, "error": None}


async def test_a_thousand_a_second_are_let_through_a_few_at_a_time() -> None:
    live, clock = FakeLive(), Clock()
    desk = desk_of(live, clock)
    answers = []
    for number in range(3000):
        clock.now = number / 1000
        answers.append(await desk.hear(asked("identify", {"value": "identify"})))
    said = [body(answer) for answer in answers if answer is not None]
    assert AT_ONCE <= live.buzzes <= AT_ONCE + 3 * 5 + 1
    assert 2 <= len([one for one in said if one["error"] == "too_many"]) <= 3
    clock.now = 10.0
    assert body(await desk.hear(asked("identify", {"value": "identify"})))["ok"]


def test_a_requester_names_where_the_answer_goes_and_what_comes_back_with_it() -> None:
    message = asked(
        "session", {"value": "pause"}, response_topic="massage/app/response", correlation=b"\x01"
    )
    answer = hear(desk_of(FakeLive()), message)
    assert answer is not None
    assert (answer.topic, answer.correlation) == ("massage/app/response", b"\x01")
    assert not answer.retain
    message = asked("session", {"value": "pause"}, response_topic="homeassistant/device/x/config")
    answer = hear(desk_of(FakeLive()), message)
    assert answer is not None
    assert answer.topic == f"massage/bath/{TOOL}/response"


def test_what_is_no_command_is_not_answered() -> None:
    message = Incoming(topic="homeassistant/status", payload=b"online")
    assert hear(desk_of(FakeLive()), message) is None
