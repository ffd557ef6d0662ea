"""The socket server of a process that holds keys: small, bounded, and open to few accounts."""

import fcntl
import logging
import os
import socket
import stat
import struct
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DBAPIError

from app.config import UnsafeSettings
from app.errors import DomainError
from app.seals.keys.files import make_private
from app.seals.keys.places import Places, own_account
from app.seals.signer import wire
from app.seals.signer.errors import SignerUnavailable, to_wire
from app.seals.signer.turns import Turns

Operation = Callable[[dict[str, Any], float], dict[str, Any]]
"""Answers what was asked; the second value is when it must be done (of time.monotonic)."""

READ_SECONDS = 5.0
"""For a request to arrive whole, and for the answer to be taken."""
WORK_SECONDS = 25.0
"""After this long nobody waits for the answer: what is not done by then is not done."""
STOP_SECONDS = 35.0
MOST_CONNECTIONS = 64
AT_WORK = 8
LONGEST_ADDRESS = 100
"""Bytes of the path of a Unix socket; the system allows little more."""
_CREDENTIALS = struct.Struct("3i")

log = logging.getLogger(__name__)


class Server:
    """Serves named operations on the socket of one process until :meth:`stop`.

    Each connection has a thread of its own, so that a slow one keeps nobody waiting, and carries
    one request.
    """

    def __init__(
        self, places: Places, operations: Mapping[str, Operation], beside: Turns | None = None
    ) -> None:
        """``beside``: what is done while it serves, once the socket is its own."""
        self._places = places
        self._beside = beside
        self.operations = {"health": _health, **operations}
        self._stop = threading.Event()
        self._free = threading.BoundedSemaphore(MOST_CONNECTIONS)
        self._at_work = threading.BoundedSemaphore(AT_WORK)

    def run(self) -> None:
        """Raises UnsafeSettings when the socket cannot be safe, or is served already."""
        with alone(self._places), _listening(self._places) as listener:
            log.info("listening on %s", self._places.socket)
            if self._beside:
                self._beside.start()
            while not self._stop.is_set():
                with suppress(TimeoutError):
                    connection, _ = listener.accept()
                    self._begin(connection)
        self._finish()

    def stop(self) -> None:
        """What is in hand is finished; nothing new is begun."""
        self._stop.set()

    def _finish(self) -> None:
        if self._beside:
            self._beside.stop()
        end = time.monotonic() + STOP_SECONDS
        for _ in range(MOST_CONNECTIONS):
            self._free.acquire(timeout=max(0.0, end - time.monotonic()))

    def _begin(self, connection: socket.socket) -> None:
        if not self._is_known(connection):
            connection.close()
            return
        if not self._free.acquire(blocking=False):
            log.warning("more than %d connections: one was turned away", MOST_CONNECTIONS)
            connection.close()
            return
        threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _is_known(self, connection: socket.socket) -> bool:
        """Who connects is told by the system, not by what he says."""
        data = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        _, account, _ = _CREDENTIALS.unpack(data)
        if account in {own_account(), *self._places.clients}:
            return True
        log.warning("account %d may not ask: turned away", account)
        return False

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection:
                until = time.monotonic() + READ_SECONDS
                asked = wire.receive(connection, most=wire.MOST_ASKED, until=until)
                answer = self._in_turn(asked, time.monotonic() + WORK_SECONDS)
                wire.send(connection, answer, until=time.monotonic() + READ_SECONDS)
        except (wire.Garbled, wire.TooSlow, OSError) as failure:
            log.warning("a connection ended without answer: %s", failure or type(failure).__name__)
        finally:
            self._free.release()

    def _in_turn(self, asked: dict[str, Any], until: float) -> dict[str, Any]:
        if not self._at_work.acquire(timeout=WORK_SECONDS):
            return _refused(SignerUnavailable(f"{self._places.words}正忙，没有签名。请稍后再试。"))
        try:
            return self._answer(asked, until)
        finally:
            self._at_work.release()

    def _answer(self, asked: dict[str, Any], until: float) -> dict[str, Any]:
        """A refusal has its sentence; a fault of ours a number that leads to the log."""
        operation = self.operations.get(str(asked.get("operation")))
        given = asked.get("given")
        if operation is None or not isinstance(given, dict):
            return _refused(SignerUnavailable("签名服务不认识这个请求，请检查两边的程序版本。"))
        try:
            return {"answer": operation(given, until)}
        except DomainError as refusal:
            return _refused(refusal)
        except DBAPIError as failure:
            log.warning("the database gave way: %s", failure.orig)
            return _refused(SignerUnavailable("系统正忙，没有签名。请稍后再试。"))
        except Exception:
            number = uuid.uuid4().hex[:8]
            log.exception("fault %s at %s", number, asked.get("operation"))
            return _refused(
                SignerUnavailable(f"签名服务出错，没有签名。请把编号 {number} 告诉系统管理员。")
            )


def _health(_: dict[str, Any], __: float) -> dict[str, Any]:
    return {"up": True}


def _refused(refusal: DomainError) -> dict[str, Any]:
    return {"refused": to_wire(refusal)}


@contextmanager
def alone(places: Places) -> Iterator[None]:
    """One process per socket, by a lock that ends with it. Raises UnsafeSettings."""
    folder = places.socket.parent
    make_private(folder)
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _ensure_closed(places, folder, os.fstat(descriptor))
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UnsafeSettings(f"{places.words}已经在运行（{places.socket}）。") from None
        yield
    finally:
        os.close(descriptor)


def _ensure_closed(places: Places, folder: Path, found: os.stat_result) -> None:
    """Without other accounts the folder is our own alone; with them their group may enter."""
    too_wide = 0o027 if places.clients else 0o077
    if found.st_uid != own_account():
        raise UnsafeSettings(f"文件夹 {folder} 不属于运行{places.words}的账户。")
    if found.st_mode & too_wide:
        raise UnsafeSettings(
            f"文件夹 {folder} 的权限太宽（{stat.S_IMODE(found.st_mode):04o}），"
            f"请改为 {'750' if places.clients else '700'}。"
        )


@contextmanager
def _listening(places: Places) -> Iterator[socket.socket]:
    path = places.socket
    if len(os.fsencode(path)) > LONGEST_ADDRESS:
        raise UnsafeSettings(
            f"套接字的路径 {path} 太长：请用 GONGWEN_{places.name.upper()}_SOCKET 指定一个较短的。"
        )
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        before = os.umask(0o177)
        try:
            listener.bind(str(path))
        finally:
            os.umask(before)
        if places.clients:
            path.chmod(0o660)
        listener.listen(MOST_CONNECTIONS)
        listener.settimeout(0.2)
        yield listener
    finally:
        listener.close()
        path.unlink(missing_ok=True)
