"""What a simulated roller notifies over a whole routine, without any radio: bytes to be judged."""

from dataclasses import dataclass

from companion.cli.plans import plan_of
from companion.coaching.routine import Routine
from protocols.massage_tool import Answer, Result, Start, Started, Tare, ToolFeature, decode_answer
from simulators.scenario import load_scenario
from simulators.simulated_tool import SimulatedTool
from simulators.tool_data import load_tool

_MTU = 247
_FRAME_US = 50_000
_SETTLING_FRAMES = 20
_LONGEST_S = 900


@dataclass(frozen=True, slots=True)
class Notified:
    """One run of a tool.

    Attributes:
        feature: what the tool says it is.
        started: its answer to ``start``.
        before_tare: its notifications up to the end of its tare, oldest first.
        frames: those after it, while the hand works.
    """

    feature: ToolFeature
    started: Started
    before_tare: list[bytes]
    frames: list[bytes]


def notified(
    routine: Routine,
    scenario: str,
    *,
    seconds: float = _LONGEST_S,
    tool_name: str = "small-roller",
    rate_hz: int = 100,
) -> Notified:
    """Let a hand perform a routine, and return what was notified in frames of five.

    Args:
        routine: what is performed.
        scenario: how.
        seconds: the end, if the hand is not done before.
        tool_name: with which tool; one that feels no force is not tared.
        rate_hz: samples per second.
    """
    tool = load_tool(tool_name)
    simulated = SimulatedTool(plan_of(routine), tool, load_scenario(scenario), 1)
    firmware, performance = simulated.firmware, simulated.performance
    firmware.connected(0)
    started = _values(firmware.request(bytes(Start(rate_hz, 5)), 0, mtu=_MTU, telemetry_on=True))
    assert isinstance(started, Started)
    frames: list[bytes] = []
    now_us, tared = 0, 0
    while now_us < seconds * 1e6 and now_us < (performance.finished_us or now_us + 1):
        now_us += _FRAME_US
        outgoing = firmware.advance(now_us)
        frames += outgoing.frames
        for answer in outgoing.answers:
            _values(answer)
            tared = len(frames)
        if now_us == _SETTLING_FRAMES * _FRAME_US and tool.feature.force_channels:
            firmware.request(bytes(Tare()), now_us, mtu=_MTU, telemetry_on=True)
    return Notified(tool.feature, started, frames[:tared], frames[tared:])


def _values(answer: bytes | None) -> object:
    decoded: Answer = decode_answer(answer or b"")
    assert decoded.result == Result.SUCCESS
    return decoded.values
