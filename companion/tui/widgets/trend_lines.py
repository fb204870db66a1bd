"""Zones over weeks as lines of a table."""

from textual.content import Content

from companion.sensing.types import Level
from companion.texts import text
from companion.tui.glyphs import Glyphs
from companion.tui.library import Trends, Week
from companion.wording import zone_name

_NAME_CELLS = 16
_WEEK_CELLS = 9


def trend_lines(trends: Trends, glyphs: Glyphs) -> list[Content]:
    """Return a head, a line for each zone, and what the figures are.

    Args:
        trends: the zones over weeks.
        glyphs: the signs to draw with.
    """
    if not trends.zones:
        return [Content(text("screens.history.no_trends"))]
    names = {zone: zone_name(zone) for zone, _ in trends.zones}
    cells = max(_NAME_CELLS, *(len(name) + 1 for name in names.values()))
    head = " " * cells + "".join(f"{week:>{_WEEK_CELLS}}" for week in trends.weeks)
    rows = [
        Content.assemble(f"{names[zone]:<{cells}}", *(_week(week, glyphs) for week in weeks))
        for zone, weeks in trends.zones
    ]
    sign = glyphs.level[Level.CAUTION]
    key = Content.styled(text("screens.history.trend_key", sign=sign), "$quiet")
    unread = (
        [Content.styled(text("screens.history.unread", count=trends.unread), "bold $warning")]
        if trends.unread
        else []
    )
    return [Content.styled(head, "$quiet"), *rows, Content(""), key, *unread]


def _week(week: Week, glyphs: Glyphs) -> tuple[str, str]:
    share = "-" if week.on_target is None else f"{100 * week.on_target:.0f} %"
    warned = f" {glyphs.level[Level.CAUTION]}{week.warnings}" if week.warnings else ""
    return f"{share + warned:>{_WEEK_CELLS}}", "bold $warning" if week.warnings else ""
