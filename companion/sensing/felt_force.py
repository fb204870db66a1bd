"""The contact force sample by sample: what the tool sent, its faults, its zero, its channels."""

from collections.abc import Sequence
from typing import TypeAlias, cast

from companion.sensing.blocks import Block
from companion.sensing.channels import ChannelPressure, channel_pressure
from companion.sensing.contact import ContactTracker
from companion.sensing.copied import Copied
from companion.sensing.faults import ForceFaults
from companion.sensing.force import ContactForce, at_least_n, known_n, total_n
from companion.sensing.pressure import COVERAGE
from companion.sensing.ring import Ring
from companion.sensing.tool import Axis, Tool
from companion.sensing.types import Doubt, SensingEvent
from companion.sensing.untouched import Untouched
from companion.sensing.zero_watch import ZeroWatch
from protocols.telemetry import Telemetry

LOW_SHARE = 0.5
"""Share of a zero that is wrong from which one that is too low is heeded (engineering choice)."""
TARE_US = 500_000
"""Length of a tare (tool profile, control point)."""
_RECENT_RUNS = 2_048
_Run: TypeAlias = tuple[Sequence[int], Sequence[float | None], Sequence[Axis | None]]
"""Samples that follow each other: times in us, sums of the channels in N, specific forces."""
_Sent: TypeAlias = tuple[float, tuple[float | None, ...], Axis | None]
"""One sample: the sum of the channels in N, each of them, and specific force in m/s2."""
_Heard: TypeAlias = tuple[
    Sequence[float],
    Sequence[tuple[float | None, ...]],
    Sequence[Axis | None],
    Sequence[float | None],
]
"""A frame: sums of the channels, each channel, specific forces, and contact forces."""


