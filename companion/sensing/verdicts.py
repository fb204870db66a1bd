"""What an engine says of the pressure, the skin and itself at any moment."""

from companion.sensing.copied import Copied
from companion.sensing.drag import DragWatch
from companion.sensing.felt_force import FeltForce
from companion.sensing.judgement import Judge
from companion.sensing.pressure import PressureScale
from companion.sensing.tool import Tool
from companion.sensing.trace import Trace
from companion.sensing.types import Band, Doubt, Level


class Verdicts(Copied):
    """The verdicts that stand; whoever feeds the samples builds on it.

    Attributes:
        tool: the tool that sends.
    """

    def __init__(self, tool: Tool) -> None:
        self.tool = tool
        self._felt = FeltForce(tool)
        self._scale = PressureScale(tool, self._felt.force, self._felt.channels)
        self._judge = Judge(self._scale)
        self._drag = DragWatch()

    @property
    def level(self) -> Level:
        """The level of pressure against the band of the step."""
        return self._judge.level

    @property
    def doubt(self) -> Doubt | None:
        """Why the level is unknown; None where it is known or nothing is to be judged."""
        return self._judge.doubt

    @property
    def pressure_kpa(self) -> float | None:
        """The newest pressure, low-passed; None where it is not known."""
        return self._judge.pressure_kpa

    @property
    def uncertainty_kpa(self) -> float | None:
        """Expanded uncertainty (k = 2) of the pressure; None where the area is not known."""
        return self._scale.uncertainty_kpa(self.pressure_kpa or 0.0)

    @property
    def trace(self) -> Trace:
        """The newest points of pressure and level."""
        return self._judge.trace

    def can_judge(self, band: Band) -> Doubt | None:
        """Return why this tool cannot judge a band now; None where it can."""
        return self._scale.doubt(band)
