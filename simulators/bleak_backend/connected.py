"""bleak's adapter operations on the virtual radio."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from bleak.backends.adapter import BaseBleakAdapter
from bleak.backends.device import BLEDevice

from simulators.bleak_backend.services import uuids_of

if TYPE_CHECKING:
    from simulators.bleak_backend.adapter import Adapter


class VirtualAdapter(BaseBleakAdapter):
    """A bleak adapter bound to one `Adapter` by a subclass that sets `adapter`."""

    adapter: ClassVar["Adapter"]

    @classmethod
    async def get(cls, **_other_platforms: Any) -> Self:  # noqa: ANN401  # as bleak has it
        """The one adapter that this class is bound to."""
        return cls()

    async def get_connected_devices(self, service_uuids: frozenset[str]) -> list[BLEDevice]:
        """The peers that are connected and have one of the services, in full UUIDs."""
        return [
            self.adapter.device_of(link)
            for link in self.adapter.links
            if not service_uuids.isdisjoint(uuids_of(link.table))
        ]
