"""Compile what the engine does with each sample, beside its source: ``make fast``.

    python compile_engine.py [--remove]

The source is what runs without it, and tells the same. mypyc turns typed Python into C; it wants a
C compiler and the headers of Python.
"""

import argparse
import logging
import os
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

ROOT = Path(__file__).parent
ENGINE = ROOT / "companion" / "sensing"
LIBRARY = "companion_engine"
"""Name of the module that holds all of it; those beside the source only lead there."""
SELDOM = frozenset(
    {"__init__", "calibrated", "calibration", "channel_fit", "held", "replay", "tool", "types"}
)
"""What runs once a session or once an event, and stays as it is."""
WANTED = (
    "a C compiler and the headers of Python are needed: on Debian and Ubuntu they are in gcc, "
    "libc6-dev and python3-dev"
)
BUILTIN = frozenset({"ring"})
"""What is made of a class of Python's own, from which a compiled one cannot be made."""
OPTIMISATION = "1"
"""Of the C compiler: with 3 it takes twice as long, and the engine still as long as with 1."""


def sources() -> list[Path]:
    """Return what is compiled."""
    return sorted(one for one in ENGINE.glob("*.py") if one.stem not in SELDOM | BUILTIN)


def compiled() -> list[Path]:
    """Return what has been compiled, whenever that was."""
    return [*ENGINE.glob("*.so"), *ENGINE.glob("*.pyd"), *ROOT.glob(f"{LIBRARY}__mypyc.*")]


def is_stale() -> bool:
    """Return whether what runs is older than the source beside it."""
    built, now = compiled(), [one.stat().st_mtime for one in ENGINE.rglob("*.py")]
    return bool(built) and min(one.stat().st_mtime for one in built) < max(now)


def build() -> None:
    """Compile, in place.

    Raises:
        SystemExit: there is no C compiler, or it or mypyc takes the source for wrong.
    """
    from mypyc.build import mypycify  # noqa: PLC0415 -- of the developers' tools
    from setuptools import Distribution  # noqa: PLC0415 -- likewise
    from setuptools.errors import CompileError, LinkError  # noqa: PLC0415 -- likewise

    made = str(ROOT / "build" / "engine")
    paths = ["--config-file=pyproject.toml", *(str(one.relative_to(ROOT)) for one in sources())]
    with redirect_stdout(StringIO()) as said:
        try:
            modules = mypycify(
                paths,
                opt_level=OPTIMISATION,
                debug_level="0",
                target_dir=made,
                group_name=LIBRARY,
            )
        except SystemExit as stop:
            raise SystemExit(said.getvalue() + str(stop)) from None
    command = Distribution({"name": LIBRARY, "ext_modules": modules}).get_command_obj("build_ext")
    command.inplace, command.build_temp = True, made
    command.ensure_finalized()
    try:
        command.run()
    except (CompileError, LinkError) as error:
        raise SystemExit(f"{error}; {WANTED}") from None
    for file in compiled():
        file.touch()  # what was as it is to be keeps its time


def main() -> None:
    """Do what is asked for on the command line."""
    parser = argparse.ArgumentParser(description="Compile the engine beside its source.")
    parser.add_argument("--remove", action="store_true", help="take what was compiled away")
    is_removed = parser.parse_args().remove
    for file in compiled():
        file.unlink()
    if not is_removed:
        os.chdir(ROOT)  # a module is named by its path from here
        logging.disable(logging.INFO)  # each call of the C compiler
        build()


if __name__ == "__main__":
    main()
