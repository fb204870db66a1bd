"""Who takes what a session keeps, and cares for its samples only."""

from companion.ble.tool import Identity
from protocols.massage_tool import Channel, ToolFeature


class SamplesOnly:
    """The half of `Keeps` that such a listener leaves alone."""

    def on_tool(
        self,
        address: str,
        name: str,
        feature: ToolFeature,
        identity: Identity,
        channels: tuple[Channel, ...] = (),
    ) -> None:
        """Nothing depends on it."""
