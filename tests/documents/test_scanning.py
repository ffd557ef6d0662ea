"""What the scanner says, and what it does not say."""

import io
import socket
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from app.config import UnsafeSettings
from app.documents import scanning
from app.documents.errors import ScannerSilent
from app.documents.scanning import Clamd


@pytest.mark.parametrize("setting", ["clamd", "unix:clamd", "tcp:3310", "tcp:host:x", "tcp:a:0"])
def test_what_is_no_address_is_refused(setting: str) -> None:
    with pytest.raises(UnsafeSettings, match="GONGWEN_SCANNER"):
        scanning.of(setting)


def test_addresses() -> None:
    assert scanning.of("") is None
    assert scanning.of("unix:/run/clamd") == Clamd("/run/clamd")
    assert scanning.of("tcp:127.0.0.1:3310") == Clamd(("127.0.0.1", 3310))


@pytest.mark.parametrize("said", [b"", b"INSTREAM size limit exceeded. ERROR\0", b"stream: \0"])
def test_anything_but_a_verdict_lets_nothing_pass(said: bytes) -> None:
    """Closed without a word, too large for the scanner, or nonsense."""
    with TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        path = str(Path(folder) / "clamd")
        listening.bind(path)
        listening.listen()
        thread = threading.Thread(target=answer, args=(listening, said))
        thread.start()
        with pytest.raises(ScannerSilent):
            Clamd(path).scan(io.BytesIO(b"text"))
        thread.join()


def answer(listening: socket.socket, said: bytes) -> None:
    connection, _ = listening.accept()
    with connection:
        received = b""
        while not received.endswith(bytes(4)):
            received += connection.recv(1024)
        assert received == b"zINSTREAM\0" + (4).to_bytes(4) + b"text" + bytes(4)
        connection.sendall(said)


def test_a_scanner_that_is_not_there_answers_nothing(tmp_path: Path) -> None:
    missing = Clamd(str(tmp_path / "none"))
    assert not missing.answers()
    with pytest.raises(ScannerSilent):
        missing.scan(io.BytesIO(b"text"))
