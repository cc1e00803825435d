"""From where media may be downloaded: a list of hosts, and which addresses are never called.

A name on the list may point anywhere, so its addresses are judged too, and the connection goes to
an address that was judged. An address of this machine or of a private network is called only when
it stands on the list itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

import httpx

from rushes.domain.errors import MediaHostRefusedError, SettingsError

Address: TypeAlias = IPv4Address | IPv6Address

SETTING = "RUSHES_MEDIA_HOSTS"
DEFAULT_PORTS = {"https": 443, "http": 80}
LAST_PORT = 65535
WILDCARD = "*."
TRANSLATED = IPv6Network("64:ff9b::/96")
"""Where networks without IPv4 show the IPv4 addresses of others."""
PUBLIC_IPV6 = IPv6Network("2000::/3")
NEVER = tuple(
    map(
        ip_network,
        (
            "168.63.129.16/32",  # what a machine in Azure asks about itself
            "192.0.0.0/24",  # of the protocols themselves; in Oracle's cloud as in Azure's
            "192.88.99.0/24",  # the entrance to a kind of IPv6 that is no more
            "3fff::/20",  # for documents
        ),
    )
)
"""What looks like the open internet and is not. Older Pythons do not know all of it."""


@dataclass(frozen=True, slots=True)
class HostPattern:
    """One entry: a name or an address, with its port where one was given."""

    host: str
    port: int | None = None
    any_subdomain: bool = False

    @property
    def address(self) -> Address | None:
        return as_address(self.host)

    def covers(self, host: str, port: int) -> bool:
        if port != (self.port or DEFAULT_PORTS["https"]):
            return False
        if self.any_subdomain:
            return host.endswith(f".{self.host}") and not host.startswith(".")
        return host == self.host

    def covers_url(self, target: httpx.URL) -> bool:
        return self.covers(host_of(target), port_of(target))

    def allows_plain_http(self) -> bool:
        """Only for an address with its port: somebody chose exactly this server."""
        return self.address is not None and self.port is not None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port is None else f":{self.port}"
        return f"{WILDCARD if self.any_subdomain else ''}{host}{port}"


@dataclass(frozen=True, slots=True)
class MediaHosts:
    patterns: tuple[HostPattern, ...]

    @classmethod
    def parse(cls, text: str) -> MediaHosts:
        """Read ``host``, ``host:port``, ``*.host``, separated by commas.

        Raises:
            SettingsError: an entry is none of these.
        """
        entries = (entry.strip() for entry in text.split(","))
        return cls(tuple(_parse_entry(entry) for entry in entries if entry))

    def __str__(self) -> str:
        return ",".join(map(str, self.patterns))

    def check(self, url: str) -> httpx.URL:
        """The address, read once, when media may be downloaded from there.

        Raises:
            MediaHostRefusedError: this host, scheme or way of writing is not allowed.
        """
        target = _read(url)
        if target.userinfo:
            raise _refused(target, "it carries a user name or password")
        if target.scheme not in DEFAULT_PORTS:
            raise _refused(target, f"its scheme is {target.scheme or 'missing'}, not https")
        covering = self._covering(target)
        if not covering:
            raise _refused(target, f"{authority(target)} is not on the list ({self})")
        if target.scheme == "http" and not any(one.allows_plain_http() for one in covering):
            raise _refused(target, "it is not https")
        return target

    def choose_addresses(self, target: httpx.URL, found: Sequence[str]) -> tuple[str, ...]:
        """The found addresses, when every one of them may be called for this target.

        Raises:
            MediaHostRefusedError: one lies on this machine or in a private network, unlisted.
        """
        for text in found:
            if not self._may_call(text, port_of(target)):
                raise _refused(target, f"{target.host} is at {text}, which is not a public address")
        return tuple(dict.fromkeys(found))

    def _covering(self, target: httpx.URL) -> list[HostPattern]:
        return [one for one in self.patterns if one.covers_url(target)]

    def _may_call(self, text: str, port: int) -> bool:
        address = as_address(text)
        if address is None:
            return False
        if is_public(address):
            return True
        return any(one.address == address and one.covers(one.host, port) for one in self.patterns)


def host_of(target: httpx.URL) -> str:
    """The host as it is looked up: ASCII, lower case, an address in its shortest form."""
    host = target.raw_host.decode("ascii").lower()
    address = as_address(host)
    return host if address is None else str(address)


def port_of(target: httpx.URL) -> int:
    return target.port or DEFAULT_PORTS[target.scheme]


def authority(target: httpx.URL) -> str:
    return target.netloc.decode("ascii")


def as_address(text: str) -> Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def is_public(address: Address) -> bool:
    """Whether the address belongs to the open internet, whatever form it is written in."""
    inner = _inner_ipv4(address)
    if inner is not None:
        return is_public(inner)
    if isinstance(address, IPv6Address) and (
        address not in PUBLIC_IPV6 or address.scope_id is not None
    ):
        return False
    if any(address in network for network in NEVER):
        return False
    return address.is_global and not address.is_multicast


def _inner_ipv4(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if isinstance(address, IPv4Address):
        return None
    if address in TRANSLATED:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour


def _parse_entry(entry: str) -> HostPattern:
    if entry.endswith(":"):
        raise _unreadable(entry)
    any_subdomain = entry.startswith(WILDCARD)
    written = entry.removeprefix(WILDCARD)
    if written.count(":") > 1 and not written.startswith("["):
        written = f"[{written}]"
    try:
        url = httpx.URL(f"http://{written}")
    except httpx.InvalidURL as error:
        raise _unreadable(entry) from error
    port = url.port or (80 if written.endswith(":80") else None)
    pattern = HostPattern(host_of(url), port, any_subdomain)
    if not _is_plain(url, pattern):
        raise _unreadable(entry)
    return pattern


def _is_plain(url: httpx.URL, pattern: HostPattern) -> bool:
    if not 0 < (pattern.port or DEFAULT_PORTS["https"]) <= LAST_PORT:
        return False
    if url.userinfo or url.query or url.fragment or url.path not in {"", "/"}:
        return False
    if pattern.address is not None:
        return not pattern.any_subdomain
    labels = pattern.host.split(".")
    return all(label.replace("-", "").replace("_", "").isalnum() for label in labels)


def _unreadable(entry: str) -> SettingsError:
    return SettingsError(
        f"{entry!r} in {SETTING} is not a host.",
        remedy="Write host, host:port or *.host, separated by commas.",
        field=SETTING,
        value=entry,
    )


def _read(url: str) -> httpx.URL:
    try:
        target = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise MediaHostRefusedError(f"{url!r} is not an address: {error}.", url=url) from error
    if not target.host:
        raise MediaHostRefusedError(f"{url!r} names no host.", url=url)
    return target


def _refused(target: httpx.URL, because: str) -> MediaHostRefusedError:
    return MediaHostRefusedError(
        f"{target.scheme}://{authority(target)} was not called: {because}.",
        host=target.host,
    )
