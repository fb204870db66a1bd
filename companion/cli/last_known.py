"""What was last known of a tool's battery, signal and areas, kept for when it is not connected."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from companion.ble.tool import Identity
from companion.coaching.stroke_log import StrokeNews
from companion.errors import FileRefused
from companion.live import LinkView
from companion.service import Service
from companion.settings.tools import Radio, keep_tool, load_tools
from protocols.massage_tool import Channel, ToolFeature
from protocols.telemetry import Telemetry

log = logging.getLogger(__name__)


class Figures:
    """What a session's tool tells of itself.

    Args:
        service: the session, not yet run.
        radio: the radio the tool is on.
    """

    def __init__(self, service: Service, radio: Radio) -> None:
        self._service = service
        self._radio = radio
        self._channels: tuple[Channel, ...] = ()
        service.keep(self)

    def on_tool(
        self,
        address: str,  # noqa: ARG002 -- the link names the tool
        name: str,  # noqa: ARG002 -- as above
        feature: ToolFeature,  # noqa: ARG002 -- the doorkeeper keeps it
        identity: Identity,  # noqa: ARG002 -- as above
        channels: tuple[Channel, ...] = (),
    ) -> None:
        """The tool is known."""
        self._channels = channels

    def on_telemetry(self, telemetry: Telemetry) -> None:
        """Samples say nothing of it."""

    def on_stroke(self, news: StrokeNews) -> None:
        """Nor do strokes."""

    def keep(self) -> None:
        """Keep what was told."""
        keep_figures(self._radio, self._service.live.link(), self._channels)


def keep_figures(radio: Radio, link: LinkView, channels: Sequence[Channel] = ()) -> None:
    """Keep a session's or a visit's last figures of a known tool; where that fails it is logged.

    Args:
        radio: the radio it was on.
        link: its link, by the name that the person gave the tool.
        channels: what it told of its force channels; empty for nothing.
    """
    try:
        tool = next((one for one in load_tools(radio) if one.name == link.tool), None)
        if tool is None:
            return
        battery, rssi = link.battery_percent, link.rssi_dbm
        areas = tuple(channel.contact_area_m2 for channel in channels)
        now = replace(
            tool,
            battery_percent=tool.battery_percent if battery is None else battery,
            rssi_dbm=tool.rssi_dbm if rssi is None else rssi,
            channel_areas_m2=areas or tool.channel_areas_m2,
        )
        if now != tool:
            keep_tool(now)
    except FileRefused as refused:
        log.warning("a tool's figures were not kept: %s", refused)
