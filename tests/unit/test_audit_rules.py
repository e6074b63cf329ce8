"""What the audit keeps of an address."""

import pytest

from domain.audit import coarse_address


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("testclient", None),
        ("", None),
        (None, None),
    ],
)
def test_of_an_address_its_network_is_kept(address: str | None, kept: str | None) -> None:
    assert coarse_address(address) == kept
