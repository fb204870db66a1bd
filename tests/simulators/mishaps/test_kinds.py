"""Mishaps in a scenario's file: what is accepted, and what is refused and why."""

import tomllib

import pytest
from pydantic import BaseModel, ConfigDict

from simulators.data_files import DataFileError, parse
from simulators.scenario import (
    CountedFrom,
    Lie,
    Mishap,
    MishapKind,
    MishapTable,
    mishap_of,
)
from simulators.scenario.mishaps import LASTING


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    mishap: tuple[MishapTable, ...]


def read(text: str) -> Mishap:
    (table,) = parse(f"[[mishap]]\n{text}", "test.toml", _File, DataFileError).mishap
    return mishap_of(table)


def test_every_kind_can_be_said_in_a_line_or_two() -> None:
    for kind in MishapKind:
        lie = 'lie = "short_frame"' if kind is MishapKind.FIRMWARE_LIES else ""
        mishap = read(f'kind = "{kind}"\nat_s = 3.5\n{lie}')
        assert mishap.kind is kind
        assert mishap.at_s == 3.5
        assert mishap.lasting_s == LASTING.get(kind, 0.0)
        assert mishap.counted_from is CountedFrom.BEGIN


def test_all_keys() -> None:
    weak = read('kind = "weak_link"\nat_s = 1\nlasting_s = 2.5\nloss = 0.9')
    assert (weak.lasting_s, weak.loss) == (2.5, 0.9)
    rival = read('kind = "second_central"\nat_s = 0\ncounted_from = "switch_on"')
    assert rival.counted_from is CountedFrom.SWITCH_ON
    lies = read('kind = "firmware_lies"\nat_s = 1\nlie = "time_goes_back"')
    assert lies.lie is Lie.TIME_GOES_BACK
    assert read('kind = "button"\nat_s = 1\npresses = 3').presses == 3


@pytest.mark.parametrize(
    ("text", "key", "reason"),
    [
        ('kind = "out_of_rnage"\nat_s = 1', "kind", "did you mean out_of_range?"),
        ('kind = "out_of_range"', "at_s", "this key must be there"),
        ('kind = "out_of_range"\nat_s = -1', "at_s", "must lie within 0 to 36000"),
        ('kind = "link_lost"\nat_s = 1\nlasting_s = 3', "", "happens in a moment"),
        ('kind = "out_of_range"\nat_s = 1\nloss = 0.5', "", "loss belongs to weak_link"),
        ('kind = "weak_link"\nat_s = 1\nloss = 1.5', "loss", "must lie within 0.01 to 1"),
        ('kind = "firmware_lies"\nat_s = 1', "", "needs a lie"),
        ('kind = "button"\nat_s = 1\nlie = "short_frame"', "", "needs a lie"),
        ('kind = "firmware_lies"\nat_s = 1\nlie = "fib"', "lie", "must be one of short_frame"),
        ('kind = "link_lost"\nat_s = 1\npresses = 2', "", "presses belongs to button"),
        ('kind = "button"\nat_s = 1\npresses = 0', "presses", "must lie within 1 to 255"),
        ('kind = "button"\nat_s = 1\ncounted_from = "end"', "counted_from", "begin, switch_on"),
        ('kind = "button"\nat_s = 1\nwhen = 2', "when", "no such key"),
    ],
)
def test_refusals_name_key_and_reason(text: str, key: str, reason: str) -> None:
    assert tomllib.loads(text)
    with pytest.raises(DataFileError) as refused:
        read(text)
    assert refused.value.file == "test.toml"
    assert refused.value.key == f"mishap[0].{key}".rstrip(".")
    assert reason in refused.value.reason
