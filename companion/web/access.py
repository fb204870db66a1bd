"""Who may see the dashboard: this computer alone, but for a token and TLS, or a proxy."""

import hmac
import os
import secrets
import ssl
from collections import deque
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from companion.errors import CompanionError

SHORTEST_TOKEN: Final = 16
"""Characters: what a person makes up in a hurry is shorter."""

_LONGEST_TOKEN: Final = 256
_MOST_VISITS: Final = 64
_FOR_OTHERS: Final = 0o077

Ip = IPv4Address | IPv6Address


class ServeRefused(CompanionError):
    """The dashboard is not served like this."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What was asked for; empty where nothing was said.

    Attributes:
        host: the address to listen at.
        port: of TCP; 0 for any free one.
        token_file: a file with the word that lets people in, one line.
        cert_file: the certificate, with those between it and its authority.
        key_file: its key.
        proxy: the address of the one computer that may connect: a reverse proxy that is trusted.
        public_url: where that proxy offers the dashboard.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    token_file: str = ""
    cert_file: str = ""
    key_file: str = ""
    proxy: str = ""
    public_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How the dashboard is served.

    Attributes:
        host: where it listens.
        port: of TCP.
        is_local: whether that is this computer alone.
        token: lets people in; None where nobody is asked for one.
        tls: how it is encrypted; None for not at all.
        proxy: the one computer that may connect; None for any that reaches us.
        public: scheme and place that a browser sees; empty where it sees ours.
    """

    host: str
    port: int
    is_local: bool
    token: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None
    proxy: Ip | None = None
    public: str = ""

    def origin(self, place: str) -> str:
        """Return the origin of our pages, as a browser that asked for ``place`` names it."""
        scheme = "http" if self.tls is None else "https"
        return self.public or f"{scheme}://{place}"

    def refusal(self, peer: str, place: str, origin: str | None) -> str:
        """Return why a request is not answered, as a word of the catalogue; empty if it is.

        A page of any other site can have a browser ask us, or have its own name lead to this
        computer: then ``Origin`` or ``Host`` is not ours.

        Args:
            peer: the address it comes from.
            place: its ``Host``.
            origin: its ``Origin``; None without one.
        """
        if self.proxy is not None and _ip(peer) != self.proxy:
            return "peer"
        if self.is_local and self.proxy is None and not _is_loopback(_name(place)):
            return "place"
        if origin is not None and origin != self.origin(place):
            return "origin"
        return ""


def access_of(wish: Wish) -> Access:
    """Return how the dashboard is served.

    Raises:
        ServeRefused: others could come in unguarded, or a file or address cannot be used.
    """
    is_local = _is_loopback(wish.host)
    if not is_local and _ip(wish.host) is None:
        raise ServeRefused("web.refused.host", host=wish.host)
    proxy, public = _proxy(wish)
    tls = _tls(wish.cert_file, wish.key_file)
    token = _token(wish.token_file) if wish.token_file else None
    if not is_local and proxy is None:
        if token is None:
            raise ServeRefused("web.refused.no_token", host=wish.host)
        if tls is None:
            raise ServeRefused("web.refused.no_tls", host=wish.host)
    return Access(
        host=wish.host,
        port=wish.port,
        is_local=is_local,
        token=token,
        tls=tls,
        proxy=proxy,
        public=public,
    )


class Visits:
    """Who has shown the token: a cookie each, the oldest forgotten when there are many.

    Args:
        token: what to show; None lets everybody in.
    """

    def __init__(self, token: str | None) -> None:
        self._token = token
        self._known: deque[str] = deque(maxlen=_MOST_VISITS)

    def enter(self, shown: str) -> str | None:
        """Return a new cookie for who shows the token, None for who shows anything else."""
        if self._token is None or not _same(shown, self._token):
            return None
        self._known.append(secrets.token_urlsafe(32))
        return self._known[-1]

    def knows(self, cookie: str) -> bool:
        """Return whether somebody was let in before; compares with each, and in constant time."""
        found = [_same(cookie, known) for known in self._known]
        return self._token is None or any(found)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _proxy(wish: Wish) -> tuple[Ip | None, str]:
    if not wish.proxy and not wish.public_url:
        return None, ""
    proxy = _ip(wish.proxy)
    if not wish.public_url or proxy is None:
        raise ServeRefused("web.refused.proxy")
    try:
        parts = urlsplit(wish.public_url)
        is_plain = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_plain = False
    if not is_plain or parts.path.strip("/") or parts.query or "@" in parts.netloc:
        raise ServeRefused("web.refused.public_url", url=wish.public_url)
    return proxy, f"https://{parts.netloc.lower()}"


def _tls(cert_file: str, key_file: str) -> ssl.SSLContext | None:
    if not cert_file and not key_file:
        return None
    if not (cert_file and key_file):
        raise ServeRefused("web.refused.half_tls")
    for name in (cert_file, key_file):
        if not Path(name).expanduser().is_file():
            raise ServeRefused("web.refused.no_file", file=name)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # No password: one that is asked for at a terminal would hang a service.
        tls.load_cert_chain(Path(cert_file).expanduser(), Path(key_file).expanduser(), "")
    except (OSError, ValueError):
        raise ServeRefused("web.refused.tls", cert=cert_file, key=key_file) from None
    return tls


def _token(name: str) -> str:
    file = Path(name).expanduser()
    try:
        with file.open(encoding="ascii") as stream:
            token = stream.read(_LONGEST_TOKEN + 2).rstrip("\r\n")
            mode = os.fstat(stream.fileno()).st_mode
    except (OSError, UnicodeDecodeError):
        raise ServeRefused("web.refused.token_file", file=name) from None
    if not (SHORTEST_TOKEN <= len(token) <= _LONGEST_TOKEN) or not token.isprintable():
        raise ServeRefused("web.refused.token", file=name, shortest=SHORTEST_TOKEN)
    if os.name == "posix" and mode & _FOR_OTHERS:
        raise ServeRefused("web.refused.token_open", file=name)
    return token


def _name(place: str) -> str:
    """Return the name or address in ``HOST:PORT``, without its port and brackets."""
    try:
        return urlsplit(f"//{place}").hostname or ""
    except ValueError:
        return ""


def _ip(address: str) -> Ip | None:
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return getattr(ip, "ipv4_mapped", None) or ip


def _is_loopback(name: str) -> bool:
    ip = _ip(name)
    return name == "localhost" if ip is None else ip.is_loopback
