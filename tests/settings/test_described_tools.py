"""Files about other tools: read into plain data, or refused with line, key and a way out."""

import json
import math
import tomllib
from pathlib import Path

import pytest

from companion.cli.endings import UsageRefused
from companion.cli.wanted import Wanted, wanted_tool
from companion.errors import FileRefused
from companion.paths import default_file
from companion.settings import described_tools
from companion.settings.described_tools import load_other_tool, load_other_tools
from companion.settings.faults import FaultsFound
from protocols.massage_tool import Features, ToolKind
from protocols.other_tools import tindeq, uart
from protocols.other_tools.description import CodecName, Endpoint, Proof
from protocols.telemetry import Sample
from tests.settings.test_schema import troubles

ROOT = Path(__file__).parents[2]
SHIPPED = sorted((ROOT / "config" / "other-tools").glob("*.toml"))
GAUGE = """title = "Gauge"
source = "ours"
proof = "documented"
codec = "fields"
rate_hz = 50

[recognise]
names = ["Gauge*"]

[[values]]
service = "185a"
characteristic = "2c07"

[[values.fields]]
at = 0
type = "i32"
gives = "force"
unit = "mN"

[facts]
force_resolution_mn = 1
"""
AGAIN = """[[values]]
service = "185a"
characteristic = "2C07"
[[values.fields]]
at = 0
type = "i32"
gives = "travel"
unit = "mm"
"""
LINES = """title = "Liner"
source = "ours"
proof = "documented"
codec = "lines"
rate_hz = 50

[recognise]
names = ["Liner"]

[lines]
format = "csv"
columns = [
    { at = 0, gives = "accel_x", unit = "g" },
    { at = 1, gives = "time", unit = "ms" },
]
"""


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration folder of the user's own."""
    monkeypatch.setattr(described_tools, "config_folder", lambda: tmp_path)
    (tmp_path / "other-tools").mkdir()
    return tmp_path / "other-tools"


def refused(tmp_path: Path, content: str) -> FileRefused:
    file = tmp_path / "gauge.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(FileRefused) as caught:
        load_other_tool(str(file))
    return caught.value


def test_a_shipped_tool_is_plain_data() -> None:
    tool = load_other_tool("tindeq")
    assert (tool.codec, tool.proof, tool.rate_hz, tool.has_clock, tool.pairs) == (
        CodecName.TINDEQ,
        Proof.DOCUMENTED,
        80,
        True,
        False,
    )
    assert tool.listens == (Endpoint(tindeq.SERVICE, tindeq.DATA),)
    assert [write.value for write in (*tool.start, *tool.stop, *tool.tare)] == [b"e", b"f", b"d"]
    feature = tool.feature
    assert (feature.force_channels, feature.features) == (1, Features(0))
    assert feature.force_resolution_n == pytest.approx(0.05)
    assert feature.contact_area_m2 is None
    assert feature.supported_mass_kg is None


def test_facts_and_parts_come_from_what_is_described() -> None:
    feature = load_other_tool("lines-csv").feature
    assert feature.tool_kind is ToolKind.ROLLER
    assert feature.features == Features.ACCELEROMETER | Features.GYROSCOPE
    assert feature.contact_area_m2 == pytest.approx(1e-4)
    assert feature.supported_mass_kg == pytest.approx(0.04)
    assert feature.press_axis == (0.0, 0.0, -1.0)
    assert load_other_tool("witmotion").feature.force_channels == 0
    assert load_other_tool("lines-json").listens == (Endpoint(uart.SERVICE, uart.TX),)


def test_a_tool_is_made_of_data_alone(tmp_path: Path) -> None:
    file = tmp_path / "gauge.toml"
    file.write_text(GAUGE, encoding="utf-8")
    tool = load_other_tool(str(file))
    force = "00002c07-0000-1000-8000-00805f9b34fb"
    assert tool.name == "gauge"
    assert tool.listens == (Endpoint("0000185a-0000-1000-8000-00805f9b34fb", force),)
    assert not tool.has_clock
    (reading,) = tool.new_codec().receive_data(force, (1500).to_bytes(4, "little"))
    assert reading == (None, Sample((1.5,), None, None, None))


def test_units_and_scale_multiply(tmp_path: Path) -> None:
    file = tmp_path / "liner.toml"
    file.write_text(LINES.replace('unit = "g"', 'unit = "mg", scale = -2'), encoding="utf-8")
    tool = load_other_tool(str(file))
    (reading,) = tool.new_codec().receive_data("", b"500,1500\n")
    assert reading.time_us == 1_500_000
    assert reading.sample.accel_mps2 is not None
    assert reading.sample.accel_mps2[0] == pytest.approx(-9.80665)
    assert reading.sample.accel_mps2[1:] == (None, None)
    assert Features.ACCELEROMETER not in tool.feature.features


def test_every_unit_is_what_it_says() -> None:
    from protocols.other_tools.quantities import UNITS  # noqa: PLC0415 -- beside its figures

    factors = {unit: factor for unit, (_, factor) in UNITS.items()}
    assert factors["lbf"] == pytest.approx(4.4482216, rel=1e-7)
    assert factors["gf"] == pytest.approx(0.00980665)
    assert factors["deg/s"] * 180 == pytest.approx(math.pi)
    assert factors["ms"] == 1000


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_every_shipped_file_is_right_and_fits_the_schema(file: Path) -> None:
    tool = load_other_tool(file.stem)
    assert tool.services or tool.names
    shipped = default_file("schema", "other-tool.schema.json").read_text(encoding="utf-8")
    schema = json.loads(shipped)
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    assert not list(troubles(data, schema, schema))


