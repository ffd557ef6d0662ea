"""People at work over HTTP: they draft, sign, return, take back and pass on, and keep a ledger.

Each client has cases of its own, so that every act it sends is one that the case can take; the
clients meet at what all cases share: the number series, the chain of the record, the files.
"""

import http.client
import json
import random
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.handling.models import Case, Task, TaskCandidate
from app.organization import Person
from tests.faults.ledger import Answer, Ledger, Request
from tests.world import NOTICE

PATIENCE = 60
"""Seconds for which a client sends again what got no answer."""
GIVES_UP = 0.3
"""How many of those who got no answer do not send again: theirs is whole or absent."""
COUNTERSIGNERS = ["leader2", "leader3"]
RETURNS = ("dept_review", "office_check", "leader_sign")
FILE = "multipart/form-data; boundary=part"

Tokens = Mapping[str, str]


class Lost(Exception):
    """No answer came: whether the act was done is not known."""


@dataclass(frozen=True)
class Caller:
    """Speaks to the server, as anybody."""

    port: int
    tokens: Tokens

    def send(self, request: Request) -> Answer:
        """Raises Lost when the connection broke or the server was too busy."""
        body, kind = encoded(request)
        headers = {
            "Authorization": f"Bearer {self.tokens[request.login]}",
            "Idempotency-Key": request.key,
            "Content-Type": kind,
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", f"/api/v1{request.path}", body, headers)
            response = connection.getresponse()
            answer = Answer(response.status, response.read().decode())
        except (OSError, http.client.HTTPException) as error:
            raise Lost from error
        finally:
            connection.close()
        if answer.status >= 500:
            raise Lost(answer.text)
        return answer

    def send_until_answered(self, request: Request) -> Answer:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self.send(request)
            except Lost:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)


def encoded(request: Request) -> tuple[bytes, str]:
    if request.kind != "attach":
        return json.dumps(request.body).encode(), "application/json"
    head = f'Content-Disposition: form-data; name="file"; filename="{request.body["name"]}"'
    text = f"--part\r\n{head}\r\n\r\n{request.body['text']}\r\n--part--\r\n"
    return text.encode(), FILE


@dataclass(frozen=True)
class Stay:
    """An open stay as the database has it; ``login``: one of who may act there."""

    id: int
    case_id: int
    document_id: int
    step: str
    kind: str
    revision: int
    login: str


def open_stays(engine: sa.Engine, case_id: int) -> list[Stay]:
    query = (
        sa.select(
            Task.id,
            Task.case_id,
            Case.document_id,
            Task.step,
            Task.kind,
            Task.revision,
            sa.func.min(Person.login),
        )
        .join(Case, Case.id == Task.case_id)
        .join(TaskCandidate, TaskCandidate.task_id == Task.id)
        .join(Person, Person.id == TaskCandidate.person_id)
        .where(Task.case_id == case_id, Task.state == "open")
        .group_by(Task.id, Case.document_id)
        .order_by(Task.id)
    )
    with engine.connect() as connection:
        return [Stay(*row) for row in connection.execute(query)]


class Client(threading.Thread):
    """One person's program after another, case by case, until it is told to stop."""

    def __init__(
        self,
        caller: Caller,
        engine: sa.Engine,
        ledger: Ledger,
        seed: int,
        enough: Callable[[], bool],
    ) -> None:
        super().__init__(daemon=True)
        self.caller, self.engine, self.ledger = caller, engine, ledger
        self.chance = random.Random(seed)  # noqa: S311  (no secret)
        self.enough = enough
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.enough():
                self._play()
        except BaseException as failure:
            self.failure = failure

    def _play(self) -> None:
        """One document from its draft to its end, or until an answer is lost and not asked for."""
        try:
            created = self._act("create", "drafter", "/documents", self._draft())
            case_id = json.loads(created.text)["case_id"]
            sent: Stay | None = None
            while not self.enough() and (stays := open_stays(self.engine, case_id)):
                if sent is not None and self.chance.random() < 0.15:
                    self._act("withdraw", sent.login, f"/tasks/{sent.id}/withdraw", {})
                    sent = None
                    continue
                sent = self._step(self.chance.choice(stays))
        except Lost:
            return

    def _step(self, stay: Stay) -> Stay | None:
        """One act at a stay; the stay, where it was sent on and may be taken back."""
        dice = self.chance.random()
        if stay.step == "draft" and dice < 0.5:
            self._act("attach", "drafter", f"/documents/{stay.document_id}/attachments", {})
        elif dice < 0.1 and stay.kind == "step" and stay.step in RETURNS:
            body = {"to": "draft", "revision": stay.revision}
            self._act("return", stay.login, f"/tasks/{stay.id}/return", body)
        elif dice < 0.25 and stay.step in RETURNS:
            self._act("hand_over", stay.login, f"/tasks/{stay.id}/hand-over", self._to(stay))
        elif dice > 0.99:
            self._act("cancel", "drafter", f"/cases/{stay.case_id}/cancel", {})
        else:
            body = {"revision": stay.revision, **_choices(stay)}
            self._act("complete", stay.login, f"/tasks/{stay.id}/complete", body)
            return stay
        return None

    def _draft(self) -> dict[str, Any]:
        signed = self.chance.random() < 0.3
        return {**NOTICE, "countersigners": COUNTERSIGNERS if signed else []}

    def _to(self, stay: Stay) -> dict[str, Any]:
        people = [each for each in ("leader2", "leader3", "leader") if each != stay.login]
        mode = self.chance.choice(["transfer", "consult"])
        return {"to": self.chance.choice(people), "mode": mode, "revision": stay.revision}

    def _act(self, kind: str, login: str, path: str, body: Mapping[str, Any]) -> Answer:
        """Send once; without an answer send again until one comes, or give up (Lost)."""
        key = uuid.UUID(int=self.chance.getrandbits(128)).hex
        request = Request(key, kind, login, path, {**body, **_marked(kind, key)})
        self.ledger.sending(request)
        try:
            answer = self.caller.send(request)
        except Lost:
            if self.chance.random() < GIVES_UP:
                raise
            answer = self.caller.send_until_answered(request)
        self.ledger.answered(request, answer)
        return answer


def _choices(stay: Stay) -> dict[str, Any]:
    if stay.step == "office_check" and stay.kind == "step":
        return {"fields": {"countersign_mode": "parallel"}}
    if stay.step == "sign_parallel" and stay.kind == "step":
        return {"outcome": "approve"}
    return {}


def _marked(kind: str, key: str) -> dict[str, Any]:
    """The key where the act leaves it in the database, so that its effects can be counted."""
    match kind:
        case "create":
            return {"body": f"{NOTICE['body']}\n三、编号{key}。"}
        case "attach":
            return {"name": f"{key}.txt", "text": f"附件{key}"}
        case "withdraw":
            return {}
        case "cancel":
            return {"reason": f"撤销{key}"}
        case _:
            return {"opinion": f"同意（{key}）。"}
