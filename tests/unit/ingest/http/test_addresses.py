"""Where a connection may lead."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from aggregator.ingest.http.addresses import is_allowed


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_public_addresses_may_be_asked(address: str) -> None:
    assert is_allowed(address, ())


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
     "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "192.88.99.1", "::", "::1",
     "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
     "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::",
     "2001:0:0:0:0:0:80ff:fffe"],
)  # fmt: skip
def test_inner_addresses_may_not_in_whatever_dress(address: str) -> None:
    assert not is_allowed(address, ())


def test_the_configuration_may_allow_some() -> None:
    networks = (ip_network("127.0.0.1/32"), ip_network("fd00::/8"))
    assert is_allowed("127.0.0.1", networks)
    assert is_allowed("::ffff:127.0.0.1", networks)
    assert is_allowed("fd12::1", networks)
    assert not is_allowed("127.0.0.2", networks)
