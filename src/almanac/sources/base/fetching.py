"""A file from an address somebody typed: bounded in size and time, never from a private network.

Every hop of a redirect is resolved anew and must be public; the connection goes to the very address
that was checked, so that a name cannot answer twice.
"""

from __future__ import annotations

import ipaddress
import socket
import zlib
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit

from almanac.core.errors import AlmanacError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import httpcore

MOST_BYTES = 20_000_000
SECONDS, WHOLE = 10.0, 60.0
MOST_HOPS = 5
LONGEST = 1000
NOT_MODIFIED, REDIRECTS = 304, (301, 302, 303, 307, 308)
GONE = (404, 410)
PORTS = {"http": 80, "https": 443}


class UnreachableError(AlmanacError):
    """The address could not be read; the message says why in one sentence."""


class NotThereError(UnreachableError):
    """Nothing is at that address any more."""


@dataclass(frozen=True, slots=True)
class Fetched:
    data: bytes
    etag: str
    modified: str


def checked(address: str) -> str:
    """An address that may be fetched, with webcal:// read as https://."""
    address = address.strip()
    if address.lower().startswith("webcal://"):
        address = "https://" + address[len("webcal://") :]
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        parts, host = urlsplit(""), None
    if any(ord(letter) < 33 for letter in address):
        host = None
    if parts.scheme not in PORTS or not host or len(address) > LONGEST:
        raise UnreachableError(f"“{address[:60]}” is not a web address; it begins with https://.")
    return address


def is_gone(address: str) -> str:
    """Why an address leads nowhere, or nothing where it may lead somewhere: a server that is busy, shy
    of programs or inside a private network is not gone."""
    try:
        fetch(address, accept="*/*", most=0)
    except NotThereError as error:
        return str(error).partition(";")[0]
    except UnreachableError:
        return ""
    return ""


def host_of(address: str) -> str:
    return urlsplit(address).hostname or address


def fetch(
    address: str, *, etag: str = "", modified: str = "",
    accept: str = "text/calendar, */*;q=0.5", most: int | None = None,
) -> Fetched | None:  # fmt: skip
    """What an address holds; None where it has not changed since etag or modified. most: bytes, MOST_BYTES if
    not said; 0 looks only whether something is there.

    Raises UnreachableError for private networks, silence, errors and more than `most`; NotThereError
    where nothing is.
    """
    # A tenth of a second that only calendars on the web need.
    import httpcore  # noqa: PLC0415

    from almanac.sources.base.deadline import DeadlineBackend  # noqa: PLC0415

    headers = {"User-Agent": "Almanac", "Accept": accept, "Accept-Encoding": "gzip"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": modified} if modified else {}
    until = monotonic() + WHOLE
    try:
        with httpcore.ConnectionPool(network_backend=DeadlineBackend(until)) as pool:
            for _ in range(MOST_HOPS):
                url, extra, extensions = _target(checked(address))
                with pool.stream(
                    "GET", url, headers=list((headers | extra).items()), extensions=extensions
                ) as answer:
                    said = _headers(answer)
                    if answer.status in REDIRECTS:
                        address = urljoin(address, said.get("location", ""))
                        continue
                    return _taken(answer, said, address, MOST_BYTES if most is None else most)
    except _transport_errors() as error:
        if monotonic() >= until:
            raise UnreachableError(
                f"{host_of(address)} takes more than a minute; nothing was read."
            ) from error
        raise UnreachableError(
            f"{host_of(address)} did not answer ({type(error).__name__}); what was known stays."
        ) from error
    raise UnreachableError(
        f"{host_of(address)} sends one from address to address; nothing was read."
    )


def _transport_errors() -> tuple[type[Exception], ...]:
    import httpcore  # noqa: PLC0415

    return (
        httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError,
        httpcore.UnsupportedProtocol, httpcore.ProxyError, httpcore.ConnectionNotAvailable,
        ValueError,
    )  # fmt: skip


def _target(address: str) -> tuple[str, dict[str, str], dict[str, Any]]:
    """The address that was checked, the header and extensions that ask it under the name it has."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        port = parts.port or PORTS[parts.scheme]
    except ValueError as error:
        raise UnreachableError(f"“{address[:60]}” is not a web address.") from error
    number = _public_address(host, port)
    netloc = f"[{number}]:{port}" if ":" in number else f"{number}:{port}"
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    url = parts._replace(netloc=netloc, path=path, query=query, fragment="").geturl()
    named = host if port == PORTS[parts.scheme] else f"{host}:{port}"
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), SECONDS)
    return url, {"Host": named}, {"sni_hostname": host, "timeout": timeout}


def _headers(answer: httpcore.Response) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers
    }


def _public_address(host: str, port: int) -> str:
    """The first address of a name, all of which must be public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        # Without a network no name has an address; only a firm no says that this one has none.
        firm = isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME
        if firm:
            raise NotThereError(
                f"{host} has no address on the internet; check how it is spelt."
            ) from error
        raise UnreachableError(f"{host} could not be looked up; are you online?") from error
    numbers = [str(each[4][0]) for each in found]
    for number in numbers:
        if not is_public(number):
            raise UnreachableError(f"{host} is inside a private network; nothing was read.")
    return numbers[0]


TRANSLATED = tuple(
    ipaddress.ip_network(network)
    for network in ("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16")
)
"""IPv6 that stands for an IPv4 address of whatever kind."""


def is_public(number: str) -> bool:
    """Whether an address is one of the open internet."""
    address = ipaddress.ip_address(number.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or getattr(address, "sixtofour", None)
    # A translated address (NAT64) may lead to a private one; site-local ones were never public.
    behind = any(address in network for network in TRANSLATED) or getattr(
        address, "is_site_local", False
    )
    open_ = address.is_global and not address.is_multicast and not address.is_reserved
    return open_ and not behind and (inner is None or inner.is_global)


def _taken(
    answer: httpcore.Response, said: dict[str, str], address: str, most: int
) -> Fetched | None:
    host = host_of(address)
    if answer.status == NOT_MODIFIED:
        return None
    if answer.status in GONE:
        raise NotThereError(f"{host} answered {answer.status}; what was known stays.")
    if answer.status != 200:
        raise UnreachableError(f"{host} answered {answer.status}; what was known stays.")
    if not most:
        return None
    data = bytearray()
    for piece in _unpacked(answer.iter_stream(), said.get("content-encoding", ""), host, most):
        data += piece
        if len(data) > most:
            raise UnreachableError(
                f"{host} sends more than {most // 1_000_000} MB; nothing was read."
            )
    return Fetched(bytes(data), said.get("etag", "")[:300], said.get("last-modified", "")[:100])


def _unpacked(pieces: Iterable[bytes], packing: str, host: str, most: int) -> Iterator[bytes]:
    """The pieces as they are, or out of one layer of gzip, never more than `most` bytes at once."""
    packing = packing.strip().lower()
    if packing in {"", "identity"}:
        yield from pieces
        return
    if packing not in {"gzip", "x-gzip"}:
        raise UnreachableError(
            f"{host} packs its answer in a way that is not read ({packing[:40]})."
        )
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for piece in pieces:
        try:
            yield unpacker.decompress(piece, most + 1)
        except zlib.error as error:
            raise UnreachableError(f"{host} sends what cannot be unpacked.") from error
