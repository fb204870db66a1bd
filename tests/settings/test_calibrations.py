"""What was found of tools: kept in one private file, whole or not at all."""

import json
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from companion.errors import FileRefused
from companion.settings.calibrations import (
    KeptArea,
    KeptCalibration,
    KeptGain,
    calibration_of,
    calibrations_file,
    described_as,
    forget_calibration,
    keep_calibration,
    load_calibrations,
)
from companion.settings.tools import Radio, feature_digest
from tests.ble.scripted_tool import a_feature

GAIN = KeptGain(
    channel=1,
    factor=1.25,
    uncertainty=0.01,
    residual_n=0.004,
    loads=4,
    heaviest_n=1.5,
    day="2026-11-21",
    temperature_c=21.5,
)
KEPT = KeptCalibration(
    radio=Radio.BLUETOOTH,
    address="C4:00:00:00:00:01",
    feature="0123456789abcdef",
    gains=(GAIN,),
    areas=(KeptArea(area_m2=1e-4, share=0.05, day="2026-11-20"),),
)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "own"
    monkeypatch.setattr("companion.settings.calibrations.data_folder", lambda: folder)


def test_what_is_kept_comes_back_whole_and_for_its_owner_only() -> None:
    assert load_calibrations() == []
    keep_calibration(KEPT)
    other = replace(KEPT, radio=Radio.VIRTUAL)
    keep_calibration(other)
    keep_calibration(KEPT)
    assert calibration_of(Radio.BLUETOOTH, "c4:00:00:00:00:01") == KEPT
    assert sorted(load_calibrations(), key=lambda kept: kept.radio) == [KEPT, other]
    assert stat.S_IMODE(calibrations_file().stat().st_mode) == 0o600
    assert forget_calibration(*KEPT.identity)
    assert not forget_calibration(*KEPT.identity)
    assert forget_calibration(*other.identity)
    assert not calibrations_file().exists()


def test_a_newer_gain_and_area_take_the_place_of_the_same_channels() -> None:
    newer, first = replace(GAIN, factor=1.1), replace(GAIN, channel=0)
    kept = KEPT.with_gain(newer).with_gain(first)
    assert kept.gains == (first, newer)
    whole = KeptArea(area_m2=2e-4, share=0.05, day="2026-11-22")
    corner = KeptArea(channel=0, area_m2=5e-5, share=0.05, day="2026-11-22")
    assert KEPT.with_area(whole).with_area(corner).areas == (whole, corner)


def test_sensing_gets_it_by_channel_with_its_age() -> None:
    known = KEPT.known(date(2026, 12, 1))
    assert known.gains[0] is None
    gain = known.gains[1]
    assert gain is not None
    assert (gain.factor, gain.age_days) == (1.25, 10)
    assert known.area is not None
    assert known.area.area_m2 == 1e-4


def test_a_tool_of_the_profile_is_described_as_the_known_tools_have_it() -> None:
    assert described_as(a_feature()) == feature_digest(a_feature())
    odd = a_feature(contact_area_m2=1.0)
    assert len(described_as(odd)) == 16
    assert described_as(odd) != described_as(a_feature(contact_area_m2=2.0))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("channel", 8),
        ("factor", 0.0),
        ("factor", "1.2"),
        ("reported_ppm", -1),
        ("uncertainty", 1.5),
        ("residual_n", -1.0),
        ("loads", 1),
        ("heaviest_n", 0.0),
        ("day", "yesterday"),
        ("temperature_c", 900.0),
        ("more", 1),
    ],
)
def test_a_file_that_is_not_ours_is_refused_and_stays(field: str, value: object) -> None:
    keep_calibration(KEPT)
    document = json.loads(calibrations_file().read_text("utf-8"))
    document["calibrations"][0]["gains"][0][field] = value
    calibrations_file().write_text(json.dumps(document), encoding="utf-8")
    before = calibrations_file().read_bytes()
    with pytest.raises(FileRefused):
        load_calibrations()
    with pytest.raises(FileRefused):
        keep_calibration(KEPT)
    assert calibrations_file().read_bytes() == before
