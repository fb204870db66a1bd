import os
import subprocess
import sys
from contextlib import suppress
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.massage_tool import Features, ToolFeature, ToolKind
from simulators.data_files import config_root
from simulators.scenario import ScenarioError, load_scenario, parse_scenario
from simulators.tool_data import ToolFileError, load_tool, parse_tool

ROLLER = (config_root() / "tools" / "small-roller.toml").read_text("utf-8")
HEAVY = (config_root() / "scenarios" / "heavy-hand.toml").read_text("utf-8")


def test_the_small_roller_declares_what_the_demo_needs() -> None:
    feature = load_tool("small-roller").feature
    assert ToolFeature.from_bytes(bytes(feature)).features == feature.features
    assert bytes(feature) == bytes.fromhex(
        "01 02 bf 01 01 00 0a 00 47 01 f4 00 62 02 32 00 64 00 90 01"
        "00 00 81 7f 00 00 c8 00 70 17 00 00"
    )


def test_the_small_roller_says_who_it_is() -> None:
    tool = load_tool("small-roller")
    assert tool.name == "Aurora roller"
    assert tool.feature.tool_kind is ToolKind.ROLLER
    assert Features.ON_TOOL_LIMIT_FREED_OF_GRAVITY in tool.feature.features
    assert tool.rates == (25, 50, 100, 200)
    assert int(tool.address.replace(":", ""), 16) >> 46 == 0b11


@pytest.mark.parametrize("path", sorted((config_root() / "tools").glob("*.toml")), ids=str)
def test_every_shipped_tool_can_be_used(path: Path) -> None:
    tool = load_tool(path.stem)
    assert tool == load_tool(str(path))
    assert len(bytes(tool.feature)) == 32
    assert tool.rates[-1] == tool.feature.maximum_rate_hz


@pytest.mark.parametrize("path", sorted((config_root() / "scenarios").glob("*.toml")), ids=str)
def test_every_shipped_scenario_can_be_used(path: Path) -> None:
    scenario = load_scenario(path.stem)
    assert scenario.name == path.stem
    assert scenario.title


