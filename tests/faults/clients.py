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
from tests.faults import deeds
from tests.faults.deeds import Deed, Stay
from tests.faults.ledger import Answer, Ledger, Request
from tests.world import NOTICE

PATIENCE = 60
"""Seconds for which a client sends again what got no answer."""
GIVES_UP = 0.3
"""How many of those who got no answer do not send again: theirs is whole or absent."""
COUNTERSIGNERS = ["leader2", "leader3"]
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
            created = self._act(Deed("create", "drafter", "/documents", self._draft()))
            case_id = json.loads(created.text)["case_id"]
            sent: Stay | None = None
            while not self.enough() and (stays := open_stays(self.engine, case_id)):
                stay, dice = self.chance.choice(stays), self.chance.random()
                if sent is not None and dice < 0.15:
                    self._act(deeds.take_back(sent))
                    sent = None
                elif dice > 0.97:
                    self._stop_and_go_on(stay)
                else:
                    deed = deeds.at(stay, self.chance)
                    self._act(deed)
                    sent = stay if deed.sends_on else None
        except Lost:
            return

    def _stop_and_go_on(self, stay: Stay) -> None:
        """Two administrators stop the case and let it go on."""
        for kind in ("suspend", "resume"):
            proposed = self._act(deeds.propose(stay, kind))
            if proposed.acknowledged:
                self._act(deeds.confirm(json.loads(proposed.text)["id"]))

    def _draft(self) -> dict[str, Any]:
        signed = self.chance.random() < 0.3
        return {**NOTICE, "countersigners": COUNTERSIGNERS if signed else []}

    def _act(self, deed: Deed) -> Answer:
        """Send once; without an answer send again until one comes, or give up (Lost)."""
        key = uuid.UUID(int=self.chance.getrandbits(128)).hex
        body = {**deed.body, **_marked(deed.kind, key)}
        request = Request(key, deed.kind, deed.login, deed.path, body)
        self.ledger.sending(request)
        try:
            answer = self.caller.send(request)
        except Lost:
            if self.chance.random() < GIVES_UP:
                raise
            answer = self.caller.send_until_answered(request)
        self.ledger.answered(request, answer)
        return answer


def _marked(kind: str, key: str) -> dict[str, Any]:
    """The key where the act leaves it in the database, so that its effects can be counted."""
    match kind:
        case "create":
            return {"body": f"{NOTICE['body']}\n三、编号{key}。"}
        case "attach":
            return {"name": f"{key}.txt", "text": f"附件{key}"}
        case "withdraw":
            return {}
        case "cancel" | "urge" | "add_signers" | "propose":
            return {"reason": f"原因{key}"}
        case "circulate":
            return {"words": f"请阅{key}"}
        case "decide":
            return {"answer": f"答复{key}"}
        case _:
            return {"opinion": f"同意（{key}）。"}
