"""Takes the samples of a frame: many in one go where nothing turns, else one by one."""

from collections.abc import Sequence
from operator import attrgetter

from companion.sensing.attitude import Moment
from companion.sensing.columns import Columns
from companion.sensing.handiwork import Handiwork, repeated
from companion.sensing.repetitions import RepetitionCounter
from companion.sensing.steady_contact import SteadyContact
from companion.sensing.strokes import Leg
from companion.sensing.technique import TechniqueRecogniser
from companion.sensing.tool import Axis, Tool
from companion.sensing.types import Doubt, SensingEvent
from companion.sensing.verdicts import Verdicts
from companion.sensing.watch import SensorWatch
from protocols.telemetry import Sample, Telemetry

_MILLION = 1_000_000


class SampleTaker(Verdicts):
    """Follows contact, judgement and strokes through the samples of one frame after the other.

    Most samples turn nothing: no contact begins or ends, no level moves, nothing is due. Such ones
    only move sums and filters on, and are taken in one go; the others are taken one by one.

    Args:
        tool: the tool that sends.
        names_technique: whether the samples of each contact are kept.
    """

    def __init__(self, tool: Tool, *, names_technique: bool) -> None:
        super().__init__(tool)
        self._has_force = tool.has_force
        self._watch = SensorWatch(tool, self._felt)
        self._contact = SteadyContact()
        self._work = Handiwork(tool, self._contact, self._drag)
        self._technique = TechniqueRecogniser() if names_technique else None
        self._is_calm = self._is_heard = self._is_smooth = False
        self._skimmed_n: Sequence[float] | None = None
        self._doubt: Doubt | None = None
        was_unfreed = tool.has_targets and tool.unfreed_n > 0.0
        feels = tool.has_force and self._felt.force.is_freed and not was_unfreed
        self._trusts_verdict = tool.has_touch_verdict and not feels

    def _run(self, samples: Sequence[Sample], columns: Columns, out: list[SensingEvent]) -> None:
        """Take the samples of a frame: many in one go where nothing turns, else one by one.

        In such a go contact, judgement and strokes do not ask each other anything, and each may
        see all samples before the next one does; what they say is put into the order of time.
        """
        blocks, count, first = self._watch.blocks, len(samples), 0
        while first < count:
            if columns.times_us[first] >= blocks.end_us:
                if first:
                    columns.give(blocks)
                self._end_block(columns.times_us[first], out)
            said = len(out)
            until = columns.first_at(blocks.end_us, first)
            end = self._skim(columns, first, until, out) if self._is_smooth else first
            if end > first:
                self._stroke(columns, (first, end), out)
                if len(out) > said + 1:
                    out[said:] = sorted(out[said:], key=attrgetter("device_s"))
            if end < until:
                self._take(samples, columns, (end, until), out)
            first = until
        columns.give(blocks)

    def _skim(self, columns: Columns, first: int, end: int, out: list[SensingEvent]) -> int:
        """Take contact and judgement of samples up to the first that may turn something.

        Returns:
            That one, for ``_take``; ``end`` where there is none.
        """
        times_us, contact, judge = columns.times_us, self._contact, self._judge
        last_us, forces_n = times_us[end - 1], None
        if judge.is_asked(last_us) or self._work.is_due(last_us):
            return first
        if self._has_force:
            forces_n = self._felt.heard(last_us)
            if forces_n is None:
                return first
            if not self._trusts_verdict:
                end = contact.skim(times_us, forces_n, first, end)
        self._skimmed_n = forces_n
        if end > first:
            judge.run((times_us, forces_n), first, end, touching=contact.touching, out=out)
        return end

    def _stroke(
        self,
        columns: Columns,
        bounds: tuple[int, int],
        out: list[SensingEvent],
    ) -> None:
        """Follow the tool along the skin over samples that ``_skim`` took."""
        (first, end), forces_n = bounds, self._skimmed_n
        columns.forces += (
            self._felt.raws_n[first:end] if self._has_force else (None,) * (end - first)
        )
        touching = self._contact.touching
        if not (touching or self._work.strokes.is_followed):
            return
        step, hold, stands = self._work.strokes.step, self._hold, self._watch.wheel_stands
        legs: list[Leg] = []
        times_us, accels, levelled = columns.times_us, columns.read.accels, columns.read.levelled
        for index in range(first, end):
            t_us, moment = times_us[index], (levelled, index)
            force_n = None if forces_n is None else forces_n[index]
            travel_m = None if stands else columns.travels[index]
            if touching:
                hold(t_us, (force_n, travel_m), accels[index], moment)
            step(t_us, force_n, travel_m, moment, out=legs)
            if legs:
                self._work.say(t_us, legs, out)

    def _take(
        self,
        samples: Sequence[Sample],
        columns: Columns,
        bounds: tuple[int, int],
        out: list[SensingEvent],
    ) -> None:
        """Take samples one by one: each may turn anything."""
        contact, felt, watch, taps = self._contact, self._felt, self._watch, self._work.taps
        is_heard, tells_contact = self._is_heard, not self._trusts_verdict
        step, judge = self._work.strokes.step, self._judge.step
        times_us, accels, levelled = columns.times_us, columns.read.accels, columns.read.levelled
        legs: list[Leg] = []
        for index in range(*bounds):
            t_us, accel, moment = times_us[index], accels[index], (levelled, index)
            if is_heard:
                force_n = felt.heard_n(t_us, index)
            else:
                force_n = self._feel(t_us, samples[index], accel, out)
            if force_n is not None and tells_contact:
                was_touching = contact.touching
                contact.by_force(t_us, force_n, out, felt.judged_n)
                if contact.touching is not was_touching:
                    self._turn_contact(t_us, legs, moment)
            judge(t_us, felt.judged_n, touching=contact.touching, out=out)
            columns.forces.append(felt.raw_n)
            travel_m = None if watch.wheel_stands else columns.travels[index]
            if contact.touching:
                self._hold(t_us, (force_n, travel_m), accel, moment)
            step(t_us, force_n, travel_m, moment, out=legs)
            if legs or taps is not None:
                self._count(t_us, legs, taps, out)

    def _count(
        self,
        t_us: int,
        legs: list[Leg],
        taps: RepetitionCounter | None,
        out: list[SensingEvent],
    ) -> None:
        if legs:
            self._work.say(t_us, legs, out)
        if taps is not None and taps.is_counted(t_us):
            out.append(repeated(t_us, taps.count))

    def _hold(
        self,
        t_us: int,
        felt: tuple[float | None, float | None],
        accel: Axis | None,
        moment: Moment,
    ) -> None:
        """Keep one sample in contact: force and travel, and how it moves."""
        self._drag.add(t_us, felt[0], accel)
        if self._technique is not None:
            self._technique.samples.add(*felt, moment)

    def _feel(
        self, t_us: int, sample: Sample, accel: Axis | None, out: list[SensingEvent]
    ) -> float | None:
        """Look for faults in one sample; return its contact force, None where not known."""
        watch = self._watch
        said = len(out)
        is_shaken = not self._is_calm and watch.sample(t_us, sample, out)
        if not self._has_force:
            if len(out) > said:
                watch.settle()
            return None
        self._felt.step(t_us, sample.force_n, accel, out)
        if len(out) > said:
            self._heed(t_us, out)
        return self._felt.contact_n(at_least=is_shaken or watch.is_blind)

    def _end_block(self, t_us: int, out: list[SensingEvent]) -> None:
        """Look at the block that is over with the samples before this one."""
        said = len(out)
        self._watch.end_block(t_us, self._contact, out)
        if len(out) > said:
            self._heed(t_us, out)

    def _heed(self, t_us: int, out: list[SensingEvent]) -> None:
        """Let the verdicts follow what stands against them."""
        watch = self._watch
        watch.settle()
        self._judge.set_caveat(watch.caveat, t_us, out)
        if self._felt.doubt is not self._doubt:
            self._doubt = self._felt.doubt
            self._judge.set_fault(self._doubt, t_us, out)
        self._weigh_force(t_us, out)

    def _take_verdict(self, telemetry: Telemetry, t_us: int, out: list[SensingEvent]) -> None:
        """Take the tool's own verdict: contact where its force cannot say, and air."""
        touching = telemetry.touching
        self._watch.touching = touching if self.tool.has_touch_verdict else None
        if touching is None or not (self._trusts_verdict or not self._felt.is_usable):
            return
        legs: list[Leg] = []
        was_touching = self._contact.touching
        self._contact.by_verdict(t_us, touching=touching, out=out)
        if self._contact.touching is not was_touching:
            self._turn_contact(t_us, legs)
        self._work.say(t_us, legs, out)

    def _turn_contact(self, t_us: int, legs: list[Leg], moment: Moment | None = None) -> None:
        """Contact began or ended."""
        if not self._contact.touching:
            self._work.left(t_us, legs)
            self._judge_technique()
            return
        if self._technique is not None:
            self._technique.samples.clear()
        self._work.touched(t_us, moment)

    def _judge_technique(self) -> None:
        if self._technique is None:
            return
        lasted_s = (self._contact.last_us - self._contact.began_us) / _MILLION
        self._technique.contact_ended(lasted_s, self._judge.interval_us / _MILLION)

    def _lose_contact(self, t_us: int, out: list[SensingEvent]) -> None:
        """Nothing tells contact any more: what was under way has no known end."""
        was_touching = self._contact.touching
        self._contact.end(t_us, out)
        self._work.lose(t_us, out, was_touching=was_touching)

    def _weigh_force(self, t_us: int, out: list[SensingEvent]) -> None:
        """Ask whether the force can tell contact; where that changed, contact begins anew."""
        self._contact.set_rest(self._felt.rest_n)
        if self._felt.weigh(is_blind=self._watch.is_blind):
            self._lose_contact(t_us, out)
            if self._felt.is_usable or self.tool.has_touch_verdict:
                self._work.see_again(t_us)
