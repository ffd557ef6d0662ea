"""Several programs that send their acts through the API at the same moment, on PostgreSQL."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from app import clock, organization
from app.database import db
from app.documents.storage import Store
from app.handling.models import Task
from app.organization import accounts
from tests.faults.invariants import violations
from tests.world import World

PATIENCE = 5
"""How often one program sends the same act."""


@dataclass(frozen=True)
class Act:
    """What one program sends; ``key`` is its Idempotency-Key."""

    login: str
    path: str
    body: Any = field(default_factory=dict)
    key: str | None = None


def completing(login: str, task: Task, **body: Any) -> Act:
    given = {"opinion": f"{login} 同意。", "revision": task.revision, **body}
    return Act(login, f"/tasks/{task.id}/complete", given)


def returning(login: str, task: Task, to: str) -> Act:
    body = {"to": to, "opinion": "请修改。", "revision": task.revision}
    return Act(login, f"/tasks/{task.id}/return", body)


def handing_over(login: str, task: Task, to: str, mode: str = "transfer") -> Act:
    body = {"to": to, "opinion": "请办。", "mode": mode, "revision": task.revision}
    return Act(login, f"/tasks/{task.id}/hand-over", body)


def withdrawing(login: str, task_id: int) -> Act:
    return Act(login, f"/tasks/{task_id}/withdraw")


def cancelling(login: str, case_id: int) -> Act:
    return Act(login, f"/cases/{case_id}/cancel", {"reason": "不再发文。"})


@dataclass(frozen=True)
class Round:
    """The acts on one case that are sent at once."""

    case_id: int
    acts: list[Act]


class Race:
    """An office on PostgreSQL in which documents are brought to a place and then raced for."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.tokens: dict[str, str] = {}

    def prepare(self, bring: Callable[[World], Round], count: int) -> list[Round]:
        """So many rounds, from a world that is left before their acts are sent."""
        with self.app.app_context():
            world = World(db.session())
            rounds = [bring(world) for _ in range(count)]
            for login in {act.login for each in rounds for act in each.acts}:
                self._token(login)
            db.session.commit()
            db.session.remove()
        return rounds

    def at_once(self, acts: Sequence[Act]) -> list[TestResponse]:
        """The answers, in the order of the acts; every program has a thread of its own."""
        barrier = threading.Barrier(len(acts))
        answers: list[TestResponse | None] = [None] * len(acts)

        def send(place: int, act: Act) -> None:
            client = self.app.test_client()
            barrier.wait()
            answers[place] = self.send(act, client)

        threads = [threading.Thread(target=send, args=pair) for pair in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert None not in answers
        return [answer for answer in answers if answer is not None]

    def send(self, act: Act, client: Any = None) -> TestResponse:
        """Again while the answer is that too many wait: then it has not been done."""
        headers = {"Authorization": f"Bearer {self.tokens[act.login]}"}
        if act.key:
            headers["Idempotency-Key"] = act.key
        sender = client or self.app.test_client()
        for _ in range(PATIENCE):
            answer: TestResponse = sender.post(f"/api/v1{act.path}", json=act.body, headers=headers)
            if answer.status_code != HTTPStatus.SERVICE_UNAVAILABLE:
                break
        return answer

    def name(self, login: str) -> str:
        with self.app.app_context():
            name = World(db.session()).actor(login).name
            db.session.remove()
        return name

    def open_steps(self, case_id: int) -> list[str]:
        with self.app.app_context():
            query = db.session.query(Task.step).filter_by(case_id=case_id, state="open")
            steps = sorted(step for (step,) in query)
            db.session.remove()
        return steps

    def check(self, case_id: int | None = None) -> None:
        """The invariants of every database (reliability, section 3), or of one case in it."""
        with self.app.app_context():
            store = Store(self.app.config["SETTINGS"].data / "files")
            found = violations(db.session(), store, case_id=case_id)
            db.session.remove()
        assert found == {}, found

    def _token(self, login: str) -> None:
        if login not in self.tokens:
            person = organization.person_by_login(db.session(), login)
            at = clock.now(db.session())
            self.tokens[login] = accounts.new_token(db.session(), person.id, "测试", at)
