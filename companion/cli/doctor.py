"""``companion doctor``: what stands between this computer and its tools, and what to do."""

import asyncio
import platform
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Iterable, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from companion import __version__
from companion.ble.adapter import Adapter
from companion.ble.admission import Admission, Admitted
from companion.ble.errors import LinkError
from companion.ble.scanner import Found, scan
from companion.ble.security import require_bond
from companion.ble.trial import tried
from companion.cli.acquaintance import radio_of
from companion.cli.arguments import Address
from companion.cli.endings import ExitCode
from companion.cli.findings import (
    Finding,
    State,
    calibration_finding,
    host_findings,
    status_of,
    trial_findings,
    trouble,
)
from companion.cli.printing import json_text
from companion.cli.radio import opened_radio
from companion.cli.tools import known_tool
from companion.errors import CompanionError
from companion.log import open_log
from companion.paths import state_folder
from companion.settings.tools import KnownTool, load_tools
from companion.settings.user import load_settings
from companion.texts import text

_LIBRARIES: Final = ("bleak", "dbus-fast", "bumble")


def execute(arguments: Namespace) -> ExitCode:
    """Look at everything, from the adapter to the tool's samples.

    Raises:
        FileRefused: the settings, or the file of known tools, cannot be used.
        UsageRefused: no known tool is called so.
    """
    open_log(verbose=arguments.verbose)
    return asyncio.run(_examine(arguments))


async def _examine(arguments: Namespace) -> ExitCode:
    radio = radio_of(arguments.air)
    known = load_tools(radio) if arguments.tool is None else [known_tool(arguments.tool, radio)]
    findings: list[Finding] = []
    hci = load_settings({"adapter": arguments.adapter}).settings.adapter
    async for finding in _findings(arguments.air, known, arguments.seconds, hci):
        findings.append(finding)
        if not arguments.json:
            print(
                text(
                    "doctor.line", state=text(f"doctor.state.{finding.state}"), words=finding.words
                )
            )
    status = status_of(findings)
    if arguments.json:
        fields = [finding.to_fields() for finding in findings]
        print(json_text({"radio": radio.value, "status": int(status), "findings": fields}))
    return status


async def _findings(
    air: Address | None, known: Sequence[KnownTool], seconds: float, hci: str
) -> AsyncIterator[Finding]:
    yield _versions()
    if air is None and sys.platform == "linux":
        # dbus-fast is there on Linux only.
        from companion.ble.bluez_look import look  # noqa: PLC0415 -- as above

        host = host_findings(await look(), hci)
        for finding in host:
            yield finding
        if status_of(host) is not ExitCode.OK:
            return
    try:
        async with opened_radio(air, keeps=air is not None, hci=hci) as adapter:
            async for finding in _on_radio(adapter, known, seconds):
                yield finding
    except LinkError as error:
        yield trouble("radio", error)
    except CompanionError as error:
        yield Finding("radio", State.PROBLEM, str(error), is_unreached=True)


async def _on_radio(
    adapter: Adapter, known: Sequence[KnownTool], seconds: float
) -> AsyncIterator[Finding]:
    heard = await scan(adapter, seconds)
    words = text("doctor.radio.right", radio=adapter.name, count=len(heard))
    yield Finding("radio", State.OK, words, "", {"name": adapter.name, "heard": len(heard)})
    yield await _connections(adapter)
    admission = Admission.of(Admitted(tool.address, tool.name, tool.advertised) for tool in known)
    strangers = [found for found in heard if not admission.admits(found)]
    for found in strangers:
        yield _stranger(found, known)
    if not known and not heard:
        words = text("doctor.reach.nothing")
        yield Finding("reach", State.PROBLEM, words, is_unreached=True)
    reached = [found for found in heard if admission.admits(found)]
    for tool in known:
        own = next((found for found in reached if found.address.upper() == tool.address), None)
        if own is None:
            yield _unheard(tool, is_alone=not reached)
            continue
        async for finding in _of_tool(adapter, tool, admission.named(own), seconds):
            yield finding


async def _of_tool(
    adapter: Adapter, tool: KnownTool, found: Found, seconds: float
) -> AsyncIterator[Finding]:
    words = text("doctor.reach.right", tool=tool.name, rssi_dbm=found.rssi_dbm)
    yield Finding("reach", State.OK, words, tool.name, {"rssi_dbm": found.rssi_dbm})
    try:
        await require_bond(adapter.platform, tool.address, tool.name)
        trial = await tried(adapter, found, seconds, state_folder() / "locks")
    except LinkError as error:
        yield trouble("bond" if error.fault.is_of_bond else "link", error, tool.name)
        return
    for finding in trial_findings(tool.name, trial):
        yield finding
    if trial.feature.force_channels:
        yield calibration_finding(tool, trial)


def _versions() -> Finding:
    found = {name: _version(name) for name in _LIBRARIES}
    values = {
        "companion": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        **{name: number for name, number in found.items() if number},
    }
    words = ", ".join(f"{name} {number}" for name, number in values.items())
    return Finding("versions", State.OK, text("doctor.versions", words=words), "", values)


def _version(library: str) -> str | None:
    try:
        return version(library)
    except PackageNotFoundError:
        return None


async def _connections(adapter: Adapter) -> Finding:
    try:
        count = await adapter.platform.connections()
    except OSError:
        count = None
    if count is None:
        return Finding("connections", State.NOTE, text("doctor.connections.untold"))
    key = "doctor.connections.some" if count else "doctor.connections.none"
    return Finding("connections", State.OK, text(key, count=count), "", {"count": count})


def _stranger(found: Found, known: Iterable[KnownTool]) -> Finding:
    is_namesake = any(found.name and found.name == tool.advertised for tool in known)
    key = "doctor.reach.namesake" if is_namesake else "doctor.reach.stranger"
    values = {"address": found.address, "rssi_dbm": found.rssi_dbm}
    return Finding("reach", State.WARNING, text(key, tool=found.label), found.label, values)


def _unheard(tool: KnownTool, *, is_alone: bool) -> Finding:
    """A known tool was not heard; that is a problem where no other was."""
    state = State.PROBLEM if is_alone else State.WARNING
    words = text("doctor.reach.unheard", tool=tool.name)
    return Finding("reach", state, words, tool.name, is_unreached=is_alone)
