"""Messages between the processes: four bytes of length, then a JSON object in UTF-8.

One connection carries one request and one answer. Every read has a bound in bytes and in time.
"""

import json
import socket
import struct
import time
from typing import Any

_LENGTH = struct.Struct(">I")
MOST_ASKED = 1 << 20
"""Bytes of a request: an opinion may be long, an attachment is never sent."""
MOST_ANSWERED = 8 << 20


class Garbled(Exception):
    """The other side does not speak as agreed; the connection is of no further use."""


class TooSlow(Exception):
    """The other side did not finish in time."""


def send(connection: socket.socket, message: dict[str, Any], *, until: float) -> None:
    """Send all of it before ``until`` (of time.monotonic). Raises TooSlow, OSError."""
    body = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    left = memoryview(_LENGTH.pack(len(body)) + body)
    while left:
        _give_time(connection, until)
        try:
            sent = connection.send(left)
        except TimeoutError:
            raise TooSlow from None
        left = left[sent:]


def receive(connection: socket.socket, *, most: int, until: float) -> dict[str, Any]:
    """One message before ``until``. Raises Garbled, TooSlow, OSError."""
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size, until))
    if not 0 < length <= most:
        raise Garbled(f"a message of {length} bytes")
    try:
        message = json.loads(_exactly(connection, length, until))
    except (ValueError, RecursionError):
        raise Garbled("no JSON") from None
    if not isinstance(message, dict):
        raise Garbled("no JSON object")
    return message


def _exactly(connection: socket.socket, count: int, until: float) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        _give_time(connection, until)
        try:
            part = connection.recv(min(count - len(parts), 1 << 16))
        except TimeoutError:
            raise TooSlow from None
        if not part:
            raise Garbled("the connection ended early")
        parts += part
    return bytes(parts)


def _give_time(connection: socket.socket, until: float) -> None:
    left = until - time.monotonic()
    if left <= 0:
        raise TooSlow
    connection.settimeout(left)
