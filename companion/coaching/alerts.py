"""Warnings that stand, those that were, and the numbers they go by."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf

from companion.coaching.events import (
    AlertAcknowledged,
    AlertCleared,
    AlertRaised,
    AlertRecord,
    Event,
    OverPressureMissed,
)
from companion.coaching.hints.desk import BETWEEN_S, warning_priority
from companion.coaching.routine import Step
from companion.sensing.types import Level

OVER_PRESSURE = "over_pressure"
TOO_LIGHT = "too_light"
LINK_DOWN = "link_down"
"""Why nobody was warned of an over-pressure that was found late."""


@dataclass(frozen=True, slots=True)
class AlertKey:
    """What makes two warnings the same one: they coalesce while it stands."""

    kind: str
    level: Level


class AlertDesk:
    """Raises, clears and records warnings; one of each kind and level stands at a time."""

    def __init__(self) -> None:
        self._standing: dict[AlertKey, AlertRaised] = {}
        self._acknowledged: set[int] = set()
        self._records: dict[int, AlertRecord] = {}
        self._missed: list[AlertRecord] = []

    @property
    def standing(self) -> tuple[AlertRaised, ...]:
        """The warnings that stand, oldest first."""
        return tuple(self._standing.values())

    @property
    def acknowledged(self) -> frozenset[int]:
        """Numbers of those standing warnings that the person has seen."""
        return frozenset(self._acknowledged)

    @property
    def records(self) -> tuple[AlertRecord, ...]:
        """Every warning so far, oldest first."""
        return tuple(self._records.values())

    @property
    def missed(self) -> tuple[AlertRecord, ...]:
        """Every over-pressure of which nobody was warned, because the link was down."""
        return tuple(self._missed)

    def stands(self, key: AlertKey) -> bool:
        """Return whether a warning of this kind and level stands."""
        return bool(self._standing) and key in self._standing

    def any_stands(self, kind: str) -> bool:
        """Return whether a warning of this kind stands, at whatever level."""
        return bool(self._standing) and any(key.kind == kind for key in self._standing)

    @property
    def newest(self) -> int:
        """The number of the newest warning; 0 before the first."""
        return len(self._records) + len(self._missed)

    def raised(
        self,
        key: AlertKey,
        step: Step,
        *,
        device_s: float,
        onset_s: float,
        pressure_kpa: float,
        limit_kpa: float,
    ) -> list[Event]:
        """Raise a warning, unless the same one stands; seconds on the tool clock."""
        if key in self._standing:
            return []
        alert = AlertRaised(
            device_s=device_s,
            alert=self.newest + 1,
            kind=key.kind,
            level=key.level,
            step=step.id,
            zone=step.zone,
            side=step.side,
            onset_s=onset_s,
            pressure_kpa=pressure_kpa,
            limit_kpa=limit_kpa,
            priority=warning_priority(key.level),
            spacing_s=BETWEEN_S,
        )
        self._standing[key] = alert
        self._records[alert.alert] = _record(alert)
        return [alert]

    def cleared(
        self,
        key: AlertKey,
        *,
        device_s: float,
        reason: str,
        peak_kpa: float,
        peak_is_least: bool = False,
    ) -> list[Event]:
        """End the standing warning of a kind and level, if there is one."""
        alert = self._standing.pop(key, None)
        if alert is None:
            return []
        self._acknowledged.discard(alert.alert)
        peak_kpa = max(peak_kpa, alert.pressure_kpa)
        self._records[alert.alert] = replace(
            self._records[alert.alert],
            cleared_s=device_s,
            reason=reason,
            peak_kpa=peak_kpa,
            peak_is_least=peak_is_least,
        )
        return [
            AlertCleared(
                device_s=device_s,
                alert=alert.alert,
                kind=alert.kind,
                level=alert.level,
                step=alert.step,
                reason=reason,
                onset_s=alert.onset_s,
                duration_s=max(0.0, device_s - alert.onset_s),
                peak_kpa=peak_kpa,
                peak_is_least=peak_is_least,
            )
        ]

    def found_late(
        self, found: AlertRecord, holes_s: Iterable[tuple[float, float]], device_s: float
    ) -> list[Event]:
        """Take over-pressure that a second look found; tell it if it was missed.

        It was missed if it began while samples were missing, and no warning of the same level
        stood at any time that it lasted.
        """
        began_in_hole = any(from_s <= found.onset_s <= to_s for from_s, to_s in holes_s)
        if not began_in_hole or any(_is_same(found, told) for told in self._records.values()):
            return []
        missed = replace(found, alert=self.newest + 1, reason=LINK_DOWN)
        self._missed.append(missed)
        return [
            OverPressureMissed(
                device_s=device_s,
                alert=missed.alert,
                level=missed.level,
                step=missed.step,
                zone=missed.zone,
                side=missed.side,
                onset_s=missed.onset_s,
                ended_s=missed.cleared_s,
                peak_kpa=missed.peak_kpa,
                limit_kpa=missed.limit_kpa,
                reason=LINK_DOWN,
                peak_is_least=missed.peak_is_least,
            )
        ]

    def clear_all(self, device_s: float, reason: str) -> list[Event]:
        """End every standing warning."""
        return [
            event
            for key in list(self._standing)
            for event in self.cleared(key, device_s=device_s, reason=reason, peak_kpa=0.0)
        ]

    def acknowledge(self, device_s: float) -> list[Event]:
        """Take every standing warning as seen; those seen before are not said again."""
        fresh = [a.alert for a in self._standing.values() if a.alert not in self._acknowledged]
        self._acknowledged.update(fresh)
        return [AlertAcknowledged(device_s=device_s, alert=alert) for alert in fresh]


def each_once(warnings: Iterable[AlertRecord]) -> list[AlertRecord]:
    """Return every over-pressure once, from its onset to the end of its last warning.

    Where none of its samples was missing, only late, it was warned of again, with the same onset.
    """
    found: dict[tuple[Level, float], AlertRecord] = {}
    for warning in warnings:
        key = (warning.level, warning.onset_s)
        before = found.get(key, warning)
        found[key] = replace(
            before,
            cleared_s=warning.cleared_s,
            reason=warning.reason,
            peak_kpa=max(before.peak_kpa, warning.peak_kpa),
            peak_is_least=before.peak_is_least or warning.peak_is_least,
        )
    return list(found.values())


def _is_same(found: AlertRecord, told: AlertRecord) -> bool:
    """Whether a warning was told of the over-pressure that was found: level and time overlap."""
    until_s = inf if found.cleared_s is None else found.cleared_s
    told_until_s = inf if told.cleared_s is None else told.cleared_s
    is_alike = (found.kind, found.level) == (told.kind, told.level)
    return is_alike and told.onset_s <= until_s and found.onset_s <= told_until_s


def _record(alert: AlertRaised) -> AlertRecord:
    return AlertRecord(
        alert=alert.alert,
        kind=alert.kind,
        level=alert.level,
        step=alert.step,
        zone=alert.zone,
        side=alert.side,
        onset_s=alert.onset_s,
        raised_s=alert.device_s,
        cleared_s=None,
        peak_kpa=alert.pressure_kpa,
        limit_kpa=alert.limit_kpa,
        reason="",
    )
