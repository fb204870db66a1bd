"""Air times that follow from the packet format of Core Vol 6 B 2.1."""

import pytest
from bumble import ll
from bumble.hci import Phy

from simulators.radio.phy import air_time_us, control_octets, longest_time_us


@pytest.mark.parametrize(
    ("octets", "phy", "is_encrypted", "expected_us"),
    [
        (251, Phy.LE_1M, True, 2120),
        (251, Phy.LE_2M, True, 1064),
        (27, Phy.LE_1M, True, 328),
        (251, Phy.LE_1M, False, 2088),
        (0, Phy.LE_1M, False, 80),
        (0, Phy.LE_2M, False, 44),
        (0, Phy.LE_1M, True, 80),  # an empty packet has no integrity code
    ],
)
def test_packets_take_the_time_that_the_standard_gives(
    octets: int, phy: Phy, *, is_encrypted: bool, expected_us: int
) -> None:
    assert air_time_us(octets, phy, is_encrypted=is_encrypted) == expected_us


def test_what_hosts_are_told_is_the_encrypted_time_on_the_slow_phy() -> None:
    assert (longest_time_us(27), longest_time_us(251)) == (328, 2120)


def test_control_packets_have_the_sizes_of_the_standard() -> None:
    assert control_octets(ll.TerminateInd(error_code=0x13)) == 2
    assert control_octets(ll.ConnectionUpdateInd(interval=6, latency=0, timeout=10)) == 12
