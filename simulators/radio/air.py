"""The air that virtual controllers share: who hears whom, in a stable order."""

import asyncio

from bumble import ll
from bumble.controller import Controller
from bumble.link import LocalLink

from simulators.radio.controller import RadioController
from simulators.radio.link import AirLink, LinkParameters, RadioConnection
from simulators.radio.quiet import quiet_bumble


class Air(LocalLink):
    """A room full of virtual controllers.

    Everything that is sent reaches the others in the order in which they joined, so a run
    in virtual time repeats itself. Making an air also keeps bumble from formatting every
    packet (see `quiet_bumble`).

    Args:
        is_paced: whether data waits for connection events, as on real radio (the default),
            or moves at once.
    """

    def __init__(self, *, is_paced: bool = True) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # bumble leaves it untyped
        self.is_paced = is_paced
        self._in_order: list[RadioController] = []
        self._away: set[RadioController] = set()
        self._links: list[AirLink] = []
        quiet_bumble()

    def add_controller(  # type: ignore[override]  # it makes the controller it adds
        self, name: str, *, address: str | None = None
    ) -> RadioController:
        """Put a new controller on the air.

        Args:
            name: for log lines.
            address: its public address as "00:11:22:33:44:55"; without one it has none, and
                its host chooses a random address.
        """
        controller = RadioController(name, self, address)
        self._in_order.append(controller)
        super().add_controller(controller)
        return controller

    def remove_controller(self, controller: Controller) -> None:
        """A controller vanishes: peers notice by the supervision timeout alone."""
        super().remove_controller(controller)
        if isinstance(controller, RadioController):
            self._in_order.remove(controller)
            self._away.discard(controller)
            controller.silence()
            for link in self._links:
                if link.joins(controller):
                    link.sever()

    def put_away(self, controller: RadioController) -> None:
        """Take a controller out of everyone's range."""
        self._away.add(controller)
        for link in self._links:
            if link.joins(controller):
                link.interrupt()

    def bring_back(self, controller: RadioController) -> None:
        """Bring a controller back into range; links that have not timed out go on."""
        self._away.discard(controller)
        for link in tuple(self._links):
            if link.joins(controller) and self._can_hear_each_other(link):
                link.restore()

    def send_advertising_pdu(
        self, sender_controller: Controller, packet: ll.AdvertisingPdu
    ) -> None:
        """Let everyone in range hear an advertisement."""
        if not self._is_in_range(sender_controller):
            return
        loop = asyncio.get_running_loop()
        for controller in self._in_order:
            if controller is not sender_controller and self._is_in_range(controller):
                loop.call_soon(controller.on_ll_advertising_pdu, packet)

    def connect(self, central: RadioConnection, parameters: LinkParameters) -> AirLink | None:
        """Ask the advertiser at the central's peer address for a connection.

        Returns:
            The link, or None when nobody in range advertises at that address any more.
        """
        for controller in self._in_order:
            if controller is central.controller or not self._is_in_range(controller):
                continue
            if peripheral := controller.accept(central, parameters):
                link = AirLink(central, peripheral, parameters, is_paced=self.is_paced)
                self._links.append(link)
                return link
        return None

    def forget(self, link: AirLink) -> None:
        """Drop a link that is closed at both ends."""
        if link in self._links:
            self._links.remove(link)

    def _is_in_range(self, controller: Controller) -> bool:
        return controller in self.controllers and controller not in self._away

    def _can_hear_each_other(self, link: AirLink) -> bool:
        return self._is_in_range(link.central.controller) and self._is_in_range(
            link.peripheral.controller
        )
