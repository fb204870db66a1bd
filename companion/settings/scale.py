"""How much of a routine is to be done, as files say it."""

from typing import Annotated

from pydantic import AfterValidator, Field

from companion.coaching.scaling import SCALES
from companion.settings.checked import unacceptable


def _is_scale(percent: int) -> int:
    if percent not in SCALES:
        raise unacceptable("no_scale", known=", ".join(map(str, SCALES)))
    return percent


Percent = Annotated[int, Field(json_schema_extra={"enum": list(SCALES)}), AfterValidator(_is_scale)]
