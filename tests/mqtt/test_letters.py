"""Alerts and summaries: golden documents, the same name each time."""

import json
from datetime import timedelta

from companion.mqtt.letters import Kind, alert_letter, summary_letters
from tests.mqtt.parts import NOW, SESSION, TOOL, TOPICS
from tests.store.sessions import FINISHED, RAISED


def test_an_alert_is_an_event_that_home_assistant_knows() -> None:
    letter = alert_letter(TOPICS, SESSION, RAISED, NOW)
    assert letter.topic == f"massage/bath/{TOOL}/alert"
    assert json.loads(letter.payload) == {
        "event_type": "over_pressure",
        "id": 1,
        "msg_id": "48454560-d63b-50ae-b6f7-a0f081cb46a6",
        "session_id": "5e55",
        "at": "2026-11-21T07:35:00.000+00:00",
        "level": "stop",
        "zone": "cheek",
        "side": "left",
        "peak_kpa": 14.0,
        "limit_kpa": 13.3,
    }
    outgoing = letter.outgoing(NOW.timestamp() + 100)
    assert outgoing is not None
    assert (outgoing.qos, outgoing.retain, outgoing.expires_s) == (1, False, 200)
    assert letter.outgoing(NOW.timestamp() + 300) is None


def test_a_summary_is_said_twice_and_never_grows_old() -> None:
    happened, last = summary_letters(TOPICS, SESSION, FINISHED.summary, NOW)
    assert happened.topic == f"massage/bath/{TOOL}/session/summary"
    assert last.topic == f"massage/bath/{TOOL}/session/last"
    assert happened.payload == last.payload
    assert json.loads(happened.payload) == {
        "format": 1,
        "msg_id": happened.msg_id,
        "session_id": "5e55",
        "tool": TOOL,
        "began_at": "2026-11-21T07:30:00+00:00",
        "ended_at": "2026-11-21T07:35:00+00:00",
        "routine": "quick",
        "outcome": "finished",
        "duration_s": 8.0,
        "score_percent": None,
        "warnings": 0,
        "dose_s": 5.0,
        "steps_done": 1,
        "steps": [
            {
                "step": "cheek",
                "zone": "cheek",
                "side": "left",
                "outcome": "done",
                "repetitions": 10,
                "goal": 10,
                "duration_s": 8.0,
                "mean_kpa": 4.0,
                "peak_kpa": 16.0,
                "score_percent": None,
            }
        ],
    }
    later = NOW + timedelta(days=3650)
    sent = [one.outgoing(later.timestamp()) for one in (happened, last)]
    assert [one.retain for one in sent if one is not None] == [False, True]


def test_a_letter_has_the_same_name_each_time_and_its_own() -> None:
    alert = alert_letter(TOPICS, SESSION, RAISED, NOW)
    again = alert_letter(TOPICS, SESSION, RAISED, NOW + timedelta(seconds=5))
    both = summary_letters(TOPICS, SESSION, FINISHED.summary, NOW)
    assert alert.msg_id == again.msg_id
    assert len({alert.msg_id, *(one.msg_id for one in both)}) == 3
    assert [one.kind for one in (alert, *both)] == [Kind.ALERT, Kind.SUMMARY, Kind.LAST]
