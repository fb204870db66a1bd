"""What a controller owes its host by the standard, where bumble's is more generous or silent.

bumble 0.0.236's `Controller` claims features and commands that it does not have, sends
events that the host has masked, answers unknown asynchronous commands not at all, and keeps
everything over a reset.
"""

import asyncio
import logging
import struct
from typing import TYPE_CHECKING

from bumble import hci
from bumble.controller import Controller
from bumble.core import BaseBumbleError

from simulators.radio.phy import LONGEST_DATA_OCTETS, SHORTEST_DATA_OCTETS, longest_time_us

if TYPE_CHECKING:
    from simulators.radio.air import Air

_BUMBLE = logging.getLogger("bumble")
_Feature = hci.LeFeatureMask
FEATURES = (
    _Feature.LE_ENCRYPTION
    | _Feature.EXTENDED_REJECT_INDICATION
    | _Feature.PERIPHERAL_INITIATED_FEATURE_EXCHANGE
    | _Feature.LE_DATA_PACKET_LENGTH_EXTENSION
    | _Feature.LL_PRIVACY
    | _Feature.LE_2M_PHY
    | _Feature.CHANNEL_SELECTION_ALGORITHM_2
    | _Feature.LE_EXTENDED_ADVERTISING
)
"""What is claimed is what is simulated (Core Vol 6 B 4.6)."""

DEFAULT_LE_EVENTS = 0x1F
"""The LE events of a host that has not chosen (Core Vol 4 E 7.8.1)."""

