"""The known tools: kept in one private file, whole or not at all."""

import json
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from companion.errors import FileRefused
from companion.settings.tools import (
    Kind,
    KnownTool,
    Radio,
    feature_digest,
    forget_tool,
    free_name,
    keep_tool,
    load_tools,
    tools_file,
)
from protocols.massage_tool import Features, ToolKind
from tests.ble.scripted_tool import a_feature

ROLLER = KnownTool(
    name="Bathroom",
    radio=Radio.BLUETOOTH,
    address="C4:00:00:00:00:01",
    advertised="Test roller",
    kind=Kind.ROLLER,
    feature="0123456789abcdef",
    contact_area_m2=125e-6,
    channel_areas_m2=(75e-6, None, 50e-6),
    bonded=True,
    serial="7",
    battery_percent=83,
    rssi_dbm=-58,
    paired_at=datetime(2026, 11, 21, 18, 0, tzinfo=UTC),
    seen_at=datetime(2026, 11, 22, 7, 30, tzinfo=UTC),
)
STONE = replace(ROLLER, name="Ärmel №2", address="12345678-9ABC-DEF0-1234-56789ABCDEF0")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("companion.settings.tools.data_folder", lambda: tmp_path / "own")


def test_what_is_kept_comes_back_whole_and_by_name() -> None:
    assert load_tools() == []
    keep_tool(STONE)
    keep_tool(ROLLER)
    assert load_tools() == [ROLLER, STONE]
    stored = json.loads(tools_file().read_text("utf-8"))
    assert stored["format"] == 1
    assert {"name": "Bathroom", "seen_at": "2026-11-22T07:30:00+00:00"}.items() <= stored["tools"][
        1
    ].items()


def test_the_same_address_on_the_other_radio_is_another_tool() -> None:
    virtual = replace(ROLLER, radio=Radio.VIRTUAL, name="Simulated")
    keep_tool(ROLLER)
    keep_tool(virtual)
    keep_tool(replace(ROLLER, name="Renamed"))
    assert load_tools(Radio.BLUETOOTH) == [replace(ROLLER, name="Renamed")]
    assert load_tools(Radio.VIRTUAL) == [virtual]


def test_only_the_owner_can_read_it_and_the_last_tool_takes_it_along() -> None:
    keep_tool(ROLLER)
    assert stat.S_IMODE(tools_file().stat().st_mode) == 0o600
    assert stat.S_IMODE(tools_file().parent.stat().st_mode) == 0o700
    keep_tool(STONE)
    forget_tool(ROLLER)
    assert load_tools() == [STONE]
    forget_tool(STONE)
    assert list(tools_file().parent.iterdir()) == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "", "characters"),
        ("name", " Bathroom", "no space"),
        ("name", "x" * 41, "40"),
        ("name", "\x1b[2Jgone", "can be seen"),
        ("advertised", "abc\u202edcba", "can be seen"),
        ("address", "../../etc", "address"),
        ("feature", "short", "feature"),
        ("seen_at", "2026-11-21T18:00:00", "time zone"),
        ("seen_at", "yesterday", "time zone"),
        ("kind", "hammer", "hammer"),
        ("surprise", 1, "no such key"),
    ],
)
def test_a_file_with_such_a_tool_is_refused_and_left_alone(
    field: str, value: object, words: str
) -> None:
    keep_tool(ROLLER)
    document = json.loads(tools_file().read_text("utf-8"))
    document["tools"][0][field] = value
    content = json.dumps(document)
    tools_file().write_text(content, "utf-8")
    with pytest.raises(FileRefused) as refused:
        keep_tool(STONE)
    assert words in str(refused.value)
    assert str(refused.value).isprintable()
    assert tools_file().read_text("utf-8") == content


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff", b'{"format": 2, "tools": []}'])
def test_a_file_that_is_none_is_refused(content: bytes) -> None:
    tools_file().parent.mkdir()
    tools_file().write_bytes(content)
    with pytest.raises(FileRefused):
        load_tools()


def test_a_tool_answers_to_its_name_and_its_address() -> None:
    assert ROLLER.answers_to("bathROOM")
    assert ROLLER.answers_to("c4:00:00:00:00:01")
    assert not ROLLER.answers_to("Test roller")


def test_a_free_name_is_near_to_the_wanted_one() -> None:
    assert free_name("Stone", [ROLLER]) == "Stone"
    assert free_name("Bathroom", [ROLLER, replace(ROLLER, name="bathroom 2")]) == "Bathroom 3"
    assert free_name("x" * 40, [replace(ROLLER, name="x" * 40)]) == "x" * 38 + " 2"


def test_a_tool_is_what_its_feature_says() -> None:
    feature = a_feature(tool_kind=ToolKind.GUA_SHA, features=Features.DISPLAY)
    tool = ROLLER.with_feature(feature)
    assert (tool.kind, tool.has_display) == (Kind.GUA_SHA, True)
    assert (ROLLER.has_limit, tool.has_limit) == (None, False)
    assert tool.feature == feature_digest(feature) != feature_digest(a_feature())
    assert tool.contact_area_m2 == feature.contact_area_m2
    told = replace(tool, channel_areas_m2=(75e-6, None))
    assert told.with_feature(feature).channel_areas_m2 == (75e-6, None)
    assert told.with_feature(a_feature()).channel_areas_m2 == ()
    assert ROLLER.with_feature(a_feature(tool_kind=9)).kind is Kind.OTHER
