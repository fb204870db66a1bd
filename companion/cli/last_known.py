"""What was last known of a tool's battery and signal, kept for when it is not connected."""

import logging
from dataclasses import replace

from companion.errors import FileRefused
from companion.live import LinkView
from companion.settings.tools import Radio, keep_tool, load_tools

log = logging.getLogger(__name__)


def keep_figures(radio: Radio, link: LinkView) -> None:
    """Keep a session's or a visit's last figures of a known tool; where that fails it is logged.

    Args:
        radio: the radio it was on.
        link: its link, by the name that the person gave the tool.
    """
    try:
        tool = next((one for one in load_tools(radio) if one.name == link.tool), None)
        if tool is None:
            return
        battery, rssi = link.battery_percent, link.rssi_dbm
        now = replace(
            tool,
            battery_percent=tool.battery_percent if battery is None else battery,
            rssi_dbm=tool.rssi_dbm if rssi is None else rssi,
        )
        if now != tool:
            keep_tool(now)
    except FileRefused as refused:
        log.warning("a tool's battery and signal were not kept: %s", refused)
