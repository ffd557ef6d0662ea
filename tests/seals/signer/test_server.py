"""The socket server: who may ask, what is bounded, and how it begins and ends."""

import os
import socket
import stat
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.config import UnsafeSettings
from app.errors import Conflict, DomainError, FieldError, Invalid, NotAllowed, NotFound
from app.seals.keys.places import Places
from app.seals.signer import Client, SignerUnavailable, server, wire
from app.seals.signer.server import Operation, Server

Given = dict[str, Any]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places("signer", tmp_path / "keys", tmp_path / "kek", tmp_path / "run" / "socket")


@contextmanager
def served(places: Places, **operations: Operation) -> Iterator[Server]:
    running = Server(places, operations)
    thread = threading.Thread(target=running.run)
    thread.start()
    while not Client(places.socket).health().up:
        time.sleep(0.01)
    yield running
    running.stop()
    thread.join(20)
    assert not thread.is_alive()


@contextmanager
def connected(places: Places) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(places.socket))
        connection.settimeout(10)
        yield connection


def echo(given: Given, _until: float) -> Given:
    return given


def raising(failure: Exception) -> Operation:
    def fail(_given: Given, _until: float) -> Given:
        raise failure

    return fail


def test_only_the_own_account_reaches_it(places: Places) -> None:
    with served(places):
        assert stat.S_IMODE(places.socket.stat().st_mode) == 0o600
        assert stat.S_IMODE(places.socket.parent.stat().st_mode) == 0o700
    assert not places.socket.exists()


def test_another_account_is_turned_away(
    places: Places, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The system says who connects; here the server believes itself to be somebody else."""
    with served(places, echo=echo):
        monkeypatch.setattr(server, "own_account", lambda: os.geteuid() + 1)
        with pytest.raises(SignerUnavailable):
            Client(places.socket).ask("echo", {})
        assert f"account {os.geteuid()} may not ask" in caplog.text
        monkeypatch.undo()


def test_a_named_account_may_ask_through_its_group(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = replace(places, clients=frozenset({os.geteuid()}))
    places.socket.parent.mkdir(parents=True)
    places.socket.parent.chmod(0o750)
    with served(places, echo=echo):
        assert stat.S_IMODE(places.socket.stat().st_mode) == 0o660
        monkeypatch.setattr(server, "own_account", lambda: os.geteuid() + 1)
        assert Client(places.socket).ask("echo", {"a": 1}) == {"a": 1}
        monkeypatch.undo()


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o770])
def test_a_wide_folder_is_refused(places: Places, mode: int) -> None:
    places.socket.parent.mkdir()
    places.socket.parent.chmod(mode)
    with pytest.raises(UnsafeSettings, match="权限太宽"):
        Server(places, {}).run()


def test_a_second_one_is_refused_and_the_first_goes_on(places: Places) -> None:
    with served(places, echo=echo):
        with pytest.raises(UnsafeSettings, match="已经在运行"):
            Server(places, {}).run()
        assert Client(places.socket).ask("echo", {"a": 1}) == {"a": 1}


def test_what_a_killed_one_left_is_no_obstacle(places: Places) -> None:
    places.socket.parent.mkdir(mode=0o700)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(places.socket))
    with served(places, echo=echo):
        assert Client(places.socket).health().up


def test_a_path_too_long_is_said(places: Places) -> None:
    long = replace(places, socket=places.socket.parent / ("x" * 100))
    with pytest.raises(UnsafeSettings, match="GONGWEN_SIGNER_SOCKET"):
        Server(long, {}).run()


@pytest.mark.parametrize(
    "sent",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        struct.pack(">I", 0),
        struct.pack(">I", wire.MOST_ASKED + 1),
        struct.pack(">I", 4) + b"null",
        struct.pack(">I", 2) + b"[]",
        struct.pack(">I", 4) + b"\xff\xfe\xfd\xfc",
        struct.pack(">I", 100_000) + b"[" * 100_000,
        struct.pack(">I", 100) + b"{",
    ],
    ids=["http", "empty", "too long", "null", "list", "no UTF-8", "deep", "cut off"],
)
def test_what_is_no_request_ends_its_connection_only(places: Places, sent: bytes) -> None:
    with served(places, echo=echo):
        with connected(places) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            with suppress(ConnectionResetError):  # what was sent too much was never read
                assert connection.recv(1) == b""
        assert Client(places.socket).ask("echo", {"a": "好"}) == {"a": "好"}


def test_slow_ones_keep_nobody_waiting(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "READ_SECONDS", 0.5)
    with served(places, echo=echo):
        slow = [socket.socket(socket.AF_UNIX) for _ in range(20)]
        for each in slow:
            each.connect(str(places.socket))
            each.sendall(b"\x00\x00")
        begun = time.monotonic()
        assert Client(places.socket).ask("echo", {"a": 1}) == {"a": 1}
        assert time.monotonic() - begun < 0.5
        for each in slow:
            each.settimeout(10)
            assert each.recv(1) == b"", "each is ended when its time is over"
            each.close()


def test_too_many_are_turned_away_and_later_ones_served(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "MOST_CONNECTIONS", 3)
    with served(places, echo=echo):
        held = [socket.socket(socket.AF_UNIX) for _ in range(3)]
        for each in held:
            each.connect(str(places.socket))
        with pytest.raises(SignerUnavailable):
            Client(places.socket).ask("echo", {})
        for each in held:
            each.close()
        _until(lambda: Client(places.socket).health().up)


def test_a_stop_waits_for_what_is_in_hand(places: Places) -> None:
    begun, answers = threading.Event(), []

    def slowly(_given: Given, _until: float) -> Given:
        begun.set()
        time.sleep(0.3)
        return {"done": True}

    with served(places, slowly=slowly) as running:
        asking = threading.Thread(
            target=lambda: answers.append(Client(places.socket).ask("slowly", {}))
        )
        asking.start()
        assert begun.wait(10)
        running.stop()
    asking.join(10)
    assert answers == [{"done": True}]


@pytest.mark.parametrize(
    "refusal",
    [
        NotAllowed("不行。", "proof_refused"),
        NotFound("没有。"),
        Conflict("晚了。", "already_done"),
        Invalid("不对。", [FieldError("opinion", "请填写意见。")], "opinion_missing"),
        SignerUnavailable("忙。"),
        DomainError("太多。", "too_many_requests"),
    ],
    ids=lambda refusal: type(refusal).__name__,
)
def test_a_refusal_is_the_same_on_the_other_side(places: Places, refusal: DomainError) -> None:
    with served(places, fail=raising(refusal)), pytest.raises(type(refusal)) as raised:
        Client(places.socket).ask("fail", {})
    assert (raised.value.code, raised.value.message) == (refusal.code, refusal.message)
    if isinstance(refusal, Invalid):
        assert isinstance(raised.value, Invalid)
        assert raised.value.errors == refusal.errors


def test_a_fault_shows_a_number_and_no_more(places: Places) -> None:
    with (
        served(places, fail=raising(ZeroDivisionError("secret"))),
        pytest.raises(SignerUnavailable, match=r"编号 [0-9a-f]{8}") as raised,
    ):
        Client(places.socket).ask("fail", {})
    assert "secret" not in raised.value.message


def test_an_unknown_operation_is_refused(places: Places) -> None:
    with served(places), pytest.raises(SignerUnavailable, match="不认识"):
        Client(places.socket).ask("open", {})


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)
