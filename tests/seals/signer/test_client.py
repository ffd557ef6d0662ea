"""The signer as the web process sees it: not running, not answering, answering too late."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.seals.signer import ByPassword, Client, Order, SignerUnavailable, wire
from app.web import refusals

ORDER = Order(1, 2, 3, "签发", {}, ByPassword("secret", "123456"), "a" * 64)
SIGNED = {"signature_id": 5, "paper_id": 6, "paper_sha256": "b" * 64, "token": ""}


@contextmanager
def answering(path: Path, answers: list[Any]) -> Iterator[list[str]]:
    """A process that gives one answer after the other; None: it says nothing and hangs up."""
    asked: list[str] = []
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()

    def serve() -> None:
        for answer in answers:
            connection, _ = listener.accept()
            with connection:
                until = time.monotonic() + 10
                asked.append(wire.receive(connection, most=1 << 20, until=until)["operation"])
                if answer is not None:
                    wire.send(connection, answer, until=until)

    thread = threading.Thread(target=serve)
    thread.start()
    yield asked
    thread.join(10)
    listener.close()
    assert not thread.is_alive()


def test_not_running_is_a_sentence_and_503(tmp_path: Path) -> None:
    asking = Client(tmp_path / "socket")
    with pytest.raises(SignerUnavailable, match="签名服务没有运行，此件留在原处") as raised:
        asking.sign(ORDER)
    assert refusals.status_of(raised.value) == 503
    assert not asking.health().up
    assert "没有运行" in asking.health().sentence


def test_left_behind_by_a_killed_one_is_the_same(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / "socket"))
    with pytest.raises(SignerUnavailable, match="没有运行"):
        Client(tmp_path / "socket").sign(ORDER)


def test_without_an_answer_it_asks_whether_it_was_signed(tmp_path: Path) -> None:
    with answering(tmp_path / "socket", [None, {"answer": {"signed": SIGNED}}]) as asked:
        assert Client(tmp_path / "socket").sign(ORDER).signature_id == 5
    assert asked == ["sign", "signed"]


def test_what_was_not_signed_is_not_ordered_again(tmp_path: Path) -> None:
    with (
        answering(tmp_path / "socket", [None, {"answer": {"signed": None}}]) as asked,
        pytest.raises(SignerUnavailable, match="没有答复"),
    ):
        Client(tmp_path / "socket").sign(ORDER)
    assert asked == ["sign", "signed"]


@pytest.mark.parametrize("answer", [{}, {"answer": 1}, {"refused": "no"}])
def test_a_strange_answer_is_no_signature(tmp_path: Path, answer: Any) -> None:
    with (
        answering(tmp_path / "socket", [answer]),
        pytest.raises(SignerUnavailable, match="无法识别"),
    ):
        Client(tmp_path / "socket").ask("look", {})


def test_it_does_not_wait_for_ever(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "socket"))
        silent.listen()
        begun = time.monotonic()
        with pytest.raises(SignerUnavailable, match="没有答复"):
            Client(tmp_path / "socket").ask("look", {}, seconds=0.2)
        assert time.monotonic() - begun < 2


def test_no_secret_shows_in_print() -> None:
    assert "secret" not in repr(ORDER)
    assert "123456" not in repr(ORDER)
