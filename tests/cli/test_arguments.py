"""Single arguments: what is taken, and what is refused with status 2."""

import math
from argparse import ArgumentTypeError

import pytest

from companion.__main__ import main
from companion.cli.arguments import Address, address, port, seconds, seed, speed
from companion.cli.parser import build_parser


def test_addresses() -> None:
    assert address("127.0.0.1:9000") == Address("127.0.0.1", 9000)
    assert address("[::1]:9000") == Address("::1", 9000)
    assert str(address("[::1]:9000")) == "[::1]:9000"
    assert str(address("localhost:1")) == "localhost:1"


@pytest.mark.parametrize(
    "value", ["", "9000", "host", "host:", ":1", "host:0", "host:65536", "a b:1"]
)
def test_no_addresses(value: str) -> None:
    with pytest.raises(ArgumentTypeError, match="HOST:PORT"):
        address(value)


def test_speeds() -> None:
    assert speed("max") == math.inf
    assert speed("0.5") == 0.5


@pytest.mark.parametrize("value", ["", "0", "-1", "nan", "inf", "1e-300", "1e300", "fast"])
def test_no_speeds(value: str) -> None:
    with pytest.raises(ArgumentTypeError, match="speed"):
        speed(value)


def test_seeds_ports_and_seconds() -> None:
    assert seed("4294967295") == 2**32 - 1
    assert port("0") == 0
    assert seconds("2.5") == 2.5


@pytest.mark.parametrize("value", ["-1", "4294967296", "1.0", "x", "٣"])
def test_no_seeds(value: str) -> None:
    with pytest.raises(ArgumentTypeError, match="seed"):
        seed(value)


@pytest.mark.parametrize(
    "arguments",
    [
        ["demo", "--speed", "0"],
        ["demo", "--seed", "x"],
        ["demo", "--plain", "--json"],
        ["run", "--air", "here"],
        ["scan", "--seconds", "-1"],
        ["sessions", "export", "--to", "here"],  # no beginning of --tool
        ["simulate", "--port", "1", "--join", "127.0.0.1:1"],
        ["simulate", "--port", "70000"],
        ["routines"],
        ["settings", "mend"],
    ],
)
def test_bad_usage_ends_with_2(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "usage: companion" in captured.err


def test_flags_that_are_not_given_are_not_settings() -> None:
    arguments = build_parser().parse_args(["run"])
    given = {name: value for name, value in vars(arguments).items() if value not in {None, False}}
    assert given == {"module": "companion.cli.run", "action": "run"}
