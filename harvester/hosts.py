"""Which hosts may be asked: an address found on a page must not lead into the reader's own network."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

Resolve = Callable[[str], tuple[str, ...]]

# Not `is_private`: it includes 198.18.0.0/15, from which transparent proxies (Clash and others, common in
# China) answer for every host there is.
_PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def resolve_host(host: str) -> tuple[str, ...]:
    """The IP addresses of a host, none when its name cannot be resolved here.

    No error then: behind a proxy only the proxy knows the name, and without one the connection will tell.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return ()
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def private_address(host: str, *, resolve: Resolve) -> str:
    """The private address a host leads to, empty when all its addresses are public."""
    return first_private(resolve(host))


def first_private(addresses: tuple[str, ...]) -> str:
    """The first private one of a host's addresses, empty when all of them are public."""
    return next((address for address in addresses if _is_private(address)), "")


def _is_private(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped
        elif ip in _NAT64:
            ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return any(ip in network for network in _PRIVATE if network.version == ip.version)
