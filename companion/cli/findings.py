"""What ``companion doctor`` finds, each finding with what to do about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from companion.ble.errors import LinkError, OutOfReach
from companion.ble.host_look import AdapterLook, HostLook, Reach
from companion.ble.trial import Trial
from companion.cli.calibration_words import Standing, standing
from companion.cli.endings import ExitCode
from companion.settings.calibrations import calibration_of, described_as
from companion.settings.tools import KnownTool
from companion.texts import text

OLDEST_BLUEZ: Final = (5, 55)
"""bleak 3.1 refuses an older one."""

LOW_BATTERY_PERCENT: Final = 15
MUCH_LOSS_PERCENT: Final = 1.0
MUCH_LATE_S: Final = 0.15
"""Half of the 300 ms after which the service calls a stream silent (architecture)."""


class State(StrEnum):
    """How a finding is to be taken."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"


_CALIBRATED: Final = {
    Standing.ABSENT: State.NOTE,
    Standing.LAPSED: State.WARNING,
    Standing.OLD: State.WARNING,
    Standing.GOOD: State.OK,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        check: what was looked at, a word for programs.
        state: how it is to be taken.
        words: what was found, and what to do.
        tool: which tool it is about; empty for the computer.
        values: figures for programs.
        is_unreached: whether there is no radio, or no tool on it.
    """

    check: str
    state: State
    words: str
    tool: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    is_unreached: bool = False

    def to_fields(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "check": self.check,
            "tool": self.tool or None,
            "state": self.state.value,
            "words": self.words,
            "values": dict(self.values),
        }


def status_of(findings: Iterable[Finding]) -> ExitCode:
    """Return the exit status: no radio or no tool to reach, another problem, or none."""
    problems = [finding for finding in findings if finding.state is State.PROBLEM]
    if any(problem.is_unreached for problem in problems):
        return ExitCode.NOT_FOUND
    return ExitCode.FAILED if problems else ExitCode.OK


def trouble(check: str, error: LinkError, tool: str = "") -> Finding:
    """Return what went wrong on the way, in the words that are said of it elsewhere."""
    unreached = isinstance(error, OutOfReach)
    return Finding(
        check, State.PROBLEM, str(error), tool, {"fault": error.fault.value}, is_unreached=unreached
    )


def host_findings(host: HostLook, hci: str = "") -> list[Finding]:
    """Return what is found of a Linux computer's own Bluetooth.

    Args:
        host: the computer.
        hci: the adapter that was chosen; empty for none.
    """
    found = _kernel(host)
    if host.blocked:
        word = "hard" if "hard" in host.blocked else "soft"
        found.append(_lacking("radio_switch", f"doctor.blocked.{word}"))
    if host.bus is not Reach.THERE:
        return [*found, _lacking("message_bus", f"doctor.bus.{host.bus}")]
    if host.service is not Reach.THERE:
        return [*found, _lacking("service", f"doctor.service.{host.service}")]
    found.append(Finding("service", State.OK, text("doctor.service.there")))
    if not host.adapters and host.kernel:
        found.append(_lacking("adapter", "doctor.adapter.unknown"))
    names = [adapter.name for adapter in host.adapters]
    if hci and names and hci not in names:
        words = text("link.adapter.missing", adapter=hci, names=", ".join(names))
        found.append(Finding("adapter", State.PROBLEM, words, is_unreached=True))
    is_any_on = any(adapter.is_powered for adapter in host.adapters)
    found += [_adapter(adapter, is_any_on=is_any_on) for adapter in host.adapters]
    return [*found, *_version_of(host)]


def trial_findings(tool: str, trial: Trial) -> list[Finding]:
    """Return what a short stream showed."""
    return [_bond(tool, trial), _battery(tool, trial), _stream(tool, trial)]


def calibration_finding(tool: KnownTool, trial: Trial) -> Finding:
    """Return how the calibration of a tool with force stands."""
    kept = calibration_of(tool.radio, tool.address)
    stands = standing(kept, described_as(trial.feature), trial.gains_ppm)
    day = None if kept is None else kept.oldest_day
    words = text(f"calibration.doctor.{stands}", tool=tool.name, day=day)
    return Finding("calibration", _CALIBRATED[stands], words, tool.name, {"day": day})


def _kernel(host: HostLook) -> list[Finding]:
    if host.kernel:
        words = text("doctor.adapter.kernel", names=", ".join(host.kernel))
        return [Finding("kernel", State.OK, words, "", {"adapters": list(host.kernel)})]
    return [] if host.adapters else [_lacking("adapter", "doctor.adapter.none")]


def _adapter(adapter: AdapterLook, *, is_any_on: bool) -> Finding:
    """One that is off is a problem where no other is on."""
    values = {"name": adapter.name, "address": adapter.address, "bluez": adapter.version}
    if adapter.is_powered:
        words = text("doctor.adapter.on", name=adapter.name, address=adapter.address)
        return Finding("adapter", State.OK, words, "", values)
    words = text("doctor.adapter.off", name=adapter.name, address=adapter.address)
    state = State.NOTE if is_any_on else State.PROBLEM
    return Finding("adapter", state, words, "", values, is_unreached=not is_any_on)


def _version_of(host: HostLook) -> list[Finding]:
    told = sorted({adapter.version for adapter in host.adapters if adapter.version})
    if not told:
        return []
    is_old = tuple(map(int, told[0].split("."))) < OLDEST_BLUEZ
    state, key = (State.PROBLEM, "old") if is_old else (State.OK, "right")
    oldest = ".".join(map(str, OLDEST_BLUEZ))
    words = text(f"doctor.bluez.{key}", version=told[0], oldest=oldest)
    return [Finding("bluez", state, words, "", {"version": told[0]})]


def _lacking(check: str, key: str) -> Finding:
    return Finding(check, State.PROBLEM, text(key), is_unreached=True)


def _bond(tool: str, trial: Trial) -> Finding:
    security = trial.security
    if security is None:
        return Finding("bond", State.NOTE, text("doctor.bond.untold", tool=tool), tool)
    values = {
        "encrypted": security.encrypted,
        "bonded": security.bonded,
        "authenticated": security.authenticated,
    }
    key = "encrypted" if security.encrypted else "bonded"
    return Finding("bond", State.OK, text(f"doctor.bond.{key}", tool=tool), tool, values)


def _battery(tool: str, trial: Trial) -> Finding:
    percent = trial.battery_percent
    if percent is None:
        return Finding("battery", State.NOTE, text("doctor.battery.untold", tool=tool), tool)
    is_low = percent <= LOW_BATTERY_PERCENT
    words = text(f"doctor.battery.{'low' if is_low else 'right'}", tool=tool, percent=percent)
    state = State.WARNING if is_low else State.OK
    return Finding("battery", state, words, tool, {"percent": percent})


def _stream(tool: str, trial: Trial) -> Finding:
    loss, late_s = trial.loss_percent, trial.late_most_s
    values = {
        "rate_hz": trial.rate_hz,
        "samples": trial.came,
        "missing": trial.missing,
        "rejected": trial.rejected,
        "loss_percent": loss,
        "ready_s": trial.ready_s,
        "late_median_ms": None if trial.late_median_s is None else trial.late_median_s * 1e3,
        "late_most_ms": None if late_s is None else late_s * 1e3,
    }
    if loss is None or late_s is None:
        return Finding("stream", State.PROBLEM, text("doctor.stream.none", tool=tool), tool, values)
    state, key = State.OK, "right"
    if trial.rejected:
        state, key = State.PROBLEM, "broken"
    elif loss > MUCH_LOSS_PERCENT or late_s > MUCH_LATE_S:
        state, key = State.WARNING, "weak"
    words = text(
        f"doctor.stream.{key}",
        tool=tool,
        samples=trial.came,
        rate=trial.rate_hz,
        loss=loss,
        median=(trial.late_median_s or 0.0) * 1e3,
        most=late_s * 1e3,
        rejected=trial.rejected,
    )
    return Finding("stream", state, words, tool, values)