def test_the_careful_scenario_is_how_a_scenario_without_any_key_behaves() -> None:
    careful = load_scenario("careful")
    assert careful.habits == parse_scenario('title = "x"', "x.toml").habits


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("force_noise_mn = 5", "force_nose_mn = 5", "real.force_nose_mn", "did you mean force_noi"),
        ("force_noise_mn = 5\n", "", "real.force_noise_mn", "must be there"),
        ("force_noise_mn = 5", "force_noise_mn = nan", "real.force_noise_mn", "finite number"),
        ("force_noise_mn = 5", "force_noise_mn = -5", "real.force_noise_mn", "greater than or"),
        ("force_noise_mn = 5", 'force_noise_mn = "5"', "real.force_noise_mn", "must be a number"),
        ("force_channels = 1", "force_channels = 9", "declared.force_channels", "less than or"),
        ("force_channels = 1", "force_channels = 1.5", "declared.force_channels", "whole number"),
        ("rates_hz = [25, 50", "rates_hz = [2, 50", "declared.rates_hz[0]", "greater than or"),
        ('"wheel"', '"wheels"', "declared.features[2]", "'accelerometer', 'gyroscope', 'wheel'"),
        ("F0:5E", "10:5E", "tool.address", "begins with C, D, E or F"),
        ('"Aurora roller"', '"' + "ä" * 15 + '"', "tool", "longer than 29 bytes"),
        ("tip_axis = [1, 0, 0]", "tip_axis = [1, 0, 1]", "real", "tip_axis is 1.41 long"),
        ("tip_axis = [1, 0, 0]", "tip_axis = [0, 0, 1]", "real", "not at right angles"),
        ("force_full_scale_n = 3.27", "force_full_scale_n = 3.4", "declared", "full scale is 3.4"),
        ("\n[real]", "\n[reel]", "reel", "did you mean real"),
        ('name = "Aurora roller"', "name = ", "", "not valid TOML"),
    ],
)
def test_a_bad_tool_file_is_refused_with_key_and_reason(
    old: str, new: str, key: str, reason: str
) -> None:
    assert ROLLER.count(old) == 1
    with pytest.raises(ToolFileError) as refused:
        parse_tool(ROLLER.replace(old, new), "mine.toml")
    assert refused.value.file == "mine.toml"
    assert refused.value.key == key
    assert reason in refused.value.reason
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ("", "title", "must be there"),
        ('title = "x"\nhnad = 1', "hnad", "did you mean hand"),
        ('title = "x"\nhand = 1', "hand", "must be a table"),
        ('title = "x"\n[hand]\nspeed_cm_s = [4, 3]', "hand.speed_cm_s", "not 4 before 3"),
        ('title = "x"\n[hand]\nspeed_cm_s = [4]', "hand.speed_cm_s[1]", "must be there"),
        ('title = "x"\n[hand]\nspeed_cm_s = [4, inf]', "hand.speed_cm_s[1]", "finite"),
        ('title = "x"\n[hand]\nspeed_cm_s = [4, 50]', "hand.speed_cm_s", "within 0.5 to 30"),
        ('title = "x"\n[hand]\nreach = [0.5, 1.5]', "hand.reach", "within 0.1 to 1"),
        ('title = "x"\n[hand]\ntap_rate_hz = [1, 4]', "hand", "no time to lift"),
        ('title = "x"\n[hand]\npace = 1', "hand.pace", "no such key"),
    ],
)
def test_a_bad_scenario_is_refused_with_key_and_reason(text: str, key: str, reason: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        parse_scenario(text, "mine.toml")
    assert (refused.value.file, refused.value.key) == ("mine.toml", key)
    assert reason in refused.value.reason


@pytest.mark.parametrize(
    ("press", "key", "reason"),
    [
        ("at_s = 1", "press[0]", "name either the step or the zone"),
        ('zone = "cheek"\nstep = "cheek"\nat_s = 1', "press[0]", "name either"),
        ('step = "cheek"\nside = "left"\nat_s = 1', "press[0]", "side goes with zone"),
        ('zone = "cheek"', "press[0]", "say either at_s or repetitions"),
        ('zone = "cheek"\nat_s = 1\nrepetitions = [1]', "press[0]", "say either"),
        ('zone = "cheek"\nrepetitions = [0]', "press[0].repetitions[0]", "greater than or equal"),
        ('zone = "cheek"\nat_s = 1\npeak_kap = 2', "press[0].peak_kap", "did you mean peak_kpa"),
        ('zone = "chek"\nat_s = 1', "press[0]", "no such zone (did you mean cheek?)"),
    ],
)
def test_a_bad_press_is_refused_with_key_and_reason(press: str, key: str, reason: str) -> None:
    text = f'title = "x"\n[[press]]\npeak_kpa = 9\nduration_s = 1\n{press}'
    with pytest.raises(ScenarioError) as refused:
        parse_scenario(text, "mine.toml")
    assert refused.value.key == key
    assert reason in refused.value.reason


def test_a_wheels_data_lies_inside_the_package_companion(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "defaults").mkdir()
    spec = ModuleSpec("companion", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr("simulators.data_files.find_spec", lambda _: spec)
    assert config_root() == tmp_path / "defaults"


def test_data_is_found_without_importing_the_service() -> None:
    script = (
        "import sys; from simulators.tool_data import load_tool; load_tool('small-roller');"
        "sys.exit('companion' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", script]
    assert subprocess.run(command, cwd=root, check=False).returncode == 0  # noqa: S603 - our own


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(
        ScenarioError, match=r"carefull: no such file; there are: .*careful, .*dry-drag, "
    ):
        load_scenario("carefull")
    with pytest.raises(ToolFileError, match="did you mean small-roller"):
        load_tool("smal-roller")


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_scenario(str(tmp_path / "none.toml"))
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_scenario(f"{tmp_path}/")
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_scenario(f"{tmp_path}/no\0thing.toml")
    (tmp_path / "latin.toml").write_bytes(b'title = "\xe9"')
    with pytest.raises(ScenarioError, match=r"latin.toml: is not UTF-8 text \(byte 9\)") as caught:
        load_scenario(str(tmp_path / "latin.toml"))
    assert caught.value.file == str(tmp_path / "latin.toml")
    (tmp_path / "large.toml").write_bytes(b"#" * 300_000)
    with pytest.raises(ScenarioError, match="larger than 256 KiB"):
        load_scenario(str(tmp_path / "large.toml"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_that_nobody_fills_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    with pytest.raises(ToolFileError, match=r"pipe.toml: cannot be read \(not a file\)"):
        load_tool(str(tmp_path / "pipe.toml"))


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    file = tmp_path / "heavy.toml"
    file.write_bytes(b"\xef\xbb\xbf" + HEAVY.replace("\n", "\r\n").encode())
    assert load_scenario(str(file)).name == "heavy"
    assert load_scenario(str(file)).title == load_scenario("heavy-hand").title


@given(st.text(max_size=200))
def test_any_text_is_a_scenario_or_refused(text: str) -> None:
    with suppress(ScenarioError):
        assert parse_scenario(text, "any.toml").title


@given(st.integers(0, len(HEAVY)), st.text("[]={}\"'#\n.0-1aeinf_", max_size=4), st.integers(0, 12))
def test_any_damage_leaves_a_scenario_or_a_refusal(at: int, put_in: str, left_out: int) -> None:
    with suppress(ScenarioError):
        assert parse_scenario(HEAVY[:at] + put_in + HEAVY[at + left_out :], "damaged.toml").name


@given(
    st.integers(0, len(ROLLER)), st.text("[]={}\"'#\n.0-1aeinf_", max_size=4), st.integers(0, 12)
)
def test_any_damage_leaves_a_tool_or_a_refusal(at: int, put_in: str, left_out: int) -> None:
    with suppress(ToolFileError):
        assert parse_tool(ROLLER[:at] + put_in + ROLLER[at + left_out :], "damaged.toml").name
