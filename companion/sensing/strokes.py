"""Strokes: legs of motion inside contact, provisional at their end, confirmed soon after."""

from dataclasses import dataclass, field

from companion.sensing.attitude import Moment
from companion.sensing.copied import Copied
from companion.sensing.motion import Motion, Path, Signal
from companion.sensing.posture import UPRIGHT, Posture
from companion.sensing.types import Stroke

MINIMUM_US = 250_000
"""Shortest stroke (docs/sensing.md)."""
MINIMUM_M = 0.005
"""Shortest travel of a stroke where the wheel measures it: 2 cm/s for the shortest time."""
REFRACTORY_US = 150_000
"""Time off the skin that ends a stroke for good (docs/sensing.md)."""
CONFIRM_US = 200_000
"""Time after a reversal during which it may still be taken back (docs/sensing.md)."""
LATEST_US = 300_000
"""Time after its end at which a stroke is confirmed at the latest (docs/sensing.md)."""
SNAP_US = 300_000
"""Time between contact and travel, at either end of a stroke, in which the wheel is only slow to
show it: at 3 cm/s a smooth stroke takes .2 s for its first tenth of a millimetre."""
BRISK_US = 80_000
"""Shortest stroke where the wheel measured it (docs/sensing.md)."""
BRISK_M = 0.02
"""Travel from which a stroke may be that short: 25 cm/s."""
BRIDGE_US = 600_000
"""Silence up to this long is bridged: a tool on the skin before and after it has not left it
(engineering choice: bursts of half a second, and frames around them)."""
LIGHT_SHARE = 0.6
"""Share of the mean force of the way out below which a way back on the skin is a light return and
no repetition (engineering choice, on the simulated hand: at most .56 where it lets off, .7 and more
where it rubs to and fro)."""
_MILLION = 1_000_000
_ADVANCE, _HOLD, _IDLE, _TURNED = Signal.ADVANCE, Signal.HOLD, Signal.IDLE, Signal.TURNED


@dataclass(slots=True)
class Load(Copied):
    """The force over some samples: how many are known and loaded, their sum and highest."""

    count: int = 0
    loaded: int = 0
    sum_n: float = 0.0
    peak_n: float | None = None

    @property
    def mean_n(self) -> float | None:
        """The mean force; None where none is known."""
        return self.sum_n / self.count if self.count else None

    def add(self, force_n: float, loaded_n: float | None) -> None:
        """Take one sample; ``loaded_n`` is the force from which it is loaded."""
        self.count += 1
        self.sum_n += force_n
        if self.peak_n is None or force_n > self.peak_n:
            self.peak_n = force_n
        if loaded_n is not None and force_n >= loaded_n:
            self.loaded += 1

    def clear(self) -> None:
        """Hold nothing."""
        self.count = self.loaded = 0
        self.sum_n = 0.0
        self.peak_n = None

    def join(self, later: "Load") -> None:
        """Add what another one holds."""
        self.count += later.count
        self.loaded += later.loaded
        self.sum_n += later.sum_n
        self.peak_n = _higher(self.peak_n, later.peak_n)


