"""The whole command with a real broker: a session that is ended, and one that is killed."""

import json
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.processes import Start, ended, line, opened_air, starting, until
from tests.mqtt import test_house as house
from tests.mqtt.mosquitto import Mosquitto, listening, running

RUN = ("-m", "companion", "run", "--oiled", "--pair")

pytestmark = [
    pytest.mark.service("mosquitto"),
    pytest.mark.skipif(sys.platform == "win32", reason="the test sends POSIX signals"),
    pytest.mark.timeout(120),
]


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with running(tmp_path / "broker") as found:
        yield found


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Start]:
    """Start processes of ours, in a home of this test's own, that do not outlive it."""
    with starting(tmp_path, MASSAGE_COMPANION_MQTT_HUB="bath") as begin:
        yield begin


async def test_a_session_that_is_ended_leaves_its_summary_and_says_goodbye(
    broker: Mosquitto, begin: Start
) -> None:
    _, air = opened_air(begin)
    tool = begin("-m", "companion", "simulate", "--join", air)
    assert "switched on" in line(tool)
    async with listening(broker) as heard:
        url = f"mqtt://127.0.0.1:{broker.port}"
        service = begin(*RUN, "--air", air, "--json", "--mqtt", url)
        assert until(service, "repetition")["count"] == 1
        await house.until(lambda: house.on(heard, "/state"))
        status, _, err = ended(service, signal.SIGTERM)
        assert (status, err) == (143, "")
        await house.until(lambda: house.on(heard, "/session/last"))
        await house.until(lambda: house.on(heard, "bath/status")[-1] == "offline")
    (summary,) = house.on(heard, "/session/summary")
    assert json.loads(summary)["outcome"] == "interrupted"
    configs = [one for one in heard if str(one.topic).endswith("/config")]
    assert {str(one.topic).split("/")[1] for one in configs} == {"device"}


@pytest.mark.costly
async def test_two_tools_have_a_device_and_a_summary_each_and_one_that_vanishes_goes_alone(
    broker: Mosquitto, begin: Start
) -> None:
    _, air = opened_air(begin)
    kinds = {"Aurora roller": "small-roller", "Borealis roller": "large-roller"}
    tools = [begin("-m", "companion", "simulate", "--join", air, "--tool", kinds[n]) for n in kinds]
    for tool in tools:
        assert "switched on" in line(tool)
    async with listening(broker) as heard:
        url = f"mqtt://127.0.0.1:{broker.port}"
        wanted = [f"--tool={name}" for name in kinds]
        service = begin(*RUN, "--air", air, "--json", "--mqtt", url, *wanted)
        started = {until(service, "session_started")["tool_name"] for _ in kinds}
        assert started == kinds.keys()
        await house.until(lambda: len(house.on(heard, "/config")) == 1 + len(kinds))
        configs = [json.loads(one) for one in house.on(heard, "/config")]
        ids = {one["device"]["name"]: one["device"]["identifiers"][0] for one in configs}
        first, second = (ids[name] for name in kinds)
        tools[1].kill()
        await house.until(lambda: house.on(heard, f"{second}/status") == ["online", "offline"])
        assert house.on(heard, f"{first}/status") == ["online"]
        assert house.on(heard, "bath/status") == ["online"]
        status, _, err = ended(service, signal.SIGTERM)
        assert (status, err) == (143, "")
        await house.until(lambda: house.on(heard, "bath/status")[-1] == "offline")
    for tool in (first, second):
        (summary,) = house.on(heard, f"{tool}/session/summary")
        assert json.loads(summary)["outcome"] == "interrupted"
        assert json.loads(house.on(heard, f"{tool}/state")[-1])["phase"] == "finished"


async def test_for_a_process_that_is_killed_the_broker_says_offline(
    broker: Mosquitto, begin: Start
) -> None:
    async with listening(broker) as heard:
        url = f"mqtt://127.0.0.1:{broker.port}"
        _, air = opened_air(begin)
        tool = begin("-m", "companion", "simulate", "--join", air)
        assert "switched on" in line(tool)
        service = begin(*RUN, "--air", air, "--json", "--mqtt", url)
        await house.until(lambda: house.on(heard, "bath/status") == ["online"])
        service.kill()
        await house.until(lambda: house.on(heard, "bath/status") == ["online", "offline"])


@pytest.mark.costly
def test_a_broker_that_is_not_there_is_told_once_and_the_session_goes_on(
    broker: Mosquitto, begin: Start
) -> None:
    broker.kill()
    _, air = opened_air(begin)
    tool = begin("-m", "companion", "simulate", "--join", air)
    assert "switched on" in line(tool)
    url = f"mqtt://127.0.0.1:{broker.port}"
    service = begin(*RUN, "--air", air, "--plain", "--mqtt", url)
    said: list[str] = []
    while "1 of 10" not in (said or [""])[-1]:
        said.append(line(service))
    assert len([one for one in said if "nothing listens there" in one]) == 1
    status, _, err = ended(service, signal.SIGTERM)
    assert (status, err) == (143, "")
