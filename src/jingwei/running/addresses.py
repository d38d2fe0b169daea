"""Whose request it is, by address: behind proxies of our own, what they say; from anybody else, nothing."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

HOUSEHOLD = 64
"""Bits of an IPv6 address that a household holds whole; whoever has one has all addresses below it."""

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
"""What proxies add. A request that carries one came through something, whether or not we believe it."""


class BadProxies(ValueError):
    """JINGWEI_TRUSTED_PROXIES holds addresses and networks, as 10.0.0.5 or 10.0.0.0/24, with commas between."""


def networks(said: str) -> tuple[Network, ...]:
    """The networks of a setting. Raises BadProxies, which names the part that is none."""
    found = []
    for part in said.replace(",", " ").split():
        try:
            found.append(ip_network(part, strict=False))
        except ValueError as no:
            raise BadProxies(
                f"JINGWEI_TRUSTED_PROXIES: {part!r} is no address and no network. Write 10.0.0.5 or 10.0.0.0/24."
            ) from no
    return tuple(found)


@lru_cache(maxsize=4096)
def parsed(said: str) -> Address | None:
    """An address as it stands in a header, with or without port and brackets; None where it is none."""
    text = said.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped if mapped is not None else found


def client(remote: str, forwarded: str, trusted: Iterable[Network]) -> str:
    """Who asks: `remote`, or, where that is a proxy of ours, the last in X-Forwarded-For that is not one.

    Each proxy appends whom it heard from, so the list is believed from its end, hop by hop, and no further than
    the first stranger: what stands left of that, anybody may have written. A hop that is no address ends it too.
    """
    ours = tuple(trusted)
    here = parsed(remote)
    if here is None or not _within(here, ours):
        return remote
    for said in reversed(forwarded.split(",")):
        hop = parsed(said)
        if hop is None:
            break
        here = hop
        if not _within(hop, ours):
            break
    return str(here)


def is_ours(remote: str, trusted: Iterable[Network]) -> bool:
    """Whether the other end of the connection is a proxy we believe."""
    here = parsed(remote)
    return here is not None and _within(here, tuple(trusted))


def address_of(request: HttpRequest) -> str:
    """The address of whoever asks, as `arriving.Arriving` settled it; the lock-out of the gate asks here too."""
    return str(request.META.get("REMOTE_ADDR", ""))


def household_of(request: HttpRequest) -> str:
    """The address as the limits count it: an IPv6 network of 64 bits is one."""
    found = parsed(address_of(request))
    if isinstance(found, IPv6Address):
        return str(ip_network((found, HOUSEHOLD), strict=False))
    return str(found)


def is_near(request: HttpRequest) -> bool:
    """Whether it comes from this machine itself, through nobody.

    Trap: behind a proxy on the same machine everybody's connection comes from 127.0.0.1. A request that shows a
    proxy's mark is therefore never near, believed or not.
    """
    found = parsed(address_of(request))
    return found is not None and found.is_loopback and not getattr(request, "came_through", True)


def trusted_proxies() -> tuple[Network, ...]:
    """What JINGWEI_TRUSTED_PROXIES names."""
    return tuple(settings.TRUSTED_PROXIES)


def _within(address: Address, of: tuple[Network, ...]) -> bool:
    return any(address in network for network in of)
