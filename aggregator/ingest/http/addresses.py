"""Which network addresses a feed may lead to: public ones, and those the configuration allows. Pure.

A name is harmless; what it resolves to may not be. Forms that carry an IPv4 address inside an IPv6
one are judged by the address inside, since that is where the packets go.
"""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052, section 2.1
_IPV4_COMPATIBLE = IPv6Network("::/96")  # RFC 4291, section 2.5.5.1
# What `is_global` lets pass although nobody serves a feed there.
_NEVER = (
    IPv6Network("64:ff9b:1::/48"),  # local-use NAT64, RFC 8215
    IPv6Network("fec0::/10"),  # site-local, RFC 3879
    IPv4Network("192.88.99.0/24"),  # 6to4 relays, RFC 7526
)


def is_allowed(address: str, allow_networks: Collection[Network]) -> bool:
    """Whether `address` (numeric, with or without a zone) may be connected to."""
    outer = ip_address(address)
    inner = carried(outer)
    if any(each in network for each in (outer, inner) for network in allow_networks):
        return True
    return _is_public(inner)


def carried(address: Address) -> Address:
    """The IPv4 address an IPv6 one carries (mapped, 6to4, Teredo, NAT64, compatible), else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.teredo is not None:
        return address.teredo[1]
    if address in _NAT64 or (address in _IPV4_COMPATIBLE and int(address) > 0xFFFF):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _is_public(address: Address) -> bool:
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not any(address in network for network in _NEVER)
    )
