"""A virtual Bluetooth LE radio: bumble's virtual controllers, put right."""

from simulators.radio.air import Air
from simulators.radio.controller import RadioController
from simulators.radio.errors import AirError
from simulators.radio.h4 import H4Server
from simulators.radio.hci import open_hci
from simulators.radio.host import RadioHost, connect_host
from simulators.radio.quiet import loud_bumble, quiet_bumble
from simulators.radio.seeded import repeatable_keys
from simulators.radio.server import AirServer, open_air

__all__ = [
    "Air",
    "AirError",
    "AirServer",
    "H4Server",
    "RadioController",
    "RadioHost",
    "connect_host",
    "loud_bumble",
    "open_air",
    "open_hci",
    "quiet_bumble",
    "repeatable_keys",
]
