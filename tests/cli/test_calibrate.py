"""``companion calibrate`` as it is typed, against a tool whose force is really wrong."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from companion.__main__ import main
from companion.settings.calibrations import (
    calibrations_file,
    keep_calibration,
    load_calibrations,
)
from companion.settings.tools import KnownTool, Radio, keep_tool
from companion.store.database import open_store, store_file
from companion.store.sessions import Sessions
from protocols.massage_tool import Calibration, ReadCalibration, Result, SetCalibration
from simulators.firmware.control_point import ControlPoint
from simulators.firmware.refusal import Refused
from simulators.scenario import CountedFrom, Mishap, MishapKind
from simulators.tool_data import Edge, load_tool
from tests.cli.room import AIR, ROLLER, Room, room_for
from tests.cli.workbench import Workbench, at_home

pytestmark = pytest.mark.unmeasured  # see end_to_end/conftest.py

GAIN = 1 / 0.8
LOADS = ("--loads", "50,100,150")
READY = ["", "", "", ""]
DOME, GAUGE = "progressor-dome", "tindeq"
KNOWN = KnownTool(
    name="Mine",
    radio=Radio.VIRTUAL,
    address="F0:5E:1A:0A:00:01",
    feature="0123456789abcdef",
    paired_at=datetime(2026, 11, 21, tzinfo=UTC),
    seen_at=datetime(2026, 11, 21, tzinfo=UTC),
)


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch, home: Path) -> Room:
    return room_for(monkeypatch, home)


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch, room: Room) -> Workbench:
    return at_home(monkeypatch, room)


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody sits at the terminal."""
    monkeypatch.setattr("companion.cli.calibrate.can_ask", lambda: True)


