"""Which tool an advertisement is of."""

from dataclasses import replace

import pytest

from companion.settings.described_tools import load_other_tool, load_other_tools
from protocols.massage_tool import INDUSTRIAL_MEASUREMENT_SERVICE, MASSAGE_TOOL_SERVICE
from protocols.other_tools import tindeq, uart, witmotion
from protocols.registry import recognised


@pytest.mark.parametrize(
    ("services", "name", "kind"),
    [
        ([tindeq.SERVICE], "Progressor_4711", "tindeq"),
        ([tindeq.SERVICE.upper()], "a clone", "tindeq"),
        ([tindeq.SERVICE], "Progressor_Dome 2", "progressor-dome"),
        ([], "Progressor_4711", "tindeq"),
        ([witmotion.SERVICE], "", "witmotion"),
        ([INDUSTRIAL_MEASUREMENT_SERVICE], "", "industrial-measurement"),
        ([uart.SERVICE], "Bluefruit52", "bluefruit"),
        ([uart.SERVICE], "CSV roller 7", "lines-csv"),
        ([uart.SERVICE], "somebody else's", None),
        (["0000ffe5-0000-1000-8000-00805f9b34fb"], "", None),
        ([MASSAGE_TOOL_SERVICE, INDUSTRIAL_MEASUREMENT_SERVICE], "Progressor_1", None),
        ([], "", None),
    ],
)
def test_an_advertisement_is_recognised(services: list[str], name: str, kind: str | None) -> None:
    found = recognised(load_other_tools(), services, name)
    assert (found.name if found else None) == kind


def test_of_equals_the_first_counts() -> None:
    tool = load_other_tool("tindeq")
    other = replace(tool, name="other")
    assert recognised([other, tool], [tindeq.SERVICE], "") is other