@dataclass(slots=True)
class Leg(Copied):
    """One leg: times, force and path, and what is known of it.

    Attributes:
        contact_us: when its contact began.
        is_open: its end is hidden by silence.
        is_blind: for a while no wheel measured its travel.
        is_light_return: it is the light way back of the leg before it, and no repetition.
        before: a piece of it before a rest on the skin, too short to be a stroke by itself.
    """

    start_us: int
    end_us: int
    load: Load = field(default_factory=Load)
    net_m: float | None = 0.0
    vertical_m: float | None = 0.0
    is_whole: bool = True
    contact_us: int = 0
    is_open: bool = False
    is_blind: bool = False
    is_light_return: bool = False
    before: "Leg | None" = None

    def take(self, path: Path) -> None:
        """Lengthen the leg by a path."""
        self.net_m = _plus(self.net_m, path.net_m)
        self.vertical_m = _plus(self.vertical_m, path.vertical_m)
        self.is_whole = self.is_whole and path.is_whole
        self.is_blind = self.is_blind or path.is_blind

    def join(self, later: "Leg") -> None:
        """Lengthen the leg by the one that followed it."""
        self.end_us = later.end_us
        self.load.join(later.load)
        self.take(Path(later.net_m, later.vertical_m, later.is_whole, is_blind=later.is_blind))

    @property
    def is_stroke(self) -> bool:
        """Whether it is long enough, in time and, where measured, in travel."""
        return self._is_long or self._completes

    @property
    def _is_long(self) -> bool:
        lasted_us = self.end_us - self.start_us
        if self.net_m is None or self.is_blind:
            return lasted_us >= MINIMUM_US
        length_m = abs(self.net_m)
        return length_m >= MINIMUM_M and lasted_us >= (
            BRISK_US if length_m >= BRISK_M else MINIMUM_US
        )

    @property
    def is_short(self) -> bool:
        """Whether it is no stroke by itself, but far enough to be a piece of one."""
        is_far = not self.is_blind and abs(self.net_m or 0.0) >= MINIMUM_M
        return is_far and not self._is_long

    @property
    def _completes(self) -> bool:
        """Whether it is a quick stroke with its piece before the rest only."""
        before = self.before
        if before is None or not self.is_short:
            return False
        lasted_us = self.end_us - self.start_us + before.end_us - before.start_us
        length_m = abs(self.net_m or 0.0) + abs(before.net_m or 0.0)
        return length_m >= BRISK_M and lasted_us >= BRISK_US

    @property
    def sign(self) -> int:
        """Which way along the wheel's axis; 0 where no wheel tells."""
        if self.net_m is None or self.is_blind:
            return 0
        return 1 if self.net_m > 0 else -1

    def confirmed(
        self, t_us: int, posture: Posture = UPRIGHT, *, loaded_n: float | None = None
    ) -> Stroke:
        """Return the stroke this leg was, told at ``t_us``.

        Args:
            t_us: the moment of confirmation.
            posture: how the face is held.
            loaded_n: the force that samples were compared with to be called loaded.
        """
        load = self.load
        has_travel = self.is_whole and self.net_m is not None
        length_m = None if self.net_m is None else abs(self.net_m)
        return Stroke(
            device_s=t_us / _MILLION,
            start_s=self.start_us / _MILLION,
            end_s=self.end_us / _MILLION,
            direction=posture.direction(length_m, self.vertical_m),
            travel_m=length_m if has_travel else None,
            mean_n=load.mean_n,
            peak_n=load.peak_n,
            loaded_share=load.loaded / load.count if loaded_n and load.count else None,
            is_light_return=self.is_light_return,
        )


