import pytest

from protocols.massage_tool import Channel
from simulators.data_files import config_root
from simulators.tool_data import Edge, ToolFileError, load_tool, parse_tool

ROLLER = (config_root() / "tools" / "small-roller.toml").read_text("utf-8")
CORNER = '[[real.edge]]\nname = "corner"\narea_mm2 = 50\nshares = [1]\nzones = ["temples"]\n'
REST = '[[real.edge]]\nname = "edge"\narea_mm2 = 150\nshares = [1]\n'


def test_a_tool_without_edges_works_with_its_whole_area_and_even_channels() -> None:
    roller = load_tool("small-roller")
    assert roller.sensors.edges == (Edge("whole", 100e-6, (1.0,), ()),)
    assert roller.sensors.edge_for("cheek").name == "whole"
    assert (roller.channels, roller.services, roller.address_kind) == ((), (), "static")


def test_an_edge_works_on_its_own_zones_and_one_on_all_others() -> None:
    sensors = parse_tool(ROLLER + CORNER + REST, "mine.toml").sensors
    assert sensors.edge_for("temples") == Edge("corner", 50e-6, (1.0,), ("temples",))
    assert sensors.edge_for("cheek").name == "edge"


def test_channels_services_and_address_kind_are_read() -> None:
    text = (
        ROLLER.replace(
            "[declared]\n",
            'services = ["immediate_alert"]\naddress_kind = "public"\n[declared]\n',
        )
        .replace("F0:5E", "00:5E")
        .replace(
            "\n[real]",
            "\n[[declared.channel]]\ncontact_area_mm2 = 80\nsupported_mass_g = 0\n[real]",
        )
    )
    tool = parse_tool(text, "mine.toml")
    assert tool.channels == (Channel(80e-6, None),)
    assert tool.services == ("immediate_alert",)
    assert tool.address_kind == "public"
    assert tool.address == "00:5E:1A:0A:00:01"


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("\n[real]", "\n[[declared.channel]]\n[[declared.channel]]\n[real]", "declared", "2 chan"),
        ('"haptic_motor",', "", "", "immediate_alert needs"),
        ("zones = [", 'zones = ["chek", ', "real.edge[0]", "did you mean cheek"),
        ("shares = [1]\nzones", "shares = [0.5]\nzones", "real.edge[0]", "add up to 0.5"),
        ("shares = [1]\nzones", "shares = [0.5, 0.5]\nzones", "", "2 shares for 1 force"),
        ('zones = ["temples"]\n', "", "real", "exactly one edge"),
        (REST, CORNER + REST, "real", "more than one edge works on temples"),
        ('address_kind = "static"', 'address_kind = "fixed"', "tool.address_kind", "should be"),
    ],
)
def test_what_does_not_fit_is_refused_with_key_and_reason(
    old: str, new: str, key: str, reason: str
) -> None:
    services = 'services = ["immediate_alert"]\naddress_kind = "static"\n[declared]\n'
    text = ROLLER.replace("[declared]\n", services) + CORNER + REST
    assert text.count(old) == 1
    with pytest.raises(ToolFileError) as refused:
        parse_tool(text.replace(old, new), "mine.toml")
    assert refused.value.key == key
    assert reason in refused.value.reason
