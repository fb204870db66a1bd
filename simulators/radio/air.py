"""The air that virtual controllers share: who hears whom, how well, in a stable order."""

import asyncio
import random

from bumble import ll
from bumble.controller import Controller
from bumble.link import LocalLink

from simulators.radio.advertising import Advertisement
from simulators.radio.connection import RadioConnection
from simulators.radio.controller import RadioController
from simulators.radio.link import AirLink
from simulators.radio.parameters import LinkParameters
from simulators.radio.propagation import Places, clamped_dbm, lost_share
from simulators.radio.quiet import quiet_bumble


class Air(LocalLink):
    """A room full of virtual controllers.

    Everything that is sent reaches the others in the order in which they joined, and all
    chance comes from one generator, so a run in virtual time repeats itself. Making an air
    also keeps bumble from formatting every packet (see `quiet_bumble`).

    Args:
        is_paced: whether data waits for connection events and takes air time, as on real
            radio (the default), or moves at once where nothing is lost.
        seed: what losses, shadowing and the controllers' random numbers are drawn from.
    """

    def __init__(self, *, is_paced: bool = True, seed: int = 0) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # bumble leaves it untyped
        self.is_paced = is_paced
        self.chance = random.Random(seed)  # noqa: S311  # repeatable, never a secret
        self._places = Places(self.chance)
        self._in_order: list[RadioController] = []
        self._joined = 0
        self._away: set[RadioController] = set()
        self._losses: dict[RadioController, float] = {}
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
        controller = RadioController(name, self, address, self._joined)
        self._joined += 1
        self._in_order.append(controller)
        super().add_controller(controller)
        return controller

    def remove_controller(self, controller: Controller) -> None:
        """A controller vanishes: peers notice by the supervision timeout alone."""
        super().remove_controller(controller)
        if isinstance(controller, RadioController):
            self._in_order.remove(controller)
            self._away.discard(controller)
            self._losses.pop(controller, None)
            self._places.forget(controller)
            controller.silence()
            for link in self._links:
                if link.joins(controller):
                    link.sever()

    # Where everyone is

    def put_away(self, controller: RadioController) -> None:
        """Take a controller out of everyone's range."""
        self._away.add(controller)
        self._tell_links(controller)

    def bring_back(self, controller: RadioController) -> None:
        """Bring a controller back into range; links that have not timed out go on."""
        self._away.discard(controller)
        self._tell_links(controller)

    def move(self, controller: RadioController, distance_m: float) -> None:
        """Put a controller at a distance along one line from everyone who was not moved.

        Two controllers that were moved are as far apart as their distances differ.

        Raises:
            ValueError: the distance is no number from 0 up.
        """
        self._places.move(controller, distance_m)
        self._tell_links(controller)

    def set_loss(self, controller: RadioController, share: float) -> None:
        """Lose a share of all packets to and from a controller, as interference does.

        Args:
            controller: whose surroundings are disturbed.
            share: 0 for none, 1 for all; what distance loses comes on top.

        Raises:
            ValueError: the share is not from 0 to 1.
        """
        if not 0.0 <= share <= 1.0:
            raise ValueError(f"a share is from 0 to 1, not {share}")
        self._losses[controller] = share
        self._tell_links(controller)

    def rssi_dbm(self, sender: RadioController, receiver: RadioController) -> int:
        """Return how loud one controller hears another, as HCI tells it."""
        return clamped_dbm(self._places.strength_dbm(sender, receiver))

    def lost_share(self, one: RadioController, other: RadioController) -> float:
        """Return the share of packets between two controllers that is lost, 0 to 1."""
        if not (self._is_in_range(one) and self._is_in_range(other)):
            return 1.0
        weak = lost_share(self._places.strength_dbm(one, other))
        disturbed = (self._losses.get(one, 0.0), self._losses.get(other, 0.0))
        return 1.0 - (1.0 - weak) * (1.0 - disturbed[0]) * (1.0 - disturbed[1])

    # What is sent

    def send_advertising_pdu(
        self, sender_controller: Controller, packet: ll.AdvertisingPdu
    ) -> None:
        """Let everyone in range who listens hear an advertisement."""
        if not isinstance(packet, Advertisement) or not isinstance(
            sender_controller, RadioController
        ):
            return
        for controller in self._in_order:
            if controller is not sender_controller and controller.is_listening:
                self._send_to(controller, sender_controller, packet)

    def _send_to(
        self, receiver: RadioController, sender: RadioController, advertisement: Advertisement
    ) -> None:
        share = self.lost_share(sender, receiver)
        if self._is_lost(share):
            return
        is_answered = not self._is_lost(share) and not self._is_lost(share)
        asyncio.get_running_loop().call_soon(
            lambda: receiver.hear(
                advertisement, self.rssi_dbm(sender, receiver), is_answered=is_answered
            )
        )

    def _is_lost(self, share: float) -> bool:
        return share > 0.0 and self.chance.random() < share

    def connect(self, central: RadioConnection, parameters: LinkParameters) -> AirLink | None:
        """Ask the advertiser at the central's peer address for a connection.

        Returns:
            The link, or None when nobody in range hears it and advertises at that address.
        """
        for controller in self._in_order:
            share = self.lost_share(central.controller, controller)
            if controller is central.controller or share == 1.0:
                continue
            if controller.is_advertising_at(central.peer_address) and self._is_lost(share):
                return None
            if peripheral := controller.accept(central, parameters):
                link = AirLink(
                    central,
                    peripheral,
                    parameters,
                    chance=self.chance,
                    is_paced=self.is_paced,
                )
                self._links.append(link)
                link.set_loss(share)
                for end in (central, peripheral):
                    end.controller.begin_link(end)
                return link
        return None

    def forget(self, link: AirLink) -> None:
        """Drop a link that is closed at both ends."""
        if link in self._links:
            self._links.remove(link)

    def _is_in_range(self, controller: Controller) -> bool:
        return controller in self.controllers and controller not in self._away

    def _tell_links(self, controller: RadioController) -> None:
        for link in tuple(self._links):
            if link.joins(controller):
                link.set_loss(self.lost_share(link.central.controller, link.peripheral.controller))
