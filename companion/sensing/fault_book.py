"""Which faults stand, told once when they are found and once when they are over."""

from companion.sensing.copied import Copied
from companion.sensing.types import FaultEnded, FaultFound, SensingEvent

_MILLION = 1_000_000


class FaultBook(Copied):
    """The standing faults of one sensor.

    Attributes:
        kinds: the kinds that stand.
    """

    def __init__(self) -> None:
        self.kinds: set[str] = set()

    def find(self, kind: str, t_us: int, start_us: int, out: list[SensingEvent]) -> None:
        """Take a fault found at ``t_us`` that began at ``start_us``; one that stands stays."""
        if kind not in self.kinds:
            self.kinds.add(kind)
            out.append(FaultFound(device_s=t_us / _MILLION, kind=kind, start_s=start_us / _MILLION))

    def end(self, kind: str, t_us: int, out: list[SensingEvent]) -> None:
        """Take the end of a fault; one that does not stand has none."""
        if kind in self.kinds:
            self.kinds.remove(kind)
            out.append(FaultEnded(device_s=t_us / _MILLION, kind=kind))
