"""``companion tools try``: what a described tool sends, decoded; from the air or from bytes."""

import asyncio
import sys
from argparse import Namespace
from collections.abc import Iterable, Iterator
from typing import Any, Final

from companion.ble.devices.reader import Reader
from companion.ble.devices.trial import trial
from companion.ble.scanner import Found
from companion.cli.endings import ExitCode
from companion.cli.guiding import stopped_by_signals
from companion.cli.hexadecimal import HexError, read_hex
from companion.cli.printing import json_text
from companion.cli.radio import opened_radio
from companion.errors import CompanionError
from companion.log import open_log
from companion.settings.described_tools import load_other_tool
from companion.texts import text
from protocols.other_tools.description import OtherTool
from protocols.telemetry import Sample, Telemetry, Vector

SHOWN_EVERY_S: Final = 0.1
"""A person reads no faster than ten lines a second; JSON has every sample."""

_STDIN: Final = "-"
_SHORT_UUID: Final = 4


class TryRefused(CompanionError):
    """Bytes that are no bytes, or a characteristic that the description does not listen to."""

    exit_code = ExitCode.REFUSED


def execute(arguments: Namespace) -> ExitCode:
    """Show what a described tool sends, until Ctrl-C, the time or the bytes are over.

    Raises:
        FileRefused: the description cannot be used.
        TryRefused: what was given is no bytes.
        LinkError: the tool was not heard, or does not do what is described.
    """
    open_log(verbose=arguments.verbose)
    tool = load_other_tool(arguments.file)
    if arguments.bytes is not None:
        return _read(arguments, tool)
    return asyncio.run(_listen(arguments, tool))


def _read(arguments: Namespace, tool: OtherTool) -> ExitCode:
    """Decode bytes as if they had been notified, one value after the other."""
    given = sys.stdin if arguments.bytes == [_STDIN] else arguments.bytes
    show = _Shown(as_json=arguments.json, every_s=0.0)
    reader = Reader(tool)
    interval_s = 1.0 / tool.rate_hz
    for number, (characteristic, value) in enumerate(_values(given, tool)):
        for telemetry in reader.receive(characteristic, value, number * interval_s):
            show.take(telemetry)
    show.end(tool, reader.left_out)
    return ExitCode.OK if show.samples else ExitCode.FAILED


def _values(given: Iterable[str], tool: OtherTool) -> Iterator[tuple[str, bytes]]:
    """Yield characteristic and bytes of each line; ``2c07 = 5e 01 00 00`` names the first."""
    listened = [endpoint.characteristic for endpoint in tool.listens]
    for line in given:
        place, sign, digits = line.rpartition("=")
        characteristic = _characteristic(place.strip(), listened) if sign else listened[0]
        if digits.strip():
            try:
                yield characteristic, read_hex(digits)
            except HexError as error:
                reason, offset = error.reason, error.offset
                raise TryRefused("other_tools.no_bytes", offset=offset, reason=reason) from error


def _characteristic(word: str, listened: list[str]) -> str:
    fits = [
        uuid
        for uuid in listened
        if word.lower() in {uuid, uuid[_SHORT_UUID : 2 * _SHORT_UUID]} and word
    ]
    if len(fits) != 1:
        known = ", ".join(listened)
        raise TryRefused("other_tools.no_characteristic", word=word, known=known)
    return fits[0]


async def _listen(arguments: Namespace, tool: OtherTool) -> ExitCode:
    over = asyncio.Event()
    show = _Shown(as_json=arguments.json, every_s=SHOWN_EVERY_S)
    with stopped_by_signals(over.set) as received:
        async with opened_radio(arguments.air) as adapter:
            if not arguments.json:
                print(text("cli.radio.note", radio=adapter.name), flush=True)

            def heard(found: Found) -> None:
                if not arguments.json:
                    print(text("other_tools.heard", name=found.label, title=tool.title), flush=True)

            async with trial(adapter, tool, arguments.timeout, show.take, heard) as gone:
                await _until(over, gone, arguments.seconds)
    show.end(tool, None)
    return received[0] if received else ExitCode.OK


