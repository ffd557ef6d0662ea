"""The signer as the web process sees it: it asks and is answered; it never has a key."""

import base64
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.seals.signer import wire
from app.seals.signer.errors import SignerUnavailable, from_wire
from app.seals.signer.orders import Order, Signed

SIGN_SECONDS = 25.0  # one signature takes well under a second; a machine under load gets time
LOOK_SECONDS = 3.0


@dataclass(frozen=True)
class Health:
    """Whether the process answers, and the sentence for a page when it does not."""

    up: bool
    sentence: str = ""


class NoAnswer(SignerUnavailable):
    """The request went out and no answer came: it may have been done."""


@dataclass(frozen=True)
class Client:
    """Asks the process behind one socket. ``words``: what the process is called."""

    path: Path
    words: str = "签名服务"

    def ask(
        self, operation: str, given: dict[str, Any], *, seconds: float = SIGN_SECONDS
    ) -> dict[str, Any]:
        """One request, one answer. Raises the refusal of the other side, or SignerUnavailable."""
        until = time.monotonic() + seconds
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            self._reach(connection, seconds)
            try:
                message = {"operation": operation, "given": given}
                wire.send(connection, message, until=until)
                answer = wire.receive(connection, most=wire.MOST_ANSWERED, until=until)
            except (wire.Garbled, wire.TooSlow, OSError):
                raise NoAnswer(f"{self.words}没有答复，此件留在原处。请稍后再试。") from None
        if "refused" in answer:
            raise _refusal(answer["refused"])
        found = answer.get("answer")
        if not isinstance(found, dict):
            raise NoAnswer(f"{self.words}的答复无法识别。请检查两边的程序版本。")
        return found

    def reply(self, operation: str, query: bytes, *, seconds: float = LOOK_SECONDS) -> bytes:
        """One question and one answer of bytes, such as a time stamp. Raises as :meth:`ask`."""
        given = {"query": base64.b64encode(query).decode()}
        return base64.b64decode(str(self.ask(operation, given, seconds=seconds).get("reply")))

    def sign(self, order: Order) -> Signed:
        """Have a page signed; the transaction of the caller must be over.

        Where no answer comes, it is asked whether the signature was made, and not asked again to
        make it. Raises the refusal of the signer, or SignerUnavailable.
        """
        try:
            return Signed(**self.ask("sign", order.to_wire()))
        except NoAnswer:
            found = self.signed(order.task_id, order.field)
            if found is None:
                raise
            return found

    def signed(self, task_id: int, field: str) -> Signed | None:
        """The signature of this stay in this field that still counts, if there is one."""
        given = {"task_id": task_id, "field": field}
        found = self.ask("signed", given, seconds=LOOK_SECONDS)["signed"]
        return Signed(**found) if found else None

    def health(self) -> Health:
        try:
            self.ask("health", {}, seconds=LOOK_SECONDS)
        except SignerUnavailable:
            return Health(False, f"{self.words}没有运行或没有答复：签名和用印等它恢复后再办。")
        return Health(True)

    def _reach(self, connection: socket.socket, seconds: float) -> None:
        connection.settimeout(seconds)
        try:
            connection.connect(str(self.path))
        except (FileNotFoundError, ConnectionRefusedError):
            raise SignerUnavailable(
                f"{self.words}没有运行，此件留在原处。请稍后再试，或者联系系统管理员。"
            ) from None
        except PermissionError:
            raise SignerUnavailable(f"网页服务无权使用{self.words}。请联系系统管理员。") from None
        except OSError:
            raise SignerUnavailable(f"{self.words}正忙，此件留在原处。请稍后再试。") from None


def _refusal(said: Any) -> Exception:
    if not isinstance(said, dict):
        return NoAnswer("签名服务的答复无法识别。请检查两边的程序版本。")
    if said.get("code") == SignerUnavailable.code:
        return SignerUnavailable(str(said.get("message")))
    return from_wire(said)
