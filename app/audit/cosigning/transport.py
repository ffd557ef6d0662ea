"""One POST to a witness: to an address that an administrator has set, and nowhere else.

https, or http on this host in a demonstration; no redirect is followed, no proxy of the
environment is asked, and the whole exchange ends after ``SECONDS``.
"""

import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from app.audit.cosigning.errors import BadAddress
from app.config import LOOPBACK

SECONDS = 15
CONNECT_SECONDS = 5
MOST_BYTES = 64 << 10
"""Of an answer; sixteen signature lines of any kind."""
PATH = "/add-checkpoint"


class Unreachable(Exception):
    """No answer, or none in time."""


@dataclass(frozen=True)
class Reply:
    """What a witness answered: HTTP status and text."""

    status: int
    text: str


@dataclass(frozen=True)
class Place:
    """An address in parts. ``path``: of the submission prefix, without a slash at its end."""

    host: str
    port: int | None
    secure: bool
    path: str


def place(address: str, *, demo: bool) -> Place:
    """Raises BadAddress for what nothing is sent to."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise BadAddress from None
    if parts.username or parts.query or parts.fragment or not parts.hostname:
        raise BadAddress
    if not address.isascii() or not address.isprintable() or " " in address:
        raise BadAddress
    here = parts.scheme == "http" and demo and parts.hostname in LOOPBACK
    if parts.scheme != "https" and not here:
        raise BadAddress
    return Place(parts.hostname, port, parts.scheme == "https", parts.path.rstrip("/"))


def post(to: Place, body: str) -> Reply:
    """Raises Unreachable."""
    begun = time.monotonic()
    try:
        sock = _socket(to)
    except OSError as failure:
        raise Unreachable(_words(failure)) from None
    too_late = threading.Event()
    left = max(0, SECONDS - (time.monotonic() - begun))
    late = threading.Timer(left, _cut, (sock, too_late))
    late.daemon = True
    late.start()
    try:
        status, data = _exchange(sock, to, body)
    except (OSError, ValueError, HTTPException) as failure:
        raise Unreachable(_words(failure)) from None
    finally:
        late.cancel()
        sock.close()
    if too_late.is_set():
        raise Unreachable("the answer took too long")
    if len(data) > MOST_BYTES:
        raise Unreachable("the answer is too long")
    return Reply(status, data.decode("utf-8", "replace"))


def _words(failure: Exception) -> str:
    return str(failure) or type(failure).__name__


def _socket(to: Place) -> socket.socket:
    """Connected; the handshake of TLS is still to come, so that it ends in time too."""
    sock = socket.create_connection((to.host, _port(to)), CONNECT_SECONDS)
    if not to.secure:
        return sock
    context = ssl.create_default_context()
    return context.wrap_socket(sock, server_hostname=to.host, do_handshake_on_connect=False)


def _port(to: Place) -> int:
    return to.port or (443 if to.secure else 80)


def _exchange(sock: socket.socket, to: Place, body: str) -> tuple[int, bytes]:
    if isinstance(sock, ssl.SSLSocket):
        sock.do_handshake()
    kind = HTTPSConnection if to.secure else HTTPConnection
    connection = kind(to.host, _port(to))
    connection.sock = sock
    headers = {"Content-Type": "text/plain; charset=utf-8"}
    connection.request("POST", to.path + PATH, body.encode(), headers)
    with connection.getresponse() as response:
        return response.status, response.read(MOST_BYTES + 1)


def _cut(sock: socket.socket, too_late: threading.Event) -> None:
    """A witness that sends a byte now and then keeps nobody: its answer ends here.

    The connection forgets its socket where the answer ends with it (Connection: close, HTTP/1.0),
    so it is not asked. Below TLS, since what reads there must not lose it meanwhile.
    """
    too_late.set()
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