async def _until(over: asyncio.Event, gone: asyncio.Event, seconds: float | None) -> None:
    """Wait until the person has seen enough, the link is gone, or the time is over."""
    waits = [asyncio.create_task(event.wait()) for event in (over, gone)]
    await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()


class _Shown:
    """Prints samples and counts them.

    Attributes:
        samples: how many came.
    """

    def __init__(self, *, as_json: bool, every_s: float) -> None:
        self.samples = 0
        self._as_json = as_json
        self._every_s = every_s
        self._shown_s: float | None = None
        self._first_s: float | None = None
        self._last_s = 0.0
        self._missing = 0
        self._next = 0

    def take(self, telemetry: Telemetry) -> None:
        """Print one notification's samples."""
        self._missing += telemetry.first_sample - self._next
        self._next = telemetry.first_sample + len(telemetry.samples)
        for number, sample in enumerate(telemetry.samples):
            device_s = (telemetry.device_us + number * telemetry.interval_us) / 1e6
            self._first_s = device_s if self._first_s is None else self._first_s
            self._last_s = device_s
            self.samples += 1
            self._show(device_s, sample)

    def end(self, tool: OtherTool, left_out: int | None) -> None:
        """Print what came of it all."""
        lasted_s = self._last_s - (self._first_s or 0.0)
        rate_hz = (self.samples - 1) / lasted_s if lasted_s > 0 else None
        if self._as_json:
            summary = {
                "tool": tool.name,
                "samples": self.samples,
                "missing": self._missing,
                "rate_hz": rate_hz,
                "declared_rate_hz": tool.rate_hz,
                "left_out": left_out,
            }
            print(json_text(summary), flush=True)
            return
        if not self.samples:
            print(text("other_tools.nothing", left_out=left_out or 0), file=sys.stderr)
            return
        measured = text("other_tools.no_rate") if rate_hz is None else f"{rate_hz:.1f} Hz"
        words = {"samples": self.samples, "missing": self._missing, "declared": tool.rate_hz}
        print(text("other_tools.summary", rate=measured, **words), flush=True)
        if left_out:
            print(text("other_tools.left_out", count=left_out), flush=True)

    def _show(self, device_s: float, sample: Sample) -> None:
        if self._as_json:
            print(json_text({"time_s": device_s} | _fields(sample)), flush=True)
            return
        if self._shown_s is not None and device_s < self._shown_s + self._every_s:
            return
        self._shown_s = device_s
        parts = [_words(name, value) for name, value in _fields(sample).items()]
        print("  ".join([text("other_tools.at", time=f"{device_s:9.3f}"), *parts]), flush=True)


_UNITS: Final = {"force_n": "N", "accel_mps2": "m/s2", "gyro_radps": "rad/s", "travel_m": "m"}


def _fields(sample: Sample) -> dict[str, Any]:
    """Return what a sample has, in SI units."""
    vectors: dict[str, Vector | None] = {
        "accel_mps2": sample.accel_mps2,
        "gyro_radps": sample.gyro_radps,
    }
    fields: dict[str, Any] = {"force_n": list(sample.force_n)} if sample.force_n else {}
    fields |= {name: list(vector) for name, vector in vectors.items() if vector is not None}
    if sample.travel_m is not None:
        fields["travel_m"] = sample.travel_m
    return fields


def _words(name: str, value: float | list[float | None]) -> str:
    values = value if isinstance(value, list) else [value]
    unknown = text("other_tools.unknown")
    numbers = " ".join(f"{unknown:>8}" if each is None else f"{each:8.3f}" for each in values)
    return text(f"other_tools.{name.partition('_')[0]}", numbers=numbers, unit=_UNITS[name])
