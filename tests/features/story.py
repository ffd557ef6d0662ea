"""One scenario at work: the office, the time of its clock, the papers, and the latest answer."""

import threading
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app import clock, organization
from app.database import db
from app.handling.models import Task, TaskCandidate
from app.organization import Person, accounts
from tests.features.checkpoints import Checkpoints
from tests.features.rows import all_rows
from tests.world import MONDAY

API = "/api/v1"


@dataclass(frozen=True)
class Paper:
    """A document and its case, by their ids."""

    document: int
    case: int


@dataclass
class Story:
    """People speak to the API with personal tokens; each act takes a minute of the moved clock.

    at      the present moment
    papers  documents of this scenario in order; ``paper`` is the one it speaks of
    answer  of the latest act
    before  everything kept, as it was before the latest act
    deeds   what has happened; see ``checkpoints``
    """

    app: Flask
    saved: Checkpoints | None = None
    tokens: dict[str, str] = field(default_factory=dict)
    deeds: list[Hashable] = field(default_factory=list)
    at: datetime = MONDAY
    papers: list[Paper] = field(default_factory=list)
    paper: Paper = Paper(0, 0)
    answer: TestResponse | None = None
    before: dict[str, Any] = field(default_factory=dict)

    def act(self, who: str, method: str, path: str, **request: Any) -> TestResponse:
        """A request that is meant to change something; it counts as the latest act."""
        headers = self._headers(who)
        self.before = self.kept()
        return self._act(who, headers, method, path, **request)

    def act_as_usual(self, who: str, path: str, body: Any) -> TestResponse:
        """The same on the way to what a scenario is about: nobody asks what was before it."""
        return self._act(who, self._headers(who), "POST", path, json=body)

    @contextmanager
    def change(self) -> Iterator[Session]:
        """A session for what is entered past the API, such as a post; committed at the end."""
        self.deeds.append(object())
        with self.session() as session, clock.moved_to(self.at):
            yield session
            session.commit()

    @contextmanager
    def once_for_all(self, what: str) -> Iterator[bool]:
        """Whether the block still has to be played; it need not after the same deeds before."""
        key = (*self.deeds, self.at, what)
        if self.saved is None:
            yield True
            return
        with self.app.app_context():
            db.engine.dispose()
            file = Path(str(db.engine.url.database))
        rest = self.saved.restore(key, file)
        yield rest is None
        if rest is not None:
            self.at, papers, self.paper, deeds = rest
            self.papers, self.deeds = list(papers), list(deeds)
            return
        with self.app.app_context():
            db.engine.dispose()
        rest = (self.at, tuple(self.papers), self.paper, tuple(self.deeds))
        self.saved.keep(key, file, rest)

    def acts_at_once(self, requests: Sequence[tuple[str, str, Any]]) -> list[TestResponse]:
        """(who, path, body) posted from threads that start together."""
        self.deeds.append(object())
        headers = [self._headers(who) for who, _, _ in requests]
        barrier = threading.Barrier(len(requests))
        answers: dict[int, TestResponse] = {}

        def run(place: int, path: str, body: Any) -> None:
            barrier.wait()
            answers[place] = self._send(headers[place], "POST", path, json=body)

        threads = [
            threading.Thread(target=run, args=(place, path, body))
            for place, (_, path, body) in enumerate(requests)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return [answers[place] for place in range(len(requests))]

    def see(self, who: str, path: str) -> Any:
        """What a person sees; it must be there."""
        answer = self._send(self._headers(who), "GET", path)
        assert answer.status_code == 200, answer.json
        return answer.json

    def look(self, who: str, path: str) -> TestResponse:
        """The same, where it may be refused."""
        return self._send(self._headers(who), "GET", path)

    def started(self, answer: TestResponse) -> None:
        """Speak of the document that was just made, if it was."""
        if answer.status_code == 201:
            self.paper = Paper(answer.json["id"], answer.json["case_id"])
            self.papers.append(self.paper)

    @property
    def registry(self) -> str:
        """Somebody who may see every case of the unit of the paper in hand, and acts at none."""
        with self.session() as session:
            query = sa.text(
                "SELECT p.login FROM person p JOIN handling_case c ON c.unit_id = p.unit_id"
                " JOIN appointment a ON a.person_id = p.id AND a.role_key = 'archivist'"
                " WHERE c.id = :case ORDER BY p.id"
            )
            return str(session.scalars(query, {"case": self.paper.case}).first())

    def document(self) -> Any:
        return self.see(self.registry, f"{API}/documents/{self.paper.document}")

    def case(self) -> Any:
        return self.see(self.registry, f"{API}/cases/{self.paper.case}")

    def history(self) -> list[Any]:
        found = self.see(self.registry, f"{API}/cases/{self.paper.case}/history")
        return list(found["items"])

    def stay(self, step: str, who: str | None = None) -> Task:
        """The stay at a step: an open one first, one that lies with ``who`` first, then latest."""
        mine = (
            sa.select(sa.func.count())
            .select_from(TaskCandidate)
            .join(Person, Person.id == TaskCandidate.person_id)
            .where(TaskCandidate.task_id == Task.id, Person.login == (who or ""))
            .scalar_subquery()
        )
        with self.session() as session:
            query = (
                sa.select(Task)
                .where(Task.case_id == self.paper.case, Task.step == step)
                .order_by((Task.state == "open").desc(), mine.desc(), Task.id.desc())
            )
            return session.scalars(query).first() or Task(id=0, revision=1)

    def open_stays(self) -> list[Task]:
        with self.session() as session:
            query = sa.select(Task).where(Task.case_id == self.paper.case, Task.state == "open")
            return list(session.scalars(query.order_by(Task.id)))

    def name(self, login: str) -> str:
        with self.session() as session:
            return organization.person_by_login(session, login).name

    def session(self) -> Session:
        """A session of one's own, for what no request does."""
        with self.app.app_context():
            return Session(db.engine, expire_on_commit=False)

    def kept(self) -> dict[str, Any]:
        with self.session() as session:
            return all_rows(session)

    def _act(
        self, who: str, headers: dict[str, str], method: str, path: str, **request: Any
    ) -> TestResponse:
        self.deeds.append((self.at, who, method, path, repr(request)))
        self.answer = self._send(headers, method, path, **request)
        self.at += timedelta(minutes=1)
        return self.answer

    def _headers(self, who: str) -> dict[str, str]:
        if who not in self.tokens:
            with self.session() as session:
                person = organization.person_by_login(session, who)
                self.tokens[who] = accounts.new_token(session, person.id, "场景", self.at)
                session.commit()
        return {"Authorization": f"Bearer {self.tokens[who]}"}

    def _send(
        self, headers: dict[str, str], method: str, path: str, **request: Any
    ) -> TestResponse:
        client: FlaskClient = self.app.test_client()
        with clock.moved_to(self.at):
            return client.open(path, method=method, headers=headers, **request)
