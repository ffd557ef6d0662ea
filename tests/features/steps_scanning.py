"""A scanner that speaks as clamd does, and knows one virus: the test file of EICAR."""

import io
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from pytest_bdd import parsers, step, then

from app.documents import scanning
from tests.features.story import API, Story

VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""In two parts, so that no scanner takes this file for it."""


class Clamd(threading.Thread):
    """INSTREAM and PING on a Unix socket."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.path = Path(mkdtemp()) / "clamd"
        self._listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listening.bind(str(self.path))
        self._listening.listen()

    def run(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as asked:
                connection.sendall(self._answer(asked))

    def stop(self) -> None:
        if self.path.exists():
            self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self.path.unlink()
            self.join()

    def _answer(self, asked: io.BufferedReader) -> bytes:
        command = b""
        while not command.endswith(b"\0"):
            command += asked.read(1)
        if command == b"zPING\0":
            return b"PONG\0"
        assert command == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(asked.read(4)):
            content += asked.read(size)
        found = VIRUS in content
        return b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if found else b"stream: OK\0"


@pytest.fixture
def clamd(story: Story, tmp_path: Path) -> Iterator[Clamd]:
    running = Clamd()
    running.start()
    scanning.use(scanning.of(f"unix:{running.path}"), tmp_path / "quarantine")
    yield running
    running.stop()
    running.path.parent.rmdir()
    scanning.use(None, tmp_path)


@step("本单位启用了病毒扫描")
def switched_on(clamd: Clamd) -> None:
    assert scanning.warnings() == []


@step("扫描程序停了")
def stopped(clamd: Clamd) -> None:
    clamd.stop()


@step(parsers.parse('"{who}"上传带测试病毒的附件"{name}"'))
def upload(story: Story, who: str, name: str) -> None:
    data = {"file": (io.BytesIO(VIRUS), name)}
    path = f"{API}/documents/{story.paper.document}/attachments"
    story.act(who, "POST", path, data=data, content_type="multipart/form-data")


@then("隔离的文件只有本系统的账号可读，附件里没有它")
def shut_away(story: Story, tmp_path: Path) -> None:
    (file,) = (tmp_path / "quarantine").iterdir()
    assert file.read_bytes() == VIRUS
    assert stat.S_IMODE(file.stat().st_mode) == 0o400
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert not (tmp_path / "files" / file.name[:2] / file.name).exists()
    assert story.document()["attachments"] == []


@then(parsers.parse('运行状态提示"{words}"'))
def warned(story: Story, words: str) -> None:
    answer = story.app.test_client().get("/healthz")
    assert answer.json
    assert any(words in each for each in answer.json["warnings"])
