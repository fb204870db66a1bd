"""The grammar of ``python -m simulators``."""

import argparse
import re
from pathlib import Path
from typing import Final, NoReturn

from simulators.command_line.endings import Refused
from simulators.defaults import DEFAULT_SCENARIO, DEFAULT_TOOL

_LAST_PORT: Final = 65535
_LARGEST_SEED: Final = 2**63 - 1
_MOST_REPETITIONS: Final = 1000
_HIGHEST_KPA: Final = 200.0
_HIGHEST_RATE_HZ: Final = 65535


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refused(f"{message}; {self.prog} --help says what there is")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Understand a command line.

    Raises:
        Refused: it makes no sense.
    """
    return _parser().parse_args(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m simulators",
        description="A massage tool, the hand that holds it and a radio, without hardware.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    listing = commands.add_parser("list", help="name the tools and scenarios that are shipped")
    listing.add_argument("--json", action="store_true", help="as one JSON object")
    serve = commands.add_parser("serve", help="open an air for other processes, with a tool on it")
    serve.add_argument(
        "--port", type=_port, default=0, help="0, the default, lets the system choose"
    )
    serve.add_argument("--no-tool", action="store_true", help="only the air")
    serve.add_argument(
        "--socket", type=Path, help="also offer one controller, as H4 on a Unix socket made here"
    )
    _add_tool(serve)
    join = commands.add_parser("join", help="bring a tool to an air that another process opened")
    join.add_argument("air", metavar="HOST:PORT")
    _add_tool(join)
    record = commands.add_parser(
        "record", help="write what a tool sends, and beside it what was true, without a radio"
    )
    record.add_argument("folder", type=Path, help="where to; it is made if it is not there")
    record.add_argument("--name", type=_name, default="recording", help="the files' first part")
    record.add_argument("--rate-hz", type=_rate, default=100)
    record.add_argument("--lost-share", type=float, default=0.0, help="of the frames, at most half")
    record.add_argument("--lost-burst-s", type=float, default=0.0, help="longest run of lost ones")
    _add_hand(record)
    program = commands.add_parser(
        "run", help="run somebody's bleak program, unchanged, on an air that is open"
    )
    program.add_argument("air", metavar="HOST:PORT")
    program.add_argument("--keys", type=Path, help="file of the adapter's bonds")
    program.add_argument("program", help="the program's file")
    program.add_argument("arguments", nargs=argparse.REMAINDER, help="what the program is given")
    return parser


def _add_tool(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--keys", type=Path, help="file of the tool's bonds")
    _add_hand(parser)


def _add_hand(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--tool", default=DEFAULT_TOOL, help="name, or path of a tool file")
    parser.add_argument(
        "--scenario", default=DEFAULT_SCENARIO, help="name, or path of a scenario file"
    )
    parser.add_argument("--seed", type=_seed, default=1, help="draws all variation and noise")
    step = parser.add_argument_group("what the hand does, once the tool is tared")
    step.add_argument("--zone", default="forehead")
    step.add_argument("--side", choices=("left", "right", "both"), default="left")
    step.add_argument("--technique", default="sweep")
    step.add_argument("--repetitions", type=_repetitions, default=60)
    step.add_argument("--low-kpa", type=_pressure, default=2.0)
    step.add_argument("--high-kpa", type=_pressure, default=6.0)


def _whole(text: str, first: int, last: int) -> int:
    if not (text.isascii() and text.isdecimal() and first <= int(text) <= last):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {first} to {last}")
    return int(text)


def _port(text: str) -> int:
    return _whole(text, 0, _LAST_PORT)


def _seed(text: str) -> int:
    return _whole(text, 0, _LARGEST_SEED)


def _repetitions(text: str) -> int:
    return _whole(text, 1, _MOST_REPETITIONS)


def _rate(text: str) -> int:
    return _whole(text, 1, _HIGHEST_RATE_HZ)


def _name(text: str) -> str:
    if not re.fullmatch(r"\w[\w.-]*", text, re.ASCII):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no name: it takes letters, digits, dots, dashes and underscores"
        )
    return text


def _pressure(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value <= _HIGHEST_KPA:
        raise argparse.ArgumentTypeError(f"{text!r} is no pressure above 0 to {_HIGHEST_KPA:g} kPa")
    return value
