"""The known tools as the Tools screen shows them."""

from companion.ble.scanner import Found
from companion.cli.calibration_words import Standing, found_lines, standing
from companion.cli.clock import local_time
from companion.cli.live_list import known_as
from companion.cli.tools import bond_word
from companion.settings.calibrations import KeptCalibration, calibration_of
from companion.settings.tools import KnownTool, Radio, load_tools
from companion.texts import text
from companion.tui.workshop import Nearby, ToolLook


def tool_looks() -> list[ToolLook]:
    """Return every known tool, by name.

    Raises:
        FileRefused: a file of what is known cannot be used.
    """
    return [_look(tool) for tool in load_tools()]


def key_of(tool: KnownTool) -> str:
    """Return what tells a known tool from every other one, in one word."""
    return f"{tool.radio}/{tool.address}"


def nearby(found: Found, known: list[KnownTool], now_s: float) -> Nearby:
    """Return a tool that is heard.

    Args:
        found: it.
        known: the tools known on this radio.
        now_s: the loop's time, seconds.
    """
    tool, acquaintance = known_as(found, known)
    return Nearby(
        key=found.address,
        name=found.label if tool is None else tool.name,
        kind="" if tool is None else _kind(tool),
        acquaintance=acquaintance,
        rssi_dbm=found.rssi_dbm,
        age_s=max(0.0, now_s - found.seen_at),
    )


def _kind(tool: KnownTool) -> str:
    return text(f"cli.tools.kind.{tool.kind}")


def _look(tool: KnownTool) -> ToolLook:
    kept = calibration_of(tool.radio, tool.address)
    return ToolLook(
        key=key_of(tool),
        name=tool.name,
        kind=_kind(tool),
        seen=tool.seen_at.astimezone().date().isoformat(),
        battery_percent=tool.battery_percent,
        rssi_dbm=tool.rssi_dbm,
        calibration=text(f"tools_screen.calibration.{_standing(tool, kept)}"),
        limit=text(f"tools_screen.limit.{_word(is_so=tool.has_limit)}"),
        details=tuple(_details(tool)),
        notes=() if kept is None else tuple(found_lines(kept, local_time().date())),
    )


def _standing(tool: KnownTool, kept: KeptCalibration | None) -> Standing:
    """Return how a calibration stands, as far as it can be told without the tool."""
    reported = {} if kept is None else {gain.channel: gain.reported_ppm for gain in kept.gains}
    channels = range(max(reported, default=-1) + 1)
    return standing(kept, tool.feature, [reported.get(channel) for channel in channels])


def _details(tool: KnownTool) -> list[tuple[str, str]]:
    untold = text("cli.tools.untold")
    maker = " ".join(word for word in (tool.manufacturer, tool.model) if word)
    radio = "cli.radio.own" if tool.radio is Radio.BLUETOOTH else "cli.radio.virtual"
    values = {
        "advertised": tool.advertised or untold,
        "maker": maker or untold,
        "serial": tool.serial or untold,
        "firmware": tool.firmware or untold,
        **_areas(tool),
        "address": tool.address,
        "radio": text(radio),
        "bond": text(f"cli.tools.bond.{bond_word(tool)}"),
        "paired": tool.paired_at.astimezone().date().isoformat(),
    }
    return [(text(f"tools_screen.detail.{name}"), value) for name, value in values.items()]


def _areas(tool: KnownTool) -> dict[str, str]:
    """Return the working surface that a tool declares, and that of each edge where it tells it."""
    untold = text("cli.tools.untold")
    whole = tool.contact_area_m2
    areas = {"area": untold if whole is None else text("tools_screen.cell.area", cm2=whole * 1e4)}
    if len(tool.channel_areas_m2) > 1:
        edges = [
            untold if area is None else text("tools_screen.cell.area", cm2=area * 1e4)
            for area in tool.channel_areas_m2
        ]
        areas["edges"] = text("tools_screen.cell.edges", areas=", ".join(edges))
    return areas


def _word(*, is_so: bool | None) -> str:
    return "untold" if is_so is None else "own" if is_so else "none"