@pytest.fixture
def gainless(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tool knows no calibration."""
    refuse(monkeypatch, SetCalibration | ReadCalibration, Result.OP_CODE_NOT_SUPPORTED)


def refuse(monkeypatch: pytest.MonkeyPatch, ops: object, result: Result) -> None:
    honest = ControlPoint._on_channel

    def on_channel(self: ControlPoint, request: object) -> object:
        if isinstance(request, ops):  # type: ignore[arg-type]
            raise Refused(result)
        return honest(self, request)  # type: ignore[arg-type]

    monkeypatch.setattr(ControlPoint, "_on_channel", on_channel)


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().err.splitlines()[-1]


@pytest.mark.measured
@pytest.mark.usefixtures("person")
def test_the_tool_keeps_its_gain_and_the_pressure_is_the_true_one(
    bench: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    # Its own weight is felt too little, too; what it reads below nothing in the air is made good.
    assert bench.work() == pytest.approx(1 / GAIN, abs=0.04)
    typed = ["", "fifty", "50", "0.98 N", "150", ""]
    assert bench.calibrate("--temperature", "21", typed=typed) == 0
    assert "Mine is calibrated." in capsys.readouterr().out
    assert bench.tool_ppm() == [pytest.approx(GAIN * 1e6, rel=0.01)]
    (gain,) = bench.found().gains
    assert (gain.factor, gain.reported_ppm) == (1.0, bench.tool_ppm()[0])
    assert (gain.loads, gain.temperature_c, gain.reference) == (4, 21.0, "scale")
    assert gain.residual_n is not None
    assert gain.residual_n < 0.03
    assert bench.work() == pytest.approx(1.0, abs=0.02)
    assert "calibration.lapsed" not in bench.notices()
    with closing(open_store(store_file())) as store:
        sessions = Sessions(store)
        newest, before = map(sessions.calibration, sessions.all())
    assert before is None
    assert newest is not None
    assert [known and known.reported_ppm for known in newest.calibration.gains] == bench.tool_ppm()


def test_calibrated_twice_it_is_not_multiplied_twice(
    bench: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.calibrate(*LOADS, typed=READY) == 0
    once = bench.tool_ppm()
    bench.loads_g = (150.0,)
    assert bench.calibrate("--loads", "150", typed=["", ""]) == 0
    assert "two loads, which any line fits" in capsys.readouterr().out
    assert bench.tool_ppm() == [pytest.approx(once[0], rel=0.01)]
    (gain,) = bench.found().gains
    assert (gain.factor, gain.loads, gain.residual_n) == (1.0, 2, None)


@pytest.mark.usefixtures("gainless")
def test_a_tool_that_keeps_no_gain_has_it_kept_here_and_used_once(
    bench: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.work() == pytest.approx(1 / GAIN, abs=0.04)
    before_n = bench.armed_n()
    assert bench.calibrate(*LOADS, "--json", typed=READY) == 0
    (told,) = json.loads(capsys.readouterr().out.splitlines()[-1])["gains"]
    assert (told["kept_in"], told["factor"]) == ("host", pytest.approx(GAIN, rel=0.01))
    assert bench.work() == pytest.approx(1.0, abs=0.02)
    # The tool's own limit has no gain of ours: it is armed in the newtons that the tool feels.
    assert bench.armed_n() == pytest.approx(before_n / told["factor"], abs=0.002)
    # What is kept is in the same newtons: each a whole count of the tool's, multiplied once.
    forces = [sample.force_n[0] or 0.0 for frame in bench.kept for sample in frame.samples]
    counts = [force / (1e-4 * bench.found().gains[0].factor) for force in forces]
    assert len(counts) > 1000
    assert max(abs(count - round(count)) for count in counts) < 1e-3


@pytest.mark.measured
@pytest.mark.usefixtures("gainless")
def test_a_gauge_that_is_connected_takes_the_place_of_the_scale(
    bench: Workbench, room: Room
) -> None:
    bench.loads_g = (100.0, 150.0, 200.0)
    room.tools = (ROLLER, GAUGE)
    assert bench.calibrate("--gauge", GAUGE, "--times", "3", typed=READY) == 0
    (gain,) = bench.found().gains
    assert gain.factor == pytest.approx(GAIN, rel=0.03)
    assert (gain.loads, gain.reference) == (4, GAUGE)


def test_another_kind_of_tool_is_calibrated_here(bench: Workbench, room: Room) -> None:
    room.tools = (DOME,)
    bench.work("--tool", DOME)
    assert bench.peak_share == pytest.approx(0.8, abs=0.05)
    assert bench.calibrate(*LOADS, "--tool", DOME, typed=READY) == 0
    (gain,) = bench.found().gains
    assert gain.reported_ppm is None
    assert gain.factor == pytest.approx(GAIN, rel=0.015)
    bench.work("--tool", DOME)
    assert bench.peak_share == pytest.approx(1.0, abs=0.05)


def test_each_channel_of_a_stone_has_its_own_gain(bench: Workbench, room: Room) -> None:
    stone = load_tool("gua-sha")
    edges = tuple(
        Edge(f"place-{place}", 0.5e-4, shares, zones)
        for place, (shares, zones) in enumerate(
            [((0.9, 0.1, 0.0), ()), ((0.1, 0.8, 0.1), ("cheek",)), ((0.0, 0.0, 1.0), ("temples",))]
        )
    )
    bench.data = replace(
        stone,
        name="Mine",
        address=load_tool(ROLLER).address,
        sensors=replace(stone.sensors, edges=edges),
    )
    bench.gains = (0.8, 1.1, 1.0)
    assert main(["pair", *AIR, "--tool", "Mine", "--name", "Stone"]) == 0
    bench.loads_g = (150.0, 250.0)
    typed = [*READY[:3], *READY[:2], *READY[:2]]
    assert bench.calibrate("--loads", "150,250", typed=typed) == 0
    wanted = [1e6 / gain for gain in bench.gains]
    # Hysteresis of 24 mN lags behind loads that rise: more than a scale shows, and in the +- said.
    assert bench.tool_ppm() == pytest.approx(wanted, rel=0.02)
    assert [gain.channel for gain in bench.found().gains] == [0, 1, 2]
    assert room.on


def test_a_gain_that_somebody_else_set_since_voids_what_was_found(
    bench: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.calibrate(*LOADS, typed=READY) == 0
    kept = bench.found()
    keep_calibration(kept.with_gain(replace(kept.gains[0], reported_ppm=900_000, factor=1.5)))
    assert bench.work() == pytest.approx(1.0, abs=0.02)
    assert "calibration.lapsed" in bench.notices()
    keep_calibration(replace(kept, feature="0" * 16))
    bench.work()
    assert "calibration.changed" in bench.notices()
    capsys.readouterr()
    assert main(["doctor", *AIR, "--json", "--seconds", "1"]) == 0
    stands = finding(capsys)
    assert stands["state"] == "warning"
    assert "Mine is not as it was when it was calibrated" in stands["words"]


def finding(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    found = json.loads(capsys.readouterr().out)["findings"]
    (one,) = [each for each in found if each["check"] == "calibration"]
    assert isinstance(one, dict)
    return one


def test_tools_show_and_doctor_tell_how_it_stands(
    bench: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tools", "show", "Mine"]) == 0
    assert "Nothing was kept of the force or area of Mine." in capsys.readouterr().out
    assert bench.calibrate(*LOADS, typed=READY) == 0
    capsys.readouterr()
    assert main(["tools", "show", "Mine"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if "channel 1" in line)
    assert "kept in the tool, found " in line
    assert "(0 days ago) against a scale; the line leaves " in line
    assert main(["doctor", *AIR, "--json"]) == 0
    assert finding(capsys)["state"] == "ok"
    (gain,) = bench.found().gains
    keep_calibration(bench.found().with_gain(replace(gain, day="2020-01-31")))
    assert main(["doctor", *AIR, "--json"]) == 0
    old = finding(capsys)
    assert old["state"] == "warning"
    assert "2020-01-31" in old["words"]
    assert main(["calibrate", "--forget", "--tool", "Mine"]) == 0
    assert not calibrations_file().exists()


def test_a_measured_area_is_what_pressure_is_judged_on(
    bench: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.gains = (1.0,)
    assert main(["calibrate", "--area", "20x10"]) == 0
    assert "The contact area of Mine is 2.00 cm2 from now on" in capsys.readouterr().out
    # The hand touches with the 1 cm2 that the tool declares, so half of it is seen.
    assert bench.work() == pytest.approx(0.5, abs=0.02)


def test_a_recording_as_a_tool_sent_it_is_judged_by_what_is_kept_here(
    bench: Workbench, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert bench.calibrate(*LOADS, typed=READY) == 0
    (gain,) = bench.found().gains
    file = tmp_path / "raw.csv"
    rows = [f"{k / 100:.2f},{1.0 if 100 < k < 300 else 0.0}" for k in range(400)]
    file.write_text("\n".join(["t_s,force_n", *rows]), encoding="utf-8")
    peaks = []
    for factor in (1.0, 1.5):
        keep_calibration(bench.found().with_gain(replace(gain, factor=factor)))
        capsys.readouterr()
        assert main(["analyze", str(file), "--json", "--as-sent-by", "Mine"]) == 0
        peaks.append(json.loads(capsys.readouterr().out)["contacts"][0]["peak_n"])
    # What the tool keeps is in what it sends; what is kept here is not.
    assert peaks == pytest.approx([1.0, 1.5])
    assert main(["analyze", str(file), "--as-sent-by", "Yours"]) == 2


def test_the_card_is_a_page_with_a_hundred_millimetres_on_it(tmp_path: Path) -> None:
    file = tmp_path / "card.svg"
    assert main(["calibrate", "--card", str(file)]) == 0
    page = ET.parse(file).getroot()  # noqa: S314 -- our own
    assert (page.get("width"), page.get("height")) == ("210mm", "297mm")
    assert page.get("viewBox") == "0 0 210 297"
    lines = [part for part in page if part.tag.endswith("line")]
    lengths = [float(line.get("x2", 0)) - float(line.get("x1", 0)) for line in lines]
    assert 100.0 in lengths
    words = {part.text for part in page if part.tag.endswith("text")}
    for part in page:
        if part.tag.endswith("rect") and part.get("fill") == "none":
            area = float(part.get("width", 0)) * float(part.get("height", 0))
            assert f"{area:.0f} mm2" in words


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "nobody can be asked here: name the loads with --loads"),
        ([*LOADS, "--gauge", GAUGE], "--loads are what a scale shows"),
        (["--loads", "50,much"], "'much' is no load"),
        (["--loads", "50,-5"], "'-5' is below zero"),
        (["--loads", "50,9e9"], "'9e9' is no load"),
        (["--loads", "50,90000"], "'90000' is more than 200 N"),
        (["--loads", "50 kg"], "'50 kg' is no load"),
        (["--gauge", "small-roller"], "small-roller is no gauge that is known here"),
        (["--area", "wide"], "'wide' is no contact area"),
        (["--area", "900x900"], "'900x900' is no contact area of a tool for a face"),
        (["--area", "20x5", "--tool", "Nobody"], "Nobody"),
        (["--forget", "--tool", "Nobody"], "Nobody"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_connected(
    room: Room, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    keep_tool(KNOWN)
    assert main(["calibrate", *AIR, *arguments]) == 2
    line = last_line(capsys)
    assert line.startswith("companion: ")
    assert sentence in line
    assert not load_calibrations()
    assert not list(room.folder.iterdir())


@pytest.mark.parametrize(
    ("asked", "status", "sentence"),
    [
        (([*LOADS], []), 2, "the answers ended before the loads"),
        (([*LOADS], ["", ""]), 2, "the answers ended before the loads"),
        (([*LOADS], ["", "fifty"]), 2, "'fifty' is no load"),
        (([*LOADS, "--channel", "2"], READY), 2, "there is no force channel 2; the tool has 1"),
        (([*LOADS, "--tool", "Nobody"], READY), 3, "No massage tool called Nobody was heard"),
        ((["--loads", "50"], ["", ""]), 1, "and it takes 1.00 N to tell a gain"),
        (([*LOADS], ["", "", "140", ""]), 1, "beside the line through all of them"),
    ],
)
def test_what_gives_no_calibration_is_said_in_one_sentence_and_keeps_nothing(
    bench: Workbench,
    capsys: pytest.CaptureFixture[str],
    asked: tuple[list[str], list[str]],
    status: int,
    sentence: str,
) -> None:
    capsys.readouterr()
    arguments, typed = asked
    assert bench.calibrate(*arguments, typed=typed) == status
    line = last_line(capsys)
    assert line.startswith("companion: ")
    assert sentence in line
    assert not load_calibrations()
    assert not list(bench.room.folder.glob("*.calibration.json"))


def test_a_load_beyond_the_sensor_is_said_to_be(
    bench: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.loads_g = (50.0, 450.0)
    assert bench.calibrate("--loads", "50,450", typed=READY[:3]) == 1
    assert "beyond what the force sensor of Mine can show" in last_line(capsys)


def test_a_hand_that_presses_nothing_is_said_to(
    bench: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.still = True
    assert bench.calibrate(*LOADS, typed=READY) == 1
    assert "Mine did not feel the load within 30 s" in last_line(capsys)
    assert not load_calibrations()


@pytest.mark.parametrize("at_s", [6.5, 12.0])
def test_a_link_that_is_lost_while_it_is_held_or_asked_for_leaves_nothing(
    bench: Workbench, capsys: pytest.CaptureFixture[str], at_s: float
) -> None:
    lost = Mishap(kind=MishapKind.LINK_LOST, at_s=at_s, counted_from=CountedFrom.BEGIN)
    bench.mishaps = [lost]
    assert bench.calibrate(*LOADS, typed=READY) == 1
    assert "the link to Mine was lost in the middle of it" in last_line(capsys)
    assert not load_calibrations()
    assert not list(bench.room.folder.glob("*.calibration.json"))


def test_a_tool_that_does_not_take_its_gain_is_left_as_it_was(
    bench: Workbench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, SetCalibration, Result.OPERATION_FAILED)
    assert bench.calibrate(*LOADS, typed=READY) == 1
    assert "Mine does not take its gain (set_calibration: operation_failed)" in last_line(capsys)
    assert not load_calibrations()


def test_a_tool_that_keeps_another_gain_than_it_was_given_is_not_believed(
    bench: Workbench, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = ControlPoint._on_channel

    def lying(self: ControlPoint, request: object) -> object:
        if isinstance(request, ReadCalibration):
            return Calibration(1.0, 0)
        return honest(self, request)  # type: ignore[arg-type]

    monkeypatch.setattr(ControlPoint, "_on_channel", lying)
    assert bench.calibrate(*LOADS, typed=READY) == 1
    assert "Mine does not take its gain" in last_line(capsys)
    assert not load_calibrations()


def test_a_tool_without_force_has_nothing_to_calibrate(
    bench: Workbench, room: Room, capsys: pytest.CaptureFixture[str]
) -> None:
    room.tools, bench.gains = ("motion-only",), ()
    assert main(["pair", *AIR, "--tool", load_tool("motion-only").name, "--name", "Blind"]) == 0
    bench.loads_g = None
    assert bench.calibrate(*LOADS, "--tool", "Blind", typed=READY) == 2
    assert "Blind has no force sensor: there is nothing to calibrate" in last_line(capsys)
