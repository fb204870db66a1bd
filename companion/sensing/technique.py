"""Which technique a hand performs: rules on named features, contact by contact."""

from collections import deque
from math import log2

from companion.sensing.contact_features import ContactSamples, Features
from companion.sensing.copied import Copied
from companion.sensing.types import Recognised, Technique

TAP_S = 0.3
"""Longest contact that is a tap: twice a fingertip's (domain notes: below .2 s)."""
SWEEP_M = 0.03
"""Least travel of a sweep; a stretch of the skin is shorter (engineering choice)."""
STRETCH_M = 0.008
"""Least travel of a stretch: more than a hand that holds still wanders (engineering choice)."""
CLOSED_SHARE = 0.3
"""Share of its path below which a contact ends where it began (engineering choice)."""
SWEEP_RAD = 0.3
"""Turn of a tool that follows the skin for 3 cm: a face is curved by 10 cm or less."""
STRETCH_RAD = 0.09
"""The same for a stretch."""
BRISK_RADPS = 0.35
"""Mean rate of turning from which a short way is a sweep: a stretch is slower than 3 cm/s."""
PATCH_RAD = 0.15
"""Turn up to which a tool stays on one patch of skin."""
KNEAD_SWELL = 0.25
"""Variation of the force from which it is kneaded (engineering choice)."""
PINCH_SWELL = 0.09
"""Variation of the force from which it is no steady hold (engineering choice)."""
ORBIT_MPS2 = 0.05
"""Second component of the acceleration from which a way is round: a circle of 1 cm in 3 s."""
SWELL_MARGIN = 1.2
"""Times the threshold of kneading between which it and a pinch are unsure (engineering choice)."""
TURN_MARGIN = 1.5
"""Times by which a turn counts as farther than a sweep's threshold when it is said how sure that is
(engineering choice)."""
KEPT = 10
"""Newest contacts that vote."""
LEAST_CONFIDENCE = 0.5
"""Confidence below which it is unsure."""

Verdict = tuple[Technique | None, float]


class TechniqueRecogniser(Copied):
    """Names the technique of the newest contacts, causally; unsure where it cannot know."""

    def __init__(self) -> None:
        self.samples = ContactSamples()
        self._verdicts: deque[Verdict] = deque(maxlen=KEPT)

    def restart(self) -> None:
        """A new step: what was done before does not count."""
        self._verdicts.clear()

    def contact_ended(self, length_s: float, interval_s: float) -> None:
        """Take the end of the contact whose samples are held."""
        self._verdicts.append(told(self.samples.features(length_s, interval_s)))

    @property
    def recognised(self) -> Recognised | None:
        """What the newest contacts were; None before the first. A label of None is unsure."""
        if not self._verdicts:
            return None
        sums: dict[Technique, float] = {}
        for label, confidence in self._verdicts:
            if label is not None:
                sums[label] = sums.get(label, 0.0) + confidence
        if not sums:
            return Recognised(label=None, confidence=0.0)
        best = max(sums, key=sums.__getitem__)
        confidence = sums[best] / len(self._verdicts)
        is_sure = confidence >= LEAST_CONFIDENCE
        return Recognised(label=best if is_sure else None, confidence=confidence)


def told(features: Features) -> Verdict:
    """Return the technique of a contact and how far its features are from another's."""
    rolled = features.rolled
    if features.length_s < TAP_S and (rolled is None or rolled.net_m < SWEEP_M):
        is_still = rolled is None or rolled.net_m < STRETCH_M
        return (Technique.TAP, _sure(TAP_S, features.length_s)) if is_still else (None, 0.0)
    if rolled is not None:
        if rolled.net_m < CLOSED_SHARE * rolled.path_m:
            return _to_and_fro(features, rolled.path_m)
        return _one_way(features, rolled.net_m)
    if features.turn_rad is not None:
        return _by_turn(features, features.turn_rad)
    return _by_force(features, can_be_steady=False)


def _one_way(features: Features, net_m: float) -> Verdict:
    if net_m >= SWEEP_M:
        return Technique.SWEEP, _sure(net_m, SWEEP_M)
    if net_m >= STRETCH_M:
        return Technique.STRETCH, min(_sure(net_m, STRETCH_M), _sure(SWEEP_M, net_m))
    return _by_force(features)


def _to_and_fro(features: Features, path_m: float) -> Verdict:
    """Tell rubbing, kneading and circling apart: all of them roll back to where they began."""
    if path_m < SWEEP_M:
        return _by_force(features)
    turn_rad, swell = features.turn_rad, features.swell
    if turn_rad is not None and turn_rad >= SWEEP_RAD:
        return Technique.SWEEP, _sure(turn_rad, PATCH_RAD)
    if swell is not None and swell >= KNEAD_SWELL:
        return Technique.KNEAD, _sure(swell, KNEAD_SWELL / SWELL_MARGIN)
    if turn_rad is None:
        return None, 0.0
    return Technique.CIRCLE, _sure(SWEEP_RAD, turn_rad)


def _by_turn(features: Features, turn_rad: float) -> Verdict:
    is_brisk = turn_rad >= BRISK_RADPS * features.length_s
    if turn_rad >= SWEEP_RAD or (turn_rad >= PATCH_RAD and is_brisk):
        return Technique.SWEEP, _sure(turn_rad, SWEEP_RAD / TURN_MARGIN)
    if features.swell is not None and features.swell >= PINCH_SWELL:
        return _by_force(features)
    if turn_rad >= STRETCH_RAD:
        return Technique.STRETCH, min(_sure(turn_rad, STRETCH_RAD), _sure(SWEEP_RAD, turn_rad))
    orbit = features.orbit_mps2
    if orbit is None:
        return None, 0.0
    if orbit >= ORBIT_MPS2:
        return Technique.CIRCLE, _sure(orbit, ORBIT_MPS2)
    return Technique.PRESS_HOLD, _sure(ORBIT_MPS2, orbit)


def _by_force(features: Features, *, can_be_steady: bool = True) -> Verdict:
    """Tell what does not travel; a steady force alone may be anything that glides."""
    swell = features.swell
    if swell is None:
        return None, 0.0
    if swell >= KNEAD_SWELL:
        return Technique.KNEAD, _sure(swell, KNEAD_SWELL / SWELL_MARGIN)
    if swell >= PINCH_SWELL:
        return Technique.PINCH, min(
            _sure(swell, PINCH_SWELL), _sure(KNEAD_SWELL * SWELL_MARGIN, swell)
        )
    return (Technique.PRESS_HOLD, _sure(PINCH_SWELL, swell)) if can_be_steady else (None, 0.0)


def _sure(larger: float, smaller: float) -> float:
    """Return .5 at a threshold, 1 from twice as far on."""
    ratio = larger / max(smaller, larger / 4)
    return min(1.0, 0.5 + 0.5 * log2(max(ratio, 1.0)))