class FeltForce(Copied):
    """Turns what a tool sends into the force on the skin, and says when not to believe it.

    While the zero is known to be off, what the untouched tool reads is taken from the force; not
    from a contact force that comes as it is to be judged, such as a recording's. A zero that is too
    low hides pressure, and is heeded before it is off.

    Attributes:
        force: zero, gravity and uncertainty.
        channels: how the channels are judged one by one; None where their sum is.
        raw_n: the newest contact force by the zero of the tare; None where not known.
        judged_n: the newest force to judge.
        saturated: whether the force of the present frame is only a lower bound.
        is_usable: whether the force can tell contact; kept by ``weigh``.
        is_blind: whether the tool's own weight cannot be taken out of it; kept by ``weigh``.
    """

    def __init__(self, tool: Tool) -> None:
        self.force = ContactForce(tool)
        self.channels: ChannelPressure | None = channel_pressure(tool)
        self.raw_n: float | None = None
        self.judged_n: float | None = None
        self.saturated = False
        self.is_usable = self.force.tared
        self.is_blind = False
        self._tool = tool
        self._faults = ForceFaults(tool.force_channels)
        self._zero = ZeroWatch(tool, COVERAGE * self.force.gravity_uncertainty_n())
        self._untouched = Untouched(tool)
        self._offset_n = 0.0
        self._recent: Ring[_Run] = Ring(maxlen=_RECENT_RUNS)
        self._saturated_from_n: float | None = None
        self._sent: _Sent | None = None
        self._heard: _Heard = ((), (), (), ())
        self._heard_n: Sequence[float] | None = None

    @property
    def doubt(self) -> Doubt | None:
        """Why nothing may be judged now, by the sensor's own faults."""
        return self._faults.doubt

    @property
    def caveat(self) -> Doubt | None:
        """Why no pressure may be called fine now, though one may be too much."""
        return Doubt.ZERO_DRIFTED if self._zero.is_off else self._faults.caveat

    def may_be_frozen(self, t_us: int) -> bool:
        """Whether the force has stood still for too long to be built on."""
        return self._faults.may_be_frozen(t_us)

    @property
    def offset_n(self) -> float:
        """What is taken from the force because its zero has moved, newtons."""
        return self._offset_n

    @property
    def rest_n(self) -> float:
        """What the force reads while nothing touches, newtons: contact is reckoned from there.

        Where the channels are judged one by one, what is taken from the force tells all of it.
        """
        if self.channels is not None:
            return 0.0
        return self._untouched.force_n - self.offset_n

    def pressed_n(self, block: Block) -> float | None:
        """Return the mean force on the skin over a block, whatever the zero did."""
        return None if block.force_n is None else block.force_n - self.offset_n - self.rest_n

    def restart(self) -> None:
        """Begin anew after silence."""
        self._faults.restart()
        self._zero.restart()
        self._untouched.restart()
        self._recent.clear()

    def tare(self, newest_us: int, out: list[SensingEvent]) -> None:
        """Take the newest half second as in air and still."""
        self.force.tare(
            [
                (sent, accel)
                for run in self._recent
                for t_us, sent, accel in zip(*run, strict=True)
                if newest_us - t_us < TARE_US
            ],
            newest_us,
        )
        self._zero.tare(newest_us, out)
        self._untouched.tare(newest_us)
        self._reckon()

    def untare(self) -> None:
        """Forget the zero: the tool restarted."""
        self.force.untare()

    def weigh(self, *, is_blind: bool) -> bool:
        """Ask whether the force can tell contact; return whether that has changed.

        Args:
            is_blind: whether the tool's own weight cannot be taken out of it.
        """
        was_usable, is_sound = self.is_usable, self._faults.doubt is None
        self.is_blind = is_blind
        self.is_usable = self.force.tared and is_sound and not is_blind
        return self.is_usable is not was_usable

    def begin_frame(self, telemetry: Telemetry, first_us: int, out: list[SensingEvent]) -> None:
        """Find which readings of a saturated frame are only a lower bound: its highest."""
        if not telemetry.saturated and not self._faults.is_saturated:
            return
        self._faults.saturation(first_us, saturated=telemetry.saturated, out=out)
        self.saturated = telemetry.saturated
        self._saturated_from_n = None
        if telemetry.saturated:
            values = [v for s in telemetry.samples for v in s.force_n if v is not None]
            step_n = self._tool.force_resolution_n or 0.0
            self._saturated_from_n = max(values, default=0.0) - 2 * step_n

    def hear(
        self,
        first_us: int,
        interval_us: int,
        forces_n: Sequence[tuple[float | None, ...]],
        accels: Sequence[Axis | None],
    ) -> bool:
        """Take the channels of a whole frame if nothing can be wrong with them; else use ``step``.

        Returns:
            Whether it was taken; then ``heard`` and ``heard_n`` tell the force.
        """
        if self._saturated_from_n is not None or not self.force.tared:
            return False
        columns = _columns(forces_n, self._tool.force_channels)
        if columns is None or not self._faults.passes(first_us, interval_us, columns):
            return False
        sents_n = cast("Sequence[float]", columns[0] if len(columns) == 1 else _sums_n(columns))
        times_us = range(first_us, first_us + len(sents_n) * interval_us, interval_us)
        self._keep((times_us, sents_n, accels))
        raws_n = self.force.contacts_n(sents_n, accels)
        self._heard = sents_n, forces_n, accels, raws_n
        is_plain = self.channels is None and None not in raws_n
        self._heard_n = cast("Sequence[float]", raws_n) if is_plain else None
        return True

    def heard(self, last_us: int) -> Sequence[float] | None:
        """Return the contact force of each sample of a frame that ``hear`` took.

        None where it is not known, or not what is judged: then ``heard_n`` tells.

        Args:
            last_us: the time of the newest sample for which it is asked.
        """
        if not self.is_usable or self._heard_n is None:
            return None
        self.force.now_us = last_us
        offset_n = self.offset_n
        return [raw_n - offset_n for raw_n in self._heard_n] if offset_n else self._heard_n

    @property
    def raws_n(self) -> Sequence[float | None]:
        """The contact force by the zero of the tare, of each sample of such a frame."""
        return self._heard[-1]

    def heard_n(self, t_us: int, index: int) -> float | None:
        """Return the contact force of one sample of a frame that ``hear`` took."""
        self.force.now_us = t_us
        sents_n, forces_n, accels, raws_n = self._heard
        raw_n = raws_n[index]
        self._sent = sents_n[index], forces_n[index], accels[index]
        if not self.is_usable or raw_n is None:
            self.raw_n = self.judged_n = None
            return self.contact_n(at_least=self.is_blind)
        self.raw_n = raw_n
        contact_n = raw_n - self.offset_n
        if self.channels is None:
            self.judged_n = contact_n
        else:
            sent_n, force_n, _ = self._sent
            self.judged_n = self.channels.told_n(
                cast("tuple[float, ...]", force_n), sent_n - contact_n
            )
        return contact_n

    def step(
        self,
        t_us: int,
        force_n: tuple[float | None, ...],
        accel: Axis | None,
        out: list[SensingEvent],
    ) -> None:
        """Take the channels of one sample; ``contact_n`` then tells its force."""
        sent_n = total_n(force_n) if len(force_n) == self._tool.force_channels else None
        self._faults.step(t_us, force_n, known=sent_n is not None, out=out)
        self._keep(((t_us,), (sent_n,), (accel,)))
        self.force.now_us = t_us
        self.raw_n = self.judged_n = None
        if sent_n is not None and self._saturated_from_n is not None:
            force_n = at_least_n(force_n, self._saturated_from_n, self._tool.full_scale_n)
            sent_n = sum(force_n)
        self._sent = None if sent_n is None else (sent_n, force_n, accel)

    def _keep(self, run: _Run) -> None:
        """Keep what a tare may need, and no more."""
        recent, oldest_us = self._recent, run[0][-1] - TARE_US
        recent.append(run)
        while recent[0][0][-1] <= oldest_us:
            recent.popleft()

    def contact_n(self, *, at_least: bool = False) -> float | None:
        """Return the contact force of the newest sample; None where it is not known.

        Args:
            at_least: judge it by the least that it can be, whatever the tool's own weight does.
        """
        if self._sent is None or not self.force.tared or self._faults.doubt is not None:
            return None
        sent_n, force_n, accel = self._sent
        if at_least:
            self._judge(force_n, self.force.most_hanging_n + self.offset_n)
        self.raw_n = raw_n = self.force.contact_n(sent_n, accel) if self.is_usable else None
        if raw_n is None:
            return None
        contact_n = raw_n - self.offset_n
        if at_least:
            return contact_n
        if self.channels is None:
            self.judged_n = contact_n
        else:
            self._judge(force_n, sent_n - contact_n)
        return contact_n

    def _judge(self, force_n: tuple[float | None, ...], other_n: float) -> None:
        """Take the force to judge: without what is none of the skin's."""
        known = known_n(force_n)
        if self.channels is None:
            self.judged_n = sum(known) - other_n
        else:
            self.judged_n = self.channels.told_n(known, other_n)

    def take(
        self,
        block: Block,
        contact: ContactTracker,
        *,
        touching: bool | None,
        wheel_stands: bool,
        out: list[SensingEvent],
    ) -> None:
        """Take a block of ``raw_n``.

        Args:
            block: a tenth of a second.
            contact: whether the force says that the tool touches.
            touching: the tool's own verdict, None where it has none.
            wheel_stands: whether the wheel can be believed.
            out: takes the events.
        """
        self._faults.take(block, self.force.noise_n, out)
        self._zero.take(block, touching=touching, wheel_stands=wheel_stands, out=out)
        if self._zero.air_n is not None:
            self._untouched.read(self._zero.air_n, block.end_us)
        is_air = self.is_lifted(touching=touching) and contact.began_us < block.start_us
        self._untouched.take(block, is_air=is_air)
        self._reckon()

    def _reckon(self) -> None:
        """Find what is to be taken from the force.

        What a tool reads less than nothing in the air is missing from every press: to add it can
        warn too early, and hides nothing.
        """
        if self._tool.force_is_contact:
            return
        low_n = self._untouched.force_n
        is_low = low_n < -LOW_SHARE * self._zero.limit_n
        self._offset_n = low_n if is_low and not self._zero.is_off else self._zero.offset_n

    def is_lifted(self, *, touching: bool | None) -> bool:
        """Return whether the tool's own verdict says that it is in the air, and can be believed."""
        return touching is False and self._zero.trusts_verdict

    def told_drift(self, t_us: int, *, drifted: bool, out: list[SensingEvent]) -> None:
        """Take the tool's own word about its zero."""
        self._zero.told(t_us, drifted=drifted, out=out)
        self._reckon()


def _columns(
    forces_n: Sequence[tuple[float | None, ...]], channels: int
) -> Sequence[Sequence[float | None]] | None:
    """Return the samples by channel; None where one has another number of channels."""
    if channels == 1:
        try:
            return ([force_n for (force_n,) in forces_n],)
        except ValueError:
            return None
    if set(map(len, forces_n)) != {channels}:
        return None
    return tuple(zip(*forces_n, strict=True))


def _sums_n(columns: Sequence[Sequence[float | None]]) -> list[float | None]:
    return list(map(total_n, zip(*columns, strict=True)))