COMMANDS = frozenset(
    (
        hci.HCI_DISCONNECT_COMMAND,
        hci.HCI_READ_REMOTE_VERSION_INFORMATION_COMMAND,
        hci.HCI_SET_EVENT_MASK_COMMAND,
        hci.HCI_SET_EVENT_MASK_PAGE_2_COMMAND,
        hci.HCI_RESET_COMMAND,
        hci.HCI_READ_LOCAL_VERSION_INFORMATION_COMMAND,
        hci.HCI_READ_LOCAL_SUPPORTED_COMMANDS_COMMAND,
        hci.HCI_READ_LOCAL_SUPPORTED_FEATURES_COMMAND,
        hci.HCI_READ_LOCAL_EXTENDED_FEATURES_COMMAND,
        hci.HCI_READ_BUFFER_SIZE_COMMAND,
        hci.HCI_READ_BD_ADDR_COMMAND,
        hci.HCI_READ_RSSI_COMMAND,
        hci.HCI_LE_SET_EVENT_MASK_COMMAND,
        hci.HCI_LE_READ_BUFFER_SIZE_COMMAND,
        hci.HCI_LE_READ_BUFFER_SIZE_V2_COMMAND,
        hci.HCI_LE_READ_LOCAL_SUPPORTED_FEATURES_COMMAND,
        hci.HCI_LE_READ_SUPPORTED_STATES_COMMAND,
        hci.HCI_LE_RAND_COMMAND,
        hci.HCI_LE_READ_TRANSMIT_POWER_COMMAND,
        # Advertising
        hci.HCI_LE_SET_RANDOM_ADDRESS_COMMAND,
        hci.HCI_LE_SET_ADVERTISING_PARAMETERS_COMMAND,
        hci.HCI_LE_READ_ADVERTISING_PHYSICAL_CHANNEL_TX_POWER_COMMAND,
        hci.HCI_LE_SET_ADVERTISING_DATA_COMMAND,
        hci.HCI_LE_SET_SCAN_RESPONSE_DATA_COMMAND,
        hci.HCI_LE_SET_ADVERTISING_ENABLE_COMMAND,
        hci.HCI_LE_SET_ADVERTISING_SET_RANDOM_ADDRESS_COMMAND,
        hci.HCI_LE_SET_EXTENDED_ADVERTISING_PARAMETERS_COMMAND,
        hci.HCI_LE_SET_EXTENDED_ADVERTISING_DATA_COMMAND,
        hci.HCI_LE_SET_EXTENDED_SCAN_RESPONSE_DATA_COMMAND,
        hci.HCI_LE_SET_EXTENDED_ADVERTISING_ENABLE_COMMAND,
        hci.HCI_LE_READ_MAXIMUM_ADVERTISING_DATA_LENGTH_COMMAND,
        hci.HCI_LE_READ_NUMBER_OF_SUPPORTED_ADVERTISING_SETS_COMMAND,
        hci.HCI_LE_REMOVE_ADVERTISING_SET_COMMAND,
        hci.HCI_LE_CLEAR_ADVERTISING_SETS_COMMAND,
        # Scanning and initiating
        hci.HCI_LE_SET_SCAN_PARAMETERS_COMMAND,
        hci.HCI_LE_SET_SCAN_ENABLE_COMMAND,
        hci.HCI_LE_SET_EXTENDED_SCAN_PARAMETERS_COMMAND,
        hci.HCI_LE_SET_EXTENDED_SCAN_ENABLE_COMMAND,
        hci.HCI_LE_CREATE_CONNECTION_COMMAND,
        hci.HCI_LE_EXTENDED_CREATE_CONNECTION_COMMAND,
        hci.HCI_LE_CREATE_CONNECTION_CANCEL_COMMAND,
        hci.HCI_LE_READ_FILTER_ACCEPT_LIST_SIZE_COMMAND,
        hci.HCI_LE_CLEAR_FILTER_ACCEPT_LIST_COMMAND,
        hci.HCI_LE_ADD_DEVICE_TO_FILTER_ACCEPT_LIST_COMMAND,
        hci.HCI_LE_REMOVE_DEVICE_FROM_FILTER_ACCEPT_LIST_COMMAND,
        # Privacy
        hci.HCI_LE_ADD_DEVICE_TO_RESOLVING_LIST_COMMAND,
        hci.HCI_LE_REMOVE_DEVICE_FROM_RESOLVING_LIST_COMMAND,
        hci.HCI_LE_CLEAR_RESOLVING_LIST_COMMAND,
        hci.HCI_LE_READ_RESOLVING_LIST_SIZE_COMMAND,
        hci.HCI_LE_SET_ADDRESS_RESOLUTION_ENABLE_COMMAND,
        hci.HCI_LE_SET_RESOLVABLE_PRIVATE_ADDRESS_TIMEOUT_COMMAND,
        hci.HCI_LE_SET_PRIVACY_MODE_COMMAND,
        # While connected
        hci.HCI_LE_CONNECTION_UPDATE_COMMAND,
        hci.HCI_LE_READ_REMOTE_FEATURES_COMMAND,
        hci.HCI_LE_ENABLE_ENCRYPTION_COMMAND,
        hci.HCI_LE_LONG_TERM_KEY_REQUEST_REPLY_COMMAND,
        hci.HCI_LE_LONG_TERM_KEY_REQUEST_NEGATIVE_REPLY_COMMAND,
        hci.HCI_LE_SET_DATA_LENGTH_COMMAND,
        hci.HCI_LE_READ_SUGGESTED_DEFAULT_DATA_LENGTH_COMMAND,
        hci.HCI_LE_WRITE_SUGGESTED_DEFAULT_DATA_LENGTH_COMMAND,
        hci.HCI_LE_READ_MAXIMUM_DATA_LENGTH_COMMAND,
        hci.HCI_LE_READ_PHY_COMMAND,
        hci.HCI_LE_SET_DEFAULT_PHY_COMMAND,
        hci.HCI_LE_SET_PHY_COMMAND,
    )
)
"""What is claimed is what is done; every other command is refused as unknown."""

_HEADER = struct.Struct("<HB")
_MALFORMED = (
    BaseBumbleError,
    AssertionError,
    AttributeError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
    struct.error,
)


