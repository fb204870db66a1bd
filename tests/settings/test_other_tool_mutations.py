"""Shipped descriptions with anything changed: a tool that holds, or a refusal that says why."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companion.errors import FileRefused
from companion.settings.described_tools import read_other_tool
from protocols.errors import DecodeError
from protocols.other_tools.description import OtherTool
from protocols.other_tools.timeline import Timeline
from tests.settings.test_mutations import CHANGES, Change, changed, loaded

SHIPPED = sorted((Path(__file__).parents[2] / "config" / "other-tools").glob("*.toml"))
VALUES = st.lists(st.binary(max_size=64), max_size=6)


@pytest.mark.unmeasured
@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
@settings(max_examples=60)
@given(changes=CHANGES, values=VALUES)
def test_a_changed_description_is_refused_or_holds(
    file: Path, changes: list[Change], values: list[bytes]
) -> None:
    found = loaded(changed(file, changes), lambda path: read_other_tool(path, str(path), "x"))
    if isinstance(found, FileRefused):
        return
    assert isinstance(found, OtherTool)
    codec, timeline = found.new_codec(), Timeline(found.rate_hz, has_clock=found.has_clock)
    for number, value in enumerate(values):
        for endpoint in found.listens:
            with suppress(DecodeError):
                readings = codec.receive_data(endpoint.characteristic, value)
                for telemetry in timeline.place(readings, number * 1e4):
                    assert telemetry.interval_us > 0
