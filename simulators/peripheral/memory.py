"""What the tool remembers without power, beside its bonds: the calibration of its force."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from simulators.data_files import DataFileError
from simulators.firmware import Calibrated

_FORMAT: Final = 1
_GAINS: Final = range(1, 1 << 32)
_OFFSETS: Final = range(-(1 << 15), 1 << 15)


class Memory:
    """A small file, or nothing.

    Args:
        keys: the file of the bonds; this one stands beside it. None keeps nothing.
    """

    def __init__(self, keys: Path | None) -> None:
        self.path = None if keys is None else keys.with_name(f"{keys.stem}.calibration.json")

    def read(self, channels: int) -> tuple[Calibrated, ...] | None:
        """Return what was kept of a tool with so many force channels; None if nothing was.

        Raises:
            DataFileError: the file holds no calibration of this tool.
            OSError: it cannot be read.
        """
        if self.path is None or not self.path.exists():
            return None
        try:
            content = json.loads(self.path.read_text("utf-8"))
            kept = tuple(Calibrated(*each) for each in content["calibration"])
        except (ValueError, LookupError, TypeError) as error:
            raise self._refused() from error
        is_ours = content.get("format") == _FORMAT and len(kept) == channels
        if not is_ours or not all(map(_is_possible, kept)):
            raise self._refused()
        return kept

    def write(self, calibration: Sequence[Calibrated]) -> None:
        """Keep a calibration.

        Raises:
            OSError: the file cannot be written.
        """
        if self.path is None:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_name(self.path.name + ".tmp")
        text = json.dumps({"format": _FORMAT, "calibration": calibration}, indent=4)
        draft.write_text(text + "\n", encoding="utf-8")
        draft.replace(self.path)

    def _refused(self) -> DataFileError:
        reason = "holds no calibration of this tool; delete it to begin anew"
        return DataFileError(str(self.path), "calibration", reason)


def _is_possible(kept: Calibrated) -> bool:
    return (
        type(kept.gain_ppm) is int
        and kept.gain_ppm in _GAINS
        and type(kept.offset_counts) is int
        and kept.offset_counts in _OFFSETS
    )
