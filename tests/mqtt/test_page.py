"""The page and the shipped files keep to what is there."""

import re
from pathlib import Path

import pytest

from companion.cli.parser import build_parser
from companion.mqtt.commands import A_SECOND, AT_ONCE, LARGEST_BYTES, LEAST_PERCENT
from companion.mqtt.discovery import tool_components
from companion.mqtt.letters import ALERT_LASTS_S
from companion.mqtt.state import state_of
from companion.mqtt.topics import Topics
from companion.store.outbox import MOST
from tests.mqtt.mosquitto import running
from tests.mqtt.parts import TOOL, TOPICS, FakeLive, view

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "mqtt.md").read_text(encoding="utf-8")


def test_every_entity_of_the_examples_is_one_that_is_described() -> None:
    components = tool_components(TOPICS, TOOL)
    named = set(re.findall(r"(\w+)\.tool_1bb9fcd2d7_(\w+)", PAGE))
    assert len(named) > 5
    assert {(components[key]["platform"], key) for _, key in named} == named


def test_every_field_of_the_state_is_on_the_page() -> None:
    by_commands = {"limit_percent", "next_routine"}
    fields = set(state_of(view(), FakeLive().link(), 2e-4, None)) | by_commands
    (said,) = re.findall(r"^`state` has (.*?)null is", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", said)) == fields


def test_the_figures_of_the_page_are_those_of_the_code() -> None:
    assert f"{LEAST_PERCENT} to 100" in PAGE
    assert f"longer than {LARGEST_BYTES} bytes" in PAGE
    assert (AT_ONCE, A_SECOND) == (10.0, 5.0)
    assert "Ten may come together and five a second" in PAGE
    assert f"expires after {ALERT_LASTS_S} s" in PAGE
    assert MOST == {"alert": 1000, "summary": 10_000}
    assert "more than 1000 alerts, or 10 000 summaries" in PAGE
    assert f"`<base>` is `{Topics().base}`" in PAGE


@pytest.mark.parametrize("name", ["massage-companion.service", "compose.yaml"])
def test_a_service_runs_a_command_that_asks_nobody(name: str) -> None:
    unit = (ROOT / "docs" / "service" / name).read_text(encoding="utf-8")
    (command,) = re.findall(r"companion (run .*)", unit)
    arguments = build_parser().parse_args(command.split())
    assert (arguments.plain, arguments.oiled) == (True, True)
    assert "/root" not in unit


@pytest.mark.service("mosquitto")
def test_the_shipped_configuration_is_one_that_mosquitto_takes(tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    folder.mkdir()
    for name in ("users", "acl"):
        (folder / name).touch(mode=0o600)
    (folder / "acl").write_text((ROOT / "config" / "mosquitto-acl.conf").read_text())
    shipped = (ROOT / "config" / "mosquitto.conf").read_text()
    here = shipped.replace("/etc/mosquitto", str(folder)).replace("/var/lib/mosquitto", str(folder))
    lines = [one for one in here.splitlines() if not one.startswith("listener")]
    with running(folder, *lines) as broker:
        assert "Error" not in broker.said()
    assert "listener 1883 127.0.0.1" in shipped.splitlines()
