"""病毒扫描: what is uploaded passes a scanner before anything opens it (SEC-18).

The scanner is clamd, asked over its socket (INSTREAM); an office that has none set lets files pass
the other checks only. Where one is set and does not answer, nothing is taken in. What is found
infected goes to a folder from which nothing is ever served.
"""

import hashlib
import os
import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from app.config import UnsafeSettings
from app.documents.errors import Infected, ScannerSilent

SECONDS = 30
"""How long the scanner may take to answer."""
PING_SECONDS = 2
"""The same where only its health is asked for: whoever asks has other things to tell."""
_CHUNK = 1 << 16
_LONGEST = 4096


class Scanner(Protocol):
    def scan(self, file: BinaryIO) -> str | None:
        """Name of what was found, None for a clean file. Raises ScannerSilent."""

    def answers(self) -> bool:
        """Whether it could scan now."""


@dataclass(frozen=True)
class Clamd:
    """``address``: path of a Unix socket, or host and port."""

    address: str | tuple[str, int]

    def scan(self, file: BinaryIO) -> str | None:
        file.seek(0)
        try:
            with self._connected() as connection:
                connection.sendall(b"zINSTREAM\0")
                while chunk := file.read(_CHUNK):
                    connection.sendall(len(chunk).to_bytes(4) + chunk)
                connection.sendall(bytes(4))
                told = _line(connection)
        except OSError:
            raise ScannerSilent from None
        finally:
            file.seek(0)
        if told == "stream: OK":
            return None
        if told.startswith("stream: ") and told.endswith(" FOUND"):
            return told.removeprefix("stream: ").removesuffix(" FOUND")
        raise ScannerSilent  # too large for it, or anything else than a verdict

    def answers(self) -> bool:
        with suppress(OSError), self._connected(PING_SECONDS) as connection:
            connection.sendall(b"zPING\0")
            return _line(connection) == "PONG"
        return False

    def _connected(self, seconds: float = SECONDS) -> socket.socket:
        if isinstance(self.address, tuple):
            return socket.create_connection(self.address, seconds)
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            made.settimeout(seconds)
            made.connect(self.address)
        except OSError:
            made.close()
            raise
        return made


def _line(connection: socket.socket) -> str:
    said = b""
    while len(said) < _LONGEST and not said.endswith(b"\0") and (more := connection.recv(_LONGEST)):
        said += more
    return said.rstrip(b"\0\n").decode("utf-8", "replace").strip()


def of(setting: str) -> Clamd | None:
    """``unix:/run/clamav/clamd.ctl``, ``tcp:127.0.0.1:3310``, "" for none; or UnsafeSettings."""
    kind, _, place = setting.partition(":")
    if not setting:
        return None
    if kind == "unix" and place.startswith("/"):
        return Clamd(place)
    host, _, port = place.rpartition(":")
    if kind == "tcp" and host and port.isdigit() and 0 < int(port) < 65536:
        return Clamd((host, int(port)))
    raise UnsafeSettings(
        "GONGWEN_SCANNER 应写成 unix:/run/clamav/clamd.ctl 或者 tcp:127.0.0.1:3310，"
        f"现为“{setting}”。"
    )


@dataclass(frozen=True)
class _Guard:
    scanner: Scanner | None
    quarantine: Path


_in_use: list[_Guard] = []


def use(scanner: Scanner | None, quarantine: Path) -> None:
    """Called by create_app: the scanner of this office, and where infected files go."""
    _in_use[:] = [_Guard(scanner, quarantine)]


def ensure_clean(file: BinaryIO) -> None:
    """Raises Infected, after the file was put into quarantine, and ScannerSilent."""
    guard = _in_use[0] if _in_use else None
    if guard is None or guard.scanner is None:
        return
    found = guard.scanner.scan(file)
    if found is None:
        return
    digest = _shut_away(file, guard.quarantine)
    name = "".join(each for each in found if each.isprintable())[:100]
    raise Infected(
        f"文件带有病毒（{name}），没有保存，已隔离，请联系系统管理员。校验值 {digest[:16]}。"
    )


def warnings() -> list[str]:
    """For ``/healthz``."""
    scanner = _in_use[0].scanner if _in_use else None
    if scanner is None or scanner.answers():
        return []
    return ["病毒扫描没有应答，附件暂不能上传，请检查 GONGWEN_SCANNER 所指的 clamd。"]


def _shut_away(file: BinaryIO, folder: Path) -> str:
    """The bytes under their SHA-256, readable by the account of the program alone."""
    file.seek(0)
    content = file.read()
    digest = hashlib.sha256(content).hexdigest()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):
        made = os.open(folder / digest, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(made, "wb") as kept:
            kept.write(content)
    return digest