class StandardController(Controller):
    """The part of a controller that only talks to its host.

    Attributes:
        air: where it is.
        number: which controller of its air it is, counted from 0.
    """

    le_features = FEATURES
    le_acl_data_packet_length = LONGEST_DATA_OCTETS
    supported_max_tx_octets = supported_max_rx_octets = LONGEST_DATA_OCTETS
    supported_max_tx_time = supported_max_rx_time = longest_time_us(LONGEST_DATA_OCTETS)
    le_event_mask = DEFAULT_LE_EVENTS
    # As many as HCI can tell: bumble's host fails to store a bond that does not fit any more.
    resolving_list_size = filter_accept_list_size = 255

    def __init__(self, name: str, air: "Air", address: str | None, number: int) -> None:
        super().__init__(name, public_address=address)
        self.air = air
        self.link = air
        self.number = number
        self.supported_commands = set(COMMANDS)

    # What comes from the host

    def on_packet(self, packet: bytes) -> None:
        """Take a packet from the host; what makes no sense is refused or dropped."""
        match packet[0]:
            case hci.HCI_COMMAND_PACKET:
                self._take_command(packet)
            case hci.HCI_ACL_DATA_PACKET:
                self.on_hci_acl_data_packet(hci.HCI_AclDataPacket.from_bytes(packet))
            case _:
                return

    def _take_command(self, packet: bytes) -> None:
        op_code, _ = _HEADER.unpack_from(packet, 1)
        command_class = hci.HCI_Command.command_classes.get(op_code)
        if command_class is None or op_code not in self.supported_commands:
            self._send_hci_command_status(hci.HCI_ErrorCode.UNKNOWN_HCI_COMMAND_ERROR, op_code)
            return
        try:
            self.on_hci_packet(command_class.from_parameters(packet[4:]))
        except _MALFORMED:
            self.refuse(op_code)

    def refuse(
        self,
        op_code: int,
        error: int = hci.HCI_ErrorCode.INVALID_COMMAND_PARAMETERS_ERROR,
    ) -> None:
        """Answer a command with an error and nothing else."""
        self._send_hci_command_status(error, op_code)

    # What goes to the host

    def send_hci_packet(self, packet: hci.HCI_Packet) -> None:
        """Send a packet to the host, unless it has masked the event (Core Vol 4 E 7.8.1)."""
        if isinstance(packet, hci.HCI_LE_Meta_Event) and not self.is_wanted(packet.subevent_code):
            return
        if _BUMBLE.isEnabledFor(logging.DEBUG):
            super().send_hci_packet(packet)
        else:
            self.send_bytes(bytes(packet))

    def send_bytes(self, packet: bytes) -> None:
        """Send a packet that is bytes already to the host, in its turn."""
        if self.hci_sink is not None:
            asyncio.get_running_loop().call_soon(self.hci_sink.on_packet, packet)

    def is_wanted(self, subevent: int) -> bool:
        """Whether the host listens to an LE event."""
        return bool(self.le_event_mask >> (subevent - 1) & 1)

    # Commands

    def on_hci_reset_command(
        self, _command: hci.HCI_Reset_Command
    ) -> hci.HCI_StatusReturnParameters:
        """Forget what the host has chosen (Core Vol 4 E 7.3.2); bumble's keeps it."""
        self.le_event_mask = DEFAULT_LE_EVENTS
        self.random_address = hci.Address(bytes(6))
        self.suggested_max_tx_octets = SHORTEST_DATA_OCTETS
        self.suggested_max_tx_time = longest_time_us(SHORTEST_DATA_OCTETS)
        self.default_phy = {"all_phys": 0, "tx_phys": 0, "rx_phys": 0}
        return hci.HCI_StatusReturnParameters(hci.HCI_ErrorCode.SUCCESS)

    def on_hci_le_rand_command(
        self, _command: hci.HCI_LE_Rand_Command
    ) -> hci.HCI_LE_Rand_ReturnParameters:
        """A number from the air's generator: this is no source of secrets."""
        return hci.HCI_LE_Rand_ReturnParameters(
            status=hci.HCI_ErrorCode.SUCCESS, random_number=self.air.chance.randbytes(8)
        )
