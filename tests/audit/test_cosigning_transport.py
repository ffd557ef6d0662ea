"""One POST to an address that was set, and what may happen to it on its way."""

import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.audit.cosigning import transport
from app.audit.cosigning.errors import BadAddress
from app.audit.cosigning.transport import Place, Reply, Unreachable

Answer = Callable[[socket.socket], None]


class Host:
    """A witness of few words. ``asked``: how often somebody came."""

    def __init__(self, answer: Answer) -> None:
        self.asked = 0
        self.heard = b""
        self._answer = answer
        self._door = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def place(self) -> Place:
        return Place("127.0.0.1", self._door.getsockname()[1], secure=False, path="/w")

    def _serve(self) -> None:
        while True:
            try:
                guest, _ = self._door.accept()
            except OSError:
                return
            with guest:
                self.asked += 1
                while not self.heard.endswith(b"body\n"):
                    self.heard += guest.recv(4096)
                try:
                    self._answer(guest)
                except OSError:
                    continue  # the guest has gone

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join(5)


@pytest.fixture
def host() -> Iterator[Callable[[Answer], Host]]:
    made: list[Host] = []

    def make(answer: Answer) -> Host:
        made.append(Host(answer))
        return made[-1]

    yield make
    for each in made:
        each.close()


def said(status: str, body: bytes, *more: str) -> Answer:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *more]
    return lambda guest: guest.sendall("\r\n".join([*lines, "", ""]).encode() + body)


def test_status_and_text_come_back(host: Callable[[Answer], Host]) -> None:
    witness = host(said("409 Conflict", b"7\n"))
    assert transport.post(witness.place, "body\n") == Reply(409, "7\n")
    assert witness.heard.startswith(b"POST /w/add-checkpoint HTTP/1.1\r\n")


def test_no_redirect_is_followed(host: Callable[[Answer], Host]) -> None:
    elsewhere = host(said("200 OK", b"no"))
    there = f"Location: http://127.0.0.1:{elsewhere.place.port}/w"
    witness = host(said("307 Temporary Redirect", b"", there))
    assert transport.post(witness.place, "body\n").status == 307
    assert elsewhere.asked == 0


def test_an_endless_answer_is_none(host: Callable[[Answer], Host]) -> None:
    witness = host(said("200 OK", b"x" * (transport.MOST_BYTES + 1)))
    with pytest.raises(Unreachable, match="too long"):
        transport.post(witness.place, "body\n")


HEADS = [
    b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\nConnection: close\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n",
    b"HTTP/1.0 200 OK\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nX-Slow: ",
    b"",
]


@pytest.mark.parametrize("head", HEADS)
def test_a_dripping_answer_is_cut_off(
    host: Callable[[Answer], Host], monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    """Each byte comes in time; all of them never would."""
    monkeypatch.setattr(transport, "SECONDS", 0.3)
    ended = threading.Event()

    def drip(guest: socket.socket) -> None:
        guest.sendall(head)
        for _ in range(100):
            if ended.wait(0.05):
                return
            guest.sendall(b"x")

    witness = host(drip)
    begun = time.monotonic()
    with pytest.raises(Unreachable):
        transport.post(witness.place, "body\n")
    assert time.monotonic() - begun < 3  # all of the drips take five seconds
    ended.set()


@pytest.mark.parametrize("trusted", [True, False])
def test_an_answer_over_tls(trusted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From whom an authority vouches for; from nobody else."""
    file = _certificate(tmp_path / "host.pem")
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as door:

        def answer() -> None:
            with (
                suppress(OSError),
                context.wrap_socket(door.accept()[0], server_side=True) as guest,
            ):
                while not heard or not heard[-1].endswith(b"body\n"):
                    heard.append(guest.recv(4096))
                said("200 OK", b"yes\n")(guest)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        to = Place("127.0.0.1", door.getsockname()[1], True, "/w")
        if trusted:
            assert transport.post(to, "body\n") == Reply(200, "yes\n")
        else:
            with pytest.raises(Unreachable, match="certificate"):
                transport.post(to, "body\n")
        thread.join(5)
    assert bool(heard) is trusted


def _certificate(file: Path) -> Path:
    """Of 127.0.0.1, with its key; it is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "witness")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, *form)
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + secret)
    return file


def test_a_handshake_that_never_ends_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of TLS: a record is announced, and its bytes come one by one."""
    monkeypatch.setattr(transport, "SECONDS", 0.3)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as door:

        def drip() -> None:
            guest, _ = door.accept()
            with guest, suppress(OSError):
                guest.sendall(b"\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb")
                while not ended.wait(0.05):
                    guest.sendall(b"\x00")

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        begun = time.monotonic()
        with pytest.raises(Unreachable):
            transport.post(Place("127.0.0.1", door.getsockname()[1], True, "/w"), "body\n")
        assert time.monotonic() - begun < 3
        ended.set()
        thread.join(5)


def test_nobody_there_and_nonsense_are_no_answer(host: Callable[[Answer], Host]) -> None:
    witness = host(lambda guest: guest.sendall(b"hello\r\n\r\n"))
    with pytest.raises(Unreachable):
        transport.post(witness.place, "body\n")
    gone = host(said("200 OK", b""))
    place = gone.place
    gone.close()
    gone.close = lambda: None  # type: ignore[method-assign]
    with pytest.raises(Unreachable):
        transport.post(place, "body\n")


ADDRESSES = [
    ("https://oa.city.gov.cn/api/v1/witness/", False, ("oa.city.gov.cn", None, True)),
    ("https://10.0.0.7:8443/w", False, ("10.0.0.7", 8443, True)),
    ("http://127.0.0.1:8001/w", True, ("127.0.0.1", 8001, False)),
    ("http://[::1]:8001/w", True, ("::1", 8001, False)),
    ("http://127.0.0.1:8001/w", False, None),
    ("http://oa.city.gov.cn/w", True, None),
    ("https://user:secret@oa.city.gov.cn/w", True, None),
    ("https://oa.city.gov.cn/w?x=1", True, None),
    ("https://oa.city.gov.cn/w#x", True, None),
    ("https://oa.city.gov.cn:99999/w", True, None),
    ("https://oa.city.gov.cn/w\r\nHost: x", True, None),
    ("https://oa.city.gov.cn/w x", True, None),
    ("https://见证.example/w", True, None),
    ("https:///w", True, None),
    ("file:///etc/passwd", True, None),
    ("gopher://oa.city.gov.cn/", True, None),
    ("", True, None),
]


@pytest.mark.parametrize(("address", "demo", "expected"), ADDRESSES)
def test_where_something_may_be_sent(
    address: str, demo: bool, expected: tuple[str, int | None, bool] | None
) -> None:
    if expected is None:
        with pytest.raises(BadAddress):
            transport.place(address, demo=demo)
        return
    found = transport.place(address, demo=demo)
    assert (found.host, found.port, found.secure) == expected
    assert not found.path.endswith("/")
