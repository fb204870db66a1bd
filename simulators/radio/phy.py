"""How long LE packets are on the air: Core Vol 6 Part B 2.1, 4.1 and 4.5."""

from bumble import ll
from bumble.hci import Phy, PhyBit

T_IFS_US = 150
"""The inter frame space between a packet and its answer (Core Vol 6 B 4.1.1)."""

SHORTEST_DATA_OCTETS = 27
"""What a data packet may carry before both ends agree on more (Core Vol 6 B 4.5.10)."""

LONGEST_DATA_OCTETS = 251
"""What a data packet may carry at most (Core Vol 6 B 4.5.10)."""

PHYS = {PhyBit.LE_1M: Phy.LE_1M, PhyBit.LE_2M: Phy.LE_2M}
"""The simulated PHYs by their bit in HCI; LE Coded is not simulated, nor claimed."""

# Access address, header and CRC (Core Vol 6 B 2.1); the preamble depends on the PHY.
_FRAME_OCTETS = 4 + 2 + 3
_PREAMBLE_OCTETS = {Phy.LE_1M: 1, Phy.LE_2M: 2}
_US_PER_OCTET = {Phy.LE_1M: 8, Phy.LE_2M: 4}
_MIC_OCTETS = 4

# Opcode and CtrData (Core Vol 6 B 2.4.2); bumble's PDUs have no wire form.
_CONTROL_OCTETS: dict[type[ll.ControlPdu], int] = {
    ll.ConnectionUpdateInd: 12,
    ll.TerminateInd: 2,
    ll.EncReq: 23,
    ll.StartEncRsp: 1,
    ll.RejectExtInd: 3,
    ll.FeatureReq: 9,
    ll.PeripheralFeatureReq: 9,
    ll.FeatureRsp: 9,
}
_LONGEST_CONTROL_OCTETS = 27


def air_time_us(octets: int, phy: Phy, *, is_encrypted: bool = False) -> int:
    """Return how long one data packet is on the air, in microseconds.

    Preamble, access address, header, payload, message integrity code and CRC at the PHY's
    rate (Core Vol 6 B 2.1.1, 2.1.2, 2.4). An encrypted packet of 251 octets takes 2120 us on
    LE 1M and 1064 us on LE 2M; an empty one 80 us and 44 us.

    Args:
        octets: of payload, 0 to 251, without the message integrity code.
        phy: LE 1M or LE 2M.
        is_encrypted: whether a packet that is not empty carries the code.
    """
    mic = _MIC_OCTETS if is_encrypted and octets else 0
    return (_PREAMBLE_OCTETS[phy] + _FRAME_OCTETS + octets + mic) * _US_PER_OCTET[phy]


def control_octets(pdu: ll.ControlPdu) -> int:
    """Return the payload of a control packet in octets (Core Vol 6 B 2.4.2)."""
    return _CONTROL_OCTETS.get(type(pdu), _LONGEST_CONTROL_OCTETS)


def longest_time_us(octets: int) -> int:
    """Return the longest air time of a packet on LE 1M, as LE Data Length Change tells it."""
    return air_time_us(octets, Phy.LE_1M, is_encrypted=True)
