"""Where the broker is, and how we show who we are; no secret ever stands in an address."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from companion.mqtt.errors import BrokerRefused

PASSWORD_VARIABLE: Final = "MASSAGE_COMPANION_MQTT_PASSWORD"  # noqa: S105 -- a name
"""The environment variable that holds the password."""

_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}
_LONGEST_PASSWORD: Final = 65535
"""Bytes (MQTT 5, section 3.1.3.6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Broker:
    """A broker and how to be let in.

    Attributes:
        host: name or IP address.
        port: of TCP.
        tls: whether the connection is encrypted.
        user: who we are; None for nobody.
        password: None where there is none; never shown.
        ca_file: whom to trust; None for the system's authorities.
        cert_file: our own certificate.
        key_file: its key; None where the certificate's file holds it.
    """

    host: str
    port: int
    tls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def is_in_the_clear(self) -> bool:
        """Whether what we say can be read on the way: no TLS, to another computer."""
        return not (self.tls or _is_loopback(self.host))


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What a person's settings say of how to be let in; empty where nothing is said."""

    user: str = ""
    password_file: str = ""
    ca_file: str = ""
    cert_file: str = ""
    key_file: str = ""


def broker_of(url: str, papers: Papers, environment: Mapping[str, str]) -> Broker:
    """Return the broker of an address like ``mqtt://host`` or ``mqtts://host:8883``.

    Args:
        url: the address, without user and password.
        papers: the rest of the settings.
        environment: where the password may stand; a file of it wins.

    Raises:
        BrokerRefused: it cannot be used, holds a password, or a file is missing.
    """
    scheme, host, port = _parts(url)
    tls = scheme == "mqtts"
    if not tls and (papers.ca_file or papers.cert_file or papers.key_file):
        raise BrokerRefused("mqtt.refused.needless_files")
    if papers.key_file and not papers.cert_file:
        raise BrokerRefused("mqtt.refused.key_alone")
    password = _password(papers.password_file, environment)
    if password is not None and not papers.user:
        raise BrokerRefused("mqtt.refused.no_user")
    return Broker(
        host=host,
        port=port,
        tls=tls,
        user=papers.user or None,
        password=password,
        ca_file=_file(papers.ca_file),
        cert_file=_file(papers.cert_file),
        key_file=_file(papers.key_file),
    )


def _parts(url: str) -> tuple[str, str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise BrokerRefused("mqtt.refused.address") from None
    if "@" in parts.netloc:
        raise BrokerRefused("mqtt.refused.secret", variable=PASSWORD_VARIABLE)
    is_more = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in _PORTS or not host or port == 0 or is_more or not host.isprintable():
        raise BrokerRefused("mqtt.refused.address")
    return parts.scheme, host, port or _PORTS[parts.scheme]


def _password(name: str, environment: Mapping[str, str]) -> str | None:
    if not name:
        return environment.get(PASSWORD_VARIABLE) or None
    try:
        with Path(name).expanduser().open(encoding="utf-8") as stream:
            content = stream.read(_LONGEST_PASSWORD + 1)
    except (OSError, UnicodeDecodeError):
        raise BrokerRefused("mqtt.refused.password_file", file=name) from None
    password = content.rstrip("\r\n")
    if not password or "\n" in password or len(password) > _LONGEST_PASSWORD:
        raise BrokerRefused("mqtt.refused.password_file", file=name)
    return password


def _file(name: str) -> str | None:
    if not name:
        return None
    file = Path(name).expanduser()
    if not file.is_file():
        raise BrokerRefused("mqtt.refused.no_file", file=name)
    return str(file)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