@pytest.mark.parametrize(
    ("old", "new", "line", "key", "words"),
    [
        ('codec = "fields"', 'codec = "feilds"', 4, "codec", 'Did you mean "fields"'),
        ("rate_hz = 50", "rate = 50", 5, "rate", "no such key"),
        ("rate_hz = 50", "rate_hz = 0", 5, "rate_hz", "at least 1"),
        ('names = ["Gauge*"]', "", 7, "recognise.names", "to recognise"),
        ('"2c07"', '"2c0"', 12, "values[1].characteristic", "UUID"),
        ('gives = "force"', 'gives = "forse"', 17, "fields[1].gives", 'Did you mean "force"'),
        ('unit = "mN"', 'unit = "kg"', 18, "fields[1].unit", 'Did you mean "kgf"'),
        ('unit = "mN"', 'unit = "ms"', 18, "fields[1].unit", "Accepted: N, mN, kgf"),
        ('unit = "mN"', 'unit = "mN"\nscale = 0', 19, "fields[1].scale", "leaves nothing"),
        ('type = "i32"', 'type = "s32"', 16, "fields[1].type", "i32"),
        ('type = "i32"', 'type = "i32"\noffset = 2', 17, "offset", "no such key"),
        ("at = 0", "at = 510", 15, "fields[1].at", "512 bytes"),
        ("force_resolution_mn = 1", "", 20, "facts", "needs this key"),
        (
            "force_resolution_mn = 1",
            "force_resolution_mn = 1\npress_axis = [0, 0, 2]",
            22,
            "press_axis",
            "2 long",
        ),
        ("[facts]", '[bluefruit]\naccel_unit = "g"\n[facts]', 20, "bluefruit", "is for the codec"),
        ('codec = "fields"', 'codec = "lines"', 4, "codec", "needs the table lines"),
        (
            "[facts]",
            f"{AGAIN}[facts]",
            22,
            "values[2].characteristic",
            "twice",
        ),
        ("[facts]", '[link]\nstart = [{ service = "1" }]\n[facts]', 21, "service", "UUID"),
    ],
)
def test_a_fault_is_told_with_its_line_and_a_way_out(
    tmp_path: Path, old: str, new: str, *, line: int, key: str, words: str
) -> None:
    assert old in GAUGE
    error = refused(tmp_path, GAUGE.replace(old, new, 1))
    assert isinstance(error, FaultsFound)
    fault = next(fault for fault in error.faults if key in fault.key)
    assert fault.line == line
    assert words in fault.reason


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("at = 0, gives", "gives", "needs the key at"),
        ('format = "csv"', 'format = "json"', "needs the key key"),
        ('gives = "time", unit = "ms"', 'gives = "accel_x", unit = "g"', "given twice"),
        ('gives = "time", unit = "ms"', 'gives = "force", unit = "N"', "needs this key"),
        ("[lines]", "[[values]]\n[lines]", "missing"),
        (
            '    { at = 1, gives = "time", unit = "ms" },\n',
            '    { at = 1, gives = "force", unit = "N" },\n' * 9,
            "at most 8",
        ),
    ],
)
def test_a_fault_in_lines_is_told(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in LINES
    error = refused(tmp_path, LINES.replace(old, new, 1))
    assert words in str(error)


def test_a_name_that_is_none_suggests_one() -> None:
    with pytest.raises(FileRefused, match='Did you mean "tindeq"'):
        load_other_tool("tindek")


def test_a_users_file_adds_a_tool_or_replaces_a_shipped_one(config: Path) -> None:
    (config / "gauge.toml").write_text(GAUGE, encoding="utf-8")
    (config / "tindeq.toml").write_text(GAUGE, encoding="utf-8")
    tools = {tool.name: tool for tool in load_other_tools()}
    assert tools["gauge"].title == tools["tindeq"].title == "Gauge"
    assert len(tools) == len(SHIPPED) + 1


def test_what_a_person_asks_for_is_understood(config: Path) -> None:
    (config / "gauge.toml").write_text(GAUGE, encoding="utf-8")
    for words, name, kind in [
        ("", None, None),
        ("tindeq", None, "tindeq"),
        ("gauge", None, "gauge"),
        (str(config / "gauge.toml"), None, "gauge"),
        ("Progressor_17", "Progressor_17", "tindeq"),
        ("Gauge 3", "Gauge 3", "gauge"),
        ("Aurora roller", "Aurora roller", None),
        ("F0:5E:1A:0A:00:01", "F0:5E:1A:0A:00:01", None),
    ]:
        wanted = wanted_tool(words)
        assert (wanted.name, wanted.kind.name if wanted.kind else None) == (name, kind), words
        assert wanted.motion is None


def test_a_broken_file_does_not_stand_in_the_way_of_other_tools(config: Path) -> None:
    (config / "broken.toml").write_text("title = 1", encoding="utf-8")
    assert wanted_tool("Aurora roller") == Wanted("Aurora roller")
    with pytest.raises(FileRefused):
        wanted_tool("broken")


def test_two_devices_make_one_tool() -> None:
    wanted = wanted_tool("progressor-dome+witmotion")
    assert (wanted.kind, wanted.motion) == (
        load_other_tool("progressor-dome"),
        load_other_tool("witmotion"),
    )
    for words in ("witmotion+progressor-dome", "tindeq+lines-json"):
        with pytest.raises(UsageRefused):
            wanted_tool(words)
