"""Who may come in: one clear sentence for every way that leaves the door open."""

import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest

from companion.web.access import Access, ServeRefused, Visits, Wish, access_of

TOKEN = "a-word-of-nineteen!"  # noqa: S105 -- a test's


pytestmark = pytest.mark.service("openssl")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A certificate of our own, its key, and a file with a token."""
    folder = tmp_path_factory.mktemp("papers")
    cert, key, token = folder / "cert.pem", folder / "key.pem", folder / "token"
    subprocess.run(  # noqa: S603 -- our own words
        [
            str(shutil.which("openssl")),
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
            *("-nodes", "-days", "2", "-subj", "/CN=mirror.example"),
            *("-keyout", str(key), "-out", str(cert)),
        ],
        check=True,
        capture_output=True,
    )
    token.touch(mode=0o600)
    token.write_text(TOKEN + "\n", encoding="utf-8")
    return {"cert_file": str(cert), "key_file": str(key), "token_file": str(token)}


def wish(papers: dict[str, str], host: str, *names: str, **more: str) -> Wish:
    given: dict[str, Any] = {name: papers[name] for name in names} | more
    return Wish(host=host, **given)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.9", "::1", "localhost"])
def test_this_computer_alone_needs_nothing(host: str) -> None:
    access = access_of(Wish(host=host))
    assert access.is_local
    assert (access.token, access.tls, access.proxy) == (None, None, None)


def test_any_other_address_is_served_with_token_and_tls(papers: dict[str, str]) -> None:
    access = access_of(wish(papers, "0.0.0.0", "cert_file", "key_file", "token_file"))  # noqa: S104
    assert access.token == TOKEN
    assert access.tls is not None
    assert access.tls.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert TOKEN not in repr(access)


@pytest.mark.parametrize(
    ("host", "names", "more", "words"),
    [
        ("0.0.0.0", (), {}, "that needs a token"),  # noqa: S104
        ("192.168.1.5", ("cert_file", "key_file"), {}, "that needs a token"),
        ("::", ("token_file",), {}, "that needs TLS"),
        ("mirror.example", (), {}, "is no address of this computer"),
        ("127.0.0.1", ("cert_file",), {}, "go together"),
        ("127.0.0.1", ("key_file",), {}, "go together"),
        ("127.0.0.1", (), {"cert_file": "/no/cert", "key_file": "/no/key"}, "no such file"),
        ("127.0.0.1", (), {"token_file": "/no/token"}, "no token can be read"),
        ("10.0.0.1", (), {"proxy": "10.0.0.2"}, "go together"),
        ("10.0.0.1", (), {"public_url": "https://mirror.example"}, "go together"),
        (
            "10.0.0.1",
            (),
            {"proxy": "nginx", "public_url": "https://mirror.example"},
            "an IP address",
        ),
        (
            "10.0.0.1",
            (),
            {"proxy": "10.0.0.2", "public_url": "http://mirror.example"},
            "it is https://NAME",
        ),
        (
            "10.0.0.1",
            (),
            {"proxy": "10.0.0.2", "public_url": "https://a.example/mirror"},
            "without a path",
        ),
    ],
)
def test_an_open_door_is_refused_in_one_sentence(
    papers: dict[str, str], host: str, names: tuple[str, ...], more: dict[str, str], words: str
) -> None:
    with pytest.raises(ServeRefused, match=words) as refused:
        access_of(wish(papers, host, *names, **more))
    assert "\n" not in str(refused.value)
    assert refused.value.exit_code == 2


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        (b"too-short\n", 0o600, "16 to 256 characters"),
        (b"x" * 257, 0o600, "16 to 256 characters"),
        (b"one line that is long\nand another", 0o600, "16 to 256 characters"),
        ("ein-Wort-mit-Ümlaut".encode(), 0o600, "no token can be read"),
        (TOKEN.encode(), 0o644, "others on this computer can read"),
    ],
)
def test_a_weak_or_open_token_is_refused(
    tmp_path: Path, content: bytes, mode: int, words: str
) -> None:
    file = tmp_path / "token"
    file.write_bytes(content)
    file.chmod(mode)
    with pytest.raises(ServeRefused, match=words):
        access_of(Wish(token_file=str(file)))


def test_a_key_that_is_not_the_certificates_is_refused(papers: dict[str, str]) -> None:
    papers = papers | {"key_file": papers["cert_file"]}
    with pytest.raises(ServeRefused, match="no certificate and its key"):
        access_of(wish(papers, "127.0.0.1", "cert_file", "key_file"))


LOCAL = Access(host="127.0.0.1", port=8000, is_local=True)
OPEN = Access(
    host="192.168.1.5",
    port=8000,
    is_local=False,
    token=TOKEN,
    tls=ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER),
)
PROXIED = access_of(Wish(host="10.0.0.1", proxy="10.0.0.2", public_url="https://Mirror.example/"))


@pytest.mark.parametrize(
    ("access", "peer", "place", "origin", "refusal"),
    [
        (LOCAL, "127.0.0.1", "127.0.0.1:8000", None, ""),
        (LOCAL, "127.0.0.1", "localhost:8000", "http://localhost:8000", ""),
        (LOCAL, "::1", "[::1]:8000", "http://[::1]:8000", ""),
        (LOCAL, "127.0.0.1", "evil.example:8000", None, "place"),
        (LOCAL, "127.0.0.1", "evil.example:8000", "http://evil.example:8000", "place"),
        (LOCAL, "127.0.0.1", "127.0.0.1:8000", "https://evil.example", "origin"),
        (LOCAL, "127.0.0.1", "127.0.0.1:8000", "null", "origin"),
        (LOCAL, "127.0.0.1", "[::1", None, "place"),
        (OPEN, "192.168.1.9", "192.168.1.5:8000", "https://192.168.1.5:8000", ""),
        (OPEN, "192.168.1.9", "192.168.1.5:8000", "http://192.168.1.5:8000", "origin"),
        (PROXIED, "10.0.0.2", "10.0.0.1:8000", "https://mirror.example", ""),
        (PROXIED, "::ffff:10.0.0.2", "mirror.example", "https://mirror.example", ""),
        (PROXIED, "10.0.0.3", "mirror.example", "https://mirror.example", "peer"),
        (PROXIED, "10.0.0.2", "mirror.example", "https://10.0.0.1:8000", "origin"),
    ],
)
def test_who_asks_and_from_which_page(
    access: Access, peer: str, place: str, origin: str | None, refusal: str
) -> None:
    assert access.refusal(peer, place, origin) == refusal


def test_only_the_token_opens_and_the_cookie_is_another_word() -> None:
    visits = Visits(TOKEN)
    assert visits.enter(TOKEN[:-1]) is None
    assert visits.enter("Ümlaut") is None
    cookie = visits.enter(TOKEN)
    assert cookie is not None
    assert TOKEN not in cookie
    assert visits.knows(cookie)
    assert not visits.knows("")
    assert not visits.knows(TOKEN)
    for _ in range(100):
        visits.enter(TOKEN)
    assert not visits.knows(cookie)


def test_without_a_token_everybody_is_known() -> None:
    assert Visits(None).knows("")
    assert Visits(None).enter("") is None
