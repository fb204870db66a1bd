"""A request that is understood and not carried out."""

from protocols.massage_tool import Result


class Refused(Exception):  # an answer to the central, not a fault of this program
    """Nothing was changed; ``result`` is the answer that is owed."""

    def __init__(self, result: Result) -> None:
        super().__init__(result)
        self.result = result
