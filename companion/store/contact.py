"""The contact force of kept samples: zeroed, and freed of the weight that hangs on the sensor."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from companion.sensing.channels import channel_pressure
from companion.sensing.felt_force import TARE_US
from companion.sensing.force import ContactForce
from companion.sensing.tool import Axis, Tool
from companion.store.blocks import Floats
from companion.store.course import Zero
from companion.store.signals import Signals

_FALLING: Final = (0.0, 0.0, 0.0)
"""In free fall nothing hangs: what is told then is the weight at the tare, taken off."""


def contact_forces(signals: Signals, tool: Tool, zeros: Sequence[Zero]) -> tuple[Floats, ...]:
    """Return each channel's part of the contact force in newtons, NaN where it is not known.

    The same subtraction as the live engine's, with the weight that hung on the sensor while the
    tool took its zero. What the engine takes off later, because it sees that a zero has moved, is
    not taken off: the file tells what the sensor felt.

    Args:
        signals: the samples.
        tool: what is known of the tool.
        zeros: when it took or lost its zero.
    """
    if not signals.forces or tool.force_is_contact:
        return signals.forces
    hanging = _hanging_n(signals, tool, zeros)
    edges = channel_pressure(tool)
    evenly = (1.0 / len(signals.forces),) * len(signals.forces)
    shares = evenly if edges is None else edges.mass_shares
    return tuple(
        force - share * hanging for force, share in zip(signals.forces, shares, strict=True)
    )


def tare_noise_n(signals: Signals, tool: Tool, zeros: Sequence[Zero]) -> float | None:
    """Return the standard deviation of the force while the first zero was taken; None without."""
    first = next((zero for zero in zeros if zero.is_known), None)
    force = ContactForce(tool)
    if first is None or not signals.forces or tool.force_is_contact:
        return None
    return force.noise_n if force.tare(list(_seen(signals, first.from_us))) else None


def _hanging_n(signals: Signals, tool: Tool, zeros: Sequence[Zero]) -> Floats:
    """Return the change of the supported mass's weight since the tare; NaN without a zero."""
    hanging = np.full(len(signals), np.nan)
    ends = [zero.from_us for zero in zeros[1:]] + [2**62]
    for zero, end_us in zip(zeros, ends, strict=True):
        if not zero.is_known:
            continue
        from_us = zero.from_us if zero is not zeros[0] else -(2**62)
        span = (signals.t_us > from_us) & (signals.t_us <= end_us)
        hanging[span] = _since(signals, tool, zero.from_us)[span]
    return hanging


def _since(signals: Signals, tool: Tool, tared_us: int) -> Floats:
    force = ContactForce(tool)
    if not force.tare(list(_seen(signals, tared_us)), tared_us):
        return np.full(len(signals), np.nan)
    if not force.needs_gravity or signals.accel is None or tool.press_axis is None:
        return np.zeros(len(signals))
    mass_kg = tool.supported_mass_kg or 0.0
    x, y, z = (mass_kg * axis for axis in tool.press_axis)
    a, b, c = signals.accel
    hanging: Floats = a * x + b * y + c * z + (force.hanging_n(_FALLING) or 0.0)
    return hanging


def _seen(signals: Signals, tared_us: int) -> Iterator[tuple[float | None, Axis | None]]:
    """Yield the sum of the channels and the specific force of the half second of a tare.

    What was on its way then was not seen yet: only whole frames count.
    """
    whole = np.flatnonzero(signals.ends & (signals.t_us <= tared_us))
    if not whole.size:
        return
    end = int(whole[-1]) + 1
    newest_us = int(signals.t_us[end - 1])
    begin = int(np.searchsorted(signals.t_us, newest_us - TARE_US, side="right"))
    for at in range(begin, end):
        sent_n = sum(float(force[at]) for force in signals.forces)
        axis = None if signals.accel is None else _axis(signals.accel, at)
        yield None if np.isnan(sent_n) else sent_n, axis


def _axis(vector: tuple[Floats, Floats, Floats], at: int) -> Axis | None:
    x, y, z = (float(column[at]) for column in vector)
    return None if np.isnan(x + y + z) else (x, y, z)
