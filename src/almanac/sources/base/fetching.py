"""A file from an address somebody typed: bounded in size and time, never from a private network.

Every hop of a redirect is resolved anew and must be public; the connection goes to the very address
that was checked, so that a name cannot answer twice.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from almanac.core.errors import AlmanacError

if TYPE_CHECKING:
    import httpx

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
    # A quarter of a second that only calendars on the web need.
    import httpx  # noqa: PLC0415

    headers = {"User-Agent": "Almanac", "Accept": accept}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": modified} if modified else {}
    until = monotonic() + WHOLE
    try:
        with httpx.Client(timeout=SECONDS, trust_env=False) as client:
            for _ in range(MOST_HOPS):
                request = _request(client, checked(address), headers)
                answer = client.send(request, stream=True)
                try:
                    if answer.status_code in REDIRECTS:
                        address = urljoin(address, answer.headers.get("location", ""))
                        continue
                    return _taken(answer, address, until, MOST_BYTES if most is None else most)
                finally:
                    answer.close()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise UnreachableError(
            f"{host_of(address)} did not answer ({type(error).__name__}); what was known stays."
        ) from error
    raise UnreachableError(
        f"{host_of(address)} sends one from address to address; nothing was read."
    )


def _request(client: httpx.Client, address: str, headers: dict[str, str]) -> httpx.Request:
    """A request to the address that was checked, under the name that was asked for."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        port = parts.port or PORTS[parts.scheme]
    except ValueError as error:
        raise UnreachableError(f"“{address[:60]}” is not a web address.") from error
    number = _public_address(host, port)
    netloc = f"[{number}]:{port}" if ":" in number else f"{number}:{port}"
    url = parts._replace(netloc=netloc, fragment="").geturl()
    named = host if port == PORTS[parts.scheme] else f"{host}:{port}"
    return client.build_request(
        "GET", url, headers=headers | {"Host": named}, extensions={"sni_hostname": host}
    )


def _public_address(host: str, port: int) -> str:
    """The first address of a name, all of which must be public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        # Without a network no name has an address; only a firm no says that this one has none.
        firm = isinstance(error, socket.gaierror) and error.errno == socket.EAI_NONAME
        kind = NotThereError if firm else UnreachableError
        raise kind(f"{host} has no address on the internet.") from error
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


def _taken(answer: httpx.Response, address: str, until: float, most: int) -> Fetched | None:
    host = host_of(address)
    if answer.status_code == NOT_MODIFIED:
        return None
    if answer.status_code in GONE:
        raise NotThereError(f"{host} answered {answer.status_code}; what was known stays.")
    if answer.status_code != 200:
        raise UnreachableError(f"{host} answered {answer.status_code}; what was known stays.")
    if not most:
        return None
    data = bytearray()
    for piece in answer.iter_bytes(65_536):
        data += piece
        if len(data) > most:
            raise UnreachableError(
                f"{host} sends more than {most // 1_000_000} MB; nothing was read."
            )
        if monotonic() > until:
            raise UnreachableError(f"{host} takes more than a minute; nothing was read.")
    headers = answer.headers
    return Fetched(
        bytes(data), headers.get("etag", "")[:300], headers.get("last-modified", "")[:100]
    )
