"""How a session is run."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from companion.ble.admission import Admission
from companion.ble.link import LinkOptions
from companion.ble.tool import Identity
from companion.coaching.hints.dose import Bounds
from companion.coaching.scaling import PLAIN_PERCENT
from companion.coaching.stroke_log import StrokeNews
from companion.service.correction import Recall
from protocols.massage_tool import Channel, ToolFeature
from protocols.other_tools.description import OtherTool
from protocols.telemetry import Telemetry


class Keeps(Protocol):
    """Who keeps what a tool sends; both calls are synchronous and must not raise."""

    def on_tool(
        self,
        address: str,
        name: str,
        feature: ToolFeature,
        identity: Identity,
        channels: tuple[Channel, ...] = (),
    ) -> None:
        """The tool is known; comes once, before any sample."""

    def on_telemetry(self, telemetry: Telemetry) -> None:
        """Samples were believed, and decided on."""

    def on_stroke(self, news: StrokeNews) -> None:
        """A stroke was made, or is withdrawn now that samples came late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceOptions:
    """How a session is run.

    Attributes:
        tool: address or name of the tool; None takes the strongest signal.
        rate_hz: samples per second to ask for.
        stay_open: after the session, with the tool released, wait for `Command.QUIT` (for a
            dashboard).
        haptic: let a warning make the tool buzz.
        muted: begin without sound.
        scan_timeout_s: how long one search for the tool lasts.
        max_search_s: how long to go on without a link; None for ever.
        seed: for the jitter of reconnection; None takes chance.
        started_at: when the session is said to begin, aware; None is the time of day, once.
        kind: another tool to guide with, in place of one that speaks the profile.
        motion: a second device, strapped to that tool, that tells its motion.
        bounds: what holds for the person beside the pressure limits.
        oiled: the person said already that oil is on the skin; else it is asked.
        scale_percent: how much of the routine is to be done.
        admission: the tools that may be used; None takes any, and pairs with it.
        calibration: tells what is kept of the tool of an address and Feature; None keeps nothing.
    """

    tool: str | None = None
    rate_hz: int = 100
    stay_open: bool = False
    haptic: bool = True
    muted: bool = False
    scan_timeout_s: float = 10.0
    max_search_s: float | None = None
    seed: int | None = None
    started_at: datetime | None = None
    kind: OtherTool | None = None
    motion: OtherTool | None = None
    bounds: Bounds = field(default_factory=Bounds)
    oiled: bool = False
    scale_percent: int = PLAIN_PERCENT
    admission: Admission | None = None
    calibration: Recall | None = None

    def link(self) -> LinkOptions:
        """Return the part that the link needs."""
        return LinkOptions(
            wanted=self.tool,
            rate_hz=self.rate_hz,
            scan_timeout_s=self.scan_timeout_s,
            max_search_s=self.max_search_s,
            seed=self.seed,
            kind=self.kind,
            admission=self.admission,
            reads_gains=self.calibration is not None,
        )
