"""Makes the real session: the sensing engine for this tool under the coaching of a routine."""

from collections.abc import Callable

from companion.coaching.care import CareTable
from companion.coaching.hints.dose import Bounds
from companion.coaching.routine import Routine
from companion.coaching.session import Session
from companion.sensing.engine import Engine
from companion.sensing.tool import Tool
from companion.service.session_runner import LiveSession
from protocols.massage_tool import Channel, ToolFeature


def session_factory(
    routine: Routine, care: CareTable, bounds: Bounds
) -> Callable[[ToolFeature, tuple[Channel, ...]], LiveSession]:
    """Return what makes a session of this routine once the tool said what it is."""

    def make(feature: ToolFeature, channels: tuple[Channel, ...]) -> LiveSession:
        return Session(routine, Engine(Tool.from_feature(feature, channels)), care, bounds)

    return make
