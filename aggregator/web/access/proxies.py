"""Where a request comes from: the address that asks, and whether a proxy stands between. Pure.

X-Forwarded-For is believed where a proxy of `server.proxies` sends it, read from its right end: what stands left
of the first address that is none of ours was written by whoever asked (RFC 7239, 8.1).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_network

from starlette.datastructures import Headers
from starlette.types import Scope

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_SIGNS_OF_A_PROXY = {"forwarded", "via", "x-real-ip"}  # beside X-Forwarded-…
_SUBSCRIBER = 64  # bits of an IPv6 address; the rest one chooses oneself (RFC 6177)


def client_of(scope: Scope, proxies: Sequence[Network]) -> Address | None:
    """The address that asks, as the nearest proxy that is not trusted, or else the farthest, was reached from.

    None where there is none, as with a Unix socket.
    """
    client = address_of(scope["client"][0]) if scope.get("client") else None
    forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    for hop in reversed(forwarded):
        if client is None or not any(client in proxy for proxy in proxies):
            break
        before = address_of(hop)
        if before is None:
            break
        client = before
    return client


def is_forwarded(scope: Scope) -> bool:
    """Whether a proxy says that it handed the request on."""
    names = (name.decode("latin-1").lower() for name, _ in scope["headers"])
    return any(name in _SIGNS_OF_A_PROXY or name.startswith("x-forwarded-") for name in names)


def subscriber(address: Address | None) -> Network | None:
    """The network that is one household's or server's: an IPv4 address, 64 bits of an IPv6 address."""
    if address is None:
        return None
    bits = 32 if address.version == 4 else _SUBSCRIBER
    return ip_network((address, bits), strict=False)


def address_of(text: str) -> Address | None:
    """The address in a text, which may have a port, or IPv6 brackets; None where there is none."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    return (isinstance(address, IPv6Address) and address.ipv4_mapped) or address


def is_loopback(host: str) -> bool:
    """Whether a name or an address means the computer it is used on (RFC 6761, 6.3)."""
    name = host.lower().removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = address_of(f"[{name}]" if ":" in name and not name.startswith("[") else name)
    return address is not None and address.is_loopback
