"""What a simulated hand is to perform: plain data, made by whoever owns the routine."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedStep:
    """One step for the hand.

    Attributes:
        id: the step's name, repeated in the truth.
        hand_only: the bare hand works and the tool rests in the other one, for ``duration_s``.
        zone: forehead, temples, under_eye, cheek, jawline, neck_front, neck_back or decollete.
        side: left, right or both (the middle).
        technique: sweep, tap, circle, knead, pinch, press_hold or stretch.
        direction: up, outward, down, inward, down_drain or any.
        repetitions: strokes or contacts to make.
        duration_s: how long a hand-only step takes, in seconds; 0 where repetitions count.
        low_kpa: lower end of the pressure the person aims at.
        high_kpa: upper end of it.
        caution_kpa: limit the truth reports over-pressure against; None where none is set.
        stop_kpa: the second limit.
        there_and_back: strokes come in pairs without lifting, each way one of ``repetitions``.
    """

    id: str
    hand_only: bool
    zone: str
    side: str
    technique: str
    direction: str
    repetitions: int
    duration_s: float
    low_kpa: float
    high_kpa: float
    caution_kpa: float | None
    stop_kpa: float | None
    there_and_back: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in order."""

    steps: tuple[PlannedStep, ...]