class StrokeTracker(Copied):
    """Finds strokes, causally.

    A leg that ends by a reversal, or by leaving the skin, is provisional: a wiggle or a skip of
    the tool over a bump takes the end back and the leg goes on, and so does a short silence with
    contact on both sides. A leg whose end falls into a short silence ended where it was last seen;
    one whose end falls into a long one is no stroke, because its end is not known.

    Attributes:
        loaded_n: force from which a sample is loaded; None where no band is known.
    """

    def __init__(self, motion: Motion) -> None:
        self._motion = motion
        self._leg = Leg(0, 0)
        self._ended: Leg | None = None
        self._confirm_us = 0
        self._was_lifted = False
        self._touching = False
        self._began_us = 0
        self._load = Load()
        self._out: Leg | None = None
        self._short: Leg | None = None
        self._held: Leg | None = None
        self._held_us = 0
        self.loaded_n: float | None = None

    def suspend(self, last_us: int) -> list[Leg]:
        """Nothing tells contact any more: the end of what is under way is hidden.

        Args:
            last_us: the newest sample known to be in contact.

        Returns:
            The legs that were strokes by then, if they are told now or not.
        """
        cut: list[Leg] = []
        self._confirm(cut)
        if self._touching:
            leg = self._close(last_us)
            if last_us - leg.end_us <= SNAP_US:
                leg.end_us = max(leg.end_us, last_us)
            leg.is_open = True
            self._held, self._held_us = leg, last_us
            if leg.is_stroke:
                self._tell(leg, cut)
        self._touching = False
        return cut

    def resume(self, t_us: int) -> None:
        """Contact can be told again: after a short silence what was under way may go on.

        Where it does not, it ended where it was last seen.
        """
        held, self._held = self._held, None
        if held is not None and t_us - self._held_us <= BRIDGE_US:
            held.is_open = False
            self._ended = held
            self._was_lifted = True
            self._confirm_us = t_us + REFRACTORY_US

    def lost(self, t_us: int) -> None:
        """A few samples were lost up to this time, too few to be silence."""
        self._motion.lost(t_us, is_gap=False)

    def begin(self, began_us: int, t_us: int) -> None:
        """Contact began at ``began_us`` and is believed at ``t_us``."""
        self._touching = True
        self._load.clear()
        ended = self._ended
        if ended is not None and self._was_lifted and began_us < self._confirm_us:
            self._leg, self._ended = ended, None
            if began_us - ended.end_us > REFRACTORY_US:
                self._motion.lost(began_us, is_gap=True)
            return
        self._motion.start()
        self._began_us = began_us
        self._leg = Leg(began_us, t_us)

    def finish(self, out: list[Leg]) -> None:
        """The step is over: a leg that has ended will not be taken back any more."""
        self._confirm(out)

    def end(self, last_us: int, t_us: int, out: list[Leg]) -> None:
        """Contact ended: ``last_us`` was its last sample, known at ``t_us``."""
        self._touching = False
        self._confirm(out)
        leg = self._close(t_us)
        if last_us - leg.end_us <= SNAP_US:
            leg.end_us = max(leg.end_us, last_us)
        if leg.is_stroke:
            self._ended = leg
            self._was_lifted = True
            self._confirm_us = min(last_us + REFRACTORY_US, leg.end_us + LATEST_US)

    @property
    def is_followed(self) -> bool:
        """Whether the tool is taken to be on the skin: one of a wheel alone is, all the time."""
        return self._touching

    def is_due(self, t_us: int) -> bool:
        """Whether by then a leg that has ended is a stroke for good."""
        return self._ended is not None and t_us >= self._confirm_us

    def step(
        self,
        t_us: int,
        force_n: float | None,
        travel_m: float | None,
        moment: Moment,
        *,
        out: list[Leg],
    ) -> None:
        """Take one sample; legs that are strokes for good are added to ``out``."""
        if self._ended is not None and t_us >= self._confirm_us:
            self._confirm(out)
        if not self._touching:
            return
        signal = self._motion.step(t_us, travel_m, moment)
        advances = signal is _ADVANCE
        if advances and self._load.count:
            self._fold(t_us)
        if force_n is not None:
            load = self._leg.load if advances else self._load
            load.add(force_n, self.loaded_n)
        if advances:
            self._leg.end_us = t_us
        elif signal is not _HOLD:
            self._break(signal, t_us, out)
            if t_us >= self._confirm_us:
                self._confirm(out)

    def _break(self, signal: Signal, t_us: int, out: list[Leg]) -> None:
        if signal is _IDLE:
            self._load.clear()
            began_us = self._began_us if t_us - self._began_us <= SNAP_US else t_us
            self._leg = Leg(began_us, t_us)
            return
        leg = self._close(t_us)
        if signal is _TURNED:
            self._turn(leg, t_us)
            return
        if leg.is_stroke:
            self._tell(leg, out)
        else:
            self._short = leg if leg.is_short else self._short
        self._load.clear()

    def _turn(self, leg: Leg, t_us: int) -> None:
        """A leg ended by a reversal; one that did so just before it was a wiggle's beginning."""
        before, self._ended = self._ended, None
        self._short = None
        if before is not None:
            before.join(leg)
            self._leg = before
        else:
            self._leg = Leg(leg.end_us, t_us)
            if leg.is_stroke:
                self._ended = leg
                self._was_lifted = False
                self._confirm_us = leg.end_us + CONFIRM_US
        self._fold(t_us)

    def _confirm(self, out: list[Leg]) -> None:
        ended, self._ended = self._ended, None
        if ended is not None and ended.is_stroke:
            self._tell(ended, out)

    def _tell(self, leg: Leg, out: list[Leg]) -> None:
        self._short = None
        leg.is_light_return = self._out is not None and returns_lightly(leg, self._out)
        if not leg.is_light_return:
            self._out = leg
        if leg.before is not None and leg.is_short:
            leg.before.is_light_return = leg.is_light_return
            out.append(leg.before)
        out.append(leg)

    def _close(self, t_us: int) -> Leg:
        leg = self._leg
        self._leg = Leg(t_us, t_us)
        path = self._motion.cut()
        leg.take(path)
        leg.contact_us = self._began_us
        if path.begun_us is not None and path.begun_us - self._began_us > SNAP_US:
            leg.start_us = path.begun_us
        if path.end_us is not None:
            leg.end_us = max(path.end_us, t_us - LATEST_US)
        short = self._short
        if short is not None and (short.contact_us, short.sign) == (leg.contact_us, leg.sign):
            leg.before = short
        return leg

    def _fold(self, t_us: int) -> None:
        leg = self._leg
        leg.end_us = t_us
        leg.load.join(self._load)
        self._load.clear()


def returns_lightly(leg: Leg, out: Leg) -> bool:
    """Return whether a leg is the light way back of the newest one out, on the same skin.

    Of two legs of one contact without a sign the second one began by turning round.
    """
    is_back = leg.contact_us == out.contact_us and leg.sign * out.sign <= 0
    return is_back and is_light(leg.load.mean_n, out.load.mean_n)


def is_light(mean_n: float | None, out_n: float | None) -> bool:
    """Return whether a mean force is light beside that of the way out; unknown is not."""
    return mean_n is not None and out_n is not None and mean_n < LIGHT_SHARE * out_n


def _plus(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a + b


def _higher(a: float | None, b: float | None) -> float | None:
    if a is None or b is None:
        return b if a is None else a
    return max(a, b)
