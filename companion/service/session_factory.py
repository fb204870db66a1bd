"""Makes the real session: the sensing engine for this tool under the coaching of a routine."""

from collections.abc import Callable

from companion.coaching.care import CareTable
from companion.coaching.routine import Routine
from companion.coaching.session import Session
from companion.sensing.engine import Engine
from companion.sensing.tool import Tool
from companion.service.options import ServiceOptions
from companion.service.session_runner import LiveSession
from protocols.massage_tool import Channel, Features, ToolFeature


def session_factory(
    care: CareTable, options: ServiceOptions, correct: Callable[[Tool], Tool] = lambda tool: tool
) -> Callable[[Routine, ToolFeature, tuple[Channel, ...]], LiveSession]:
    """Return what makes a session of a routine once the tool said what it is.

    Args:
        care: the pressure limits by zone and technique.
        options: how.
        correct: makes of a tool as it describes itself what is known of it.
    """

    def make(routine: Routine, feature: ToolFeature, channels: tuple[Channel, ...]) -> LiveSession:
        tool = correct(Tool.from_feature(feature, channels))
        return Session(
            routine,
            Engine(tool, names_technique=tool.has_force),
            care,
            options.bounds,
            oiled=options.oiled,
            percent=options.scale_percent,
            resends=bool(feature.features & Features.RESEND_BUFFER),
        )

    return make
