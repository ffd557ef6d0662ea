"""One world for all tests: the demonstration offices, the shipped routes, and a Monday morning.

The unit of most tests is the county bureau 江洲县水务局:

drafter      clerk of 工程科, whose heads are dept.head (in charge) and dept.deputy
sole.head    the only head of 财务科, drafts too: OUT-05
office.head  checks outgoing, proposes for incoming
leader       leader in charge of 工程科; leader2 of 财务科; leader3 of what nobody else has
unit.head    signs upward documents
printing, seal.keeper, secretary, dispatcher    the office's clerks
process.admin, process.admin2                   publish and put in force for the county;
                                                city.process.admin… for the whole office
city.…, east.…                                  the same posts in the other two units
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, sessionmaker

from app import clock, organization
from app.clock import SHANGHAI
from app.deadlines.sweep import sweep
from app.documents.attachments import Upload
from app.documents.fields import IncomingFields, OutgoingFields, ScanFields
from app.documents.models import Document
from app.errors import DomainError
from app.handling.acts import (
    adding_signers,
    completing,
    delegating,
    editing,
    handing_over,
    removing_signers,
    returning,
    starting,
    withdrawing,
)
from app.handling.acts.completing import Completion
from app.handling.acts.done import Done, TakenBack
from app.handling.acts.handing_over import HandOver
from app.handling.demo.pages import take_for_fit
from app.handling.effects import EFFECTS
from app.handling.models import Case, Task
from app.handling.views import queries
from app.organization import Actor
from app.organization.delegations import Wanted
from app.organization.models import Delegation

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
"""A plain working day with plain working days around it."""

NOTICE = {
    "direction": "downward",
    "kind": "通知",
    "title": "江洲县水务局关于做好冬季堤防巡查的通知",
    "body": "现就冬季堤防巡查通知如下。\n一、按日巡查。\n二、及时报告。",
    "main_recipients": ["各乡镇水务站"],
}
REQUEST = {
    "direction": "upward",
    "kind": "请示",
    "title": "江洲县水务局关于提前下达堤防加固资金的请示",
    "body": "现将有关情况请示如下。\n妥否，请批示。",
    "main_recipients": ["江洲市水务局"],
    "note": "联系人：办公室值班室，电话：0000-0000000",
}
RECEIVED = {
    "from_unit": "江洲市水务局",
    "number": "江市水〔2026〕12号",
    "title": "江洲市水务局关于开展河道清障的通知",
    "body": "请按要求开展河道清障。",
    "document_date": "2026-11-20",
    "received_at": "2026-11-23T08:40:00+08:00",
    "source": "上级来文",
}
SCAN = {
    "direction": "downward",
    "kind": "通知",
    "title": "江洲县水务局关于做好汛期值班的通知",
    "main_recipients": ["各乡镇水务站"],
    "paper_number": "江水〔2026〕1号",
    "paper_date": "2026-11-20",
    "paper_signatory": "赵纸签",
}


@dataclass
class World:
    """People, documents and their routes; every act goes through the real operations.

    at         the present moment; acts are a minute apart unless a test moves it
    pages_fit  pages count as set when they are signed, without setting them
    """

    session: Session
    at: datetime = field(default=MONDAY)
    pages_fit: bool = True

    def actor(self, login: str) -> Actor:
        person = organization.person_by_login(self.session, login)
        return organization.actor(self.session, person.id)

    def later(self, **amount: float) -> None:
        """Let time pass: ``later(hours=2)``."""
        self.at += timedelta(**amount)

    def draft(self, login: str = "drafter", process: str = "outgoing", **fields: Any) -> Done:
        """A notice to subordinates unless the fields say otherwise."""
        given = OutgoingFields.model_validate({**NOTICE, **fields})
        return self._act(starting.create_document, self.actor(login), given, process)

    def request(self, login: str = "drafter", **fields: Any) -> Done:
        """A 请示 to the superior."""
        return self.draft(login, **{**REQUEST, **fields})

    def register(self, login: str = "secretary", **fields: Any) -> Done:
        given = IncomingFields.model_validate({**RECEIVED, **fields})
        return self._act(starting.register_incoming, self.actor(login), given)

    def scan(self, login: str = "dispatcher", **fields: Any) -> Done:
        """A scanned paper with its scan; the bytes are not in the store."""
        given = ScanFields.model_validate({**SCAN, **fields})
        done = self._act(starting.register_scan, self.actor(login), given)
        upload = Upload("通知.tif", "image/tiff", 10, "a" * 64)
        editing.attach_all(self.session, self.actor(login), done, [upload])
        self.session.commit()
        return done

    def complete(
        self,
        task: Task,
        login: str,
        outcome: str | None = None,
        *,
        opinion: str = "同意。",
        fields: dict[str, Any] | None = None,
        next: Sequence[str] = (),
        explanations: dict[str, str] | None = None,
        checked: Sequence[str] = (),
        revision: int | None = None,
    ) -> Done:
        form = Completion(
            outcome=outcome,
            revision=task.revision if revision is None else revision,
            opinion=opinion,
            fields=fields or {},
            next=next,
            explanations=explanations or {},
            checked=checked,
            any_hour=True,  # the days of this world are long; see test_sending
        )
        act = sign_at_once if self.pages_fit else completing.complete
        return self._act(act, self.actor(login), task.id, form)

    def send_back(
        self, task: Task, login: str, to: str, *, opinion: str = "请修改。", then: str = "route"
    ) -> Done:
        form = returning.Return(to=to, opinion=opinion, revision=task.revision, then=then)
        return self._act(returning.return_task, self.actor(login), task.id, form)

    def hand_over(
        self, task: Task, login: str, to: str, mode: str = "transfer", opinion: str = "请办。"
    ) -> Task:
        """The stay that the colleague has now."""
        form = HandOver(to=to, opinion=opinion, mode=mode, revision=task.revision)
        done: Done = self._act(handing_over.hand_over, self.actor(login), task.id, form)
        return done.opened[0]

    def withdraw(self, task: Task, login: str, reason: str = "") -> TakenBack:
        return self._act(withdrawing.withdraw, self.actor(login), task.id, reason)

    def add_signers(
        self, task: Task, login: str, logins: Sequence[str], position: str, reason: str = ""
    ) -> Done:
        """``position``: before, after or parallel to the stay of ``login``."""
        return self._act(
            adding_signers.add_signers, self.actor(login), task.id, logins, position, reason
        )

    def remove_signer(self, task: Task, login: str, signer: str, reason: str = "") -> Done:
        """``task``: any open stay of the signing."""
        actor = self.actor(login)
        return self._act(removing_signers.remove_signer, actor, task.id, signer, reason)

    def delegate(
        self, login: str, agent: str, *, days: float = 5, since: datetime | None = None, **more: Any
    ) -> Delegation:
        """A delegation from now on, or from ``since``, for so many days."""
        begins = since or self.at
        until = begins + timedelta(days=days)
        wanted = Wanted(agent, begins, until, **{"reason": "外出", **more})
        found: Delegation = self._act(delegating.delegate, self.actor(login), wanted)
        return found

    def take_back(self, login: str, delegation: Delegation) -> None:
        """End a delegation by hand."""
        self._act(delegating.end, self.actor(login), delegation.id)

    def sweep(self) -> None:
        """Let what is due take effect, as the scheduler does it."""
        self.session.rollback()
        with clock.moved_to(self.at):
            sweep(sessionmaker(self.session.get_bind()), EFFECTS)

    def open(self, case: Case) -> list[Task]:
        """The open stays of a case, oldest first."""
        query = sa.select(Task).where(Task.case_id == case.id, Task.state == "open")
        return list(self.session.scalars(query.order_by(Task.id)))

    def case_of(self, task: Task) -> Case:
        return self.session.get_one(Case, task.case_id)

    def holders(self, task: Task) -> list[str]:
        """Logins of who may act at a stay."""
        row = queries.tasks_by_id(self.session, [task.id])[0]
        return [login for login, _ in row.candidates]

    def document(self, case: Case) -> Document:
        return self.session.get_one(Document, case.document_id)

    def run(self, done: Done, until: str | None = None, **choices: dict[str, Any]) -> Task | None:
        """Play a case on with the first of each stay's people until a step opens, or to its end.

        choices  by step: keywords of :meth:`complete`
        """
        for _ in range(60):
            waiting = self.open(done.case)
            if not waiting:
                return None
            task = waiting[0]
            if task.step == until:
                return task
            given = {"opinion": "同意。", **choices.get(task.step, {})}
            login = given.pop("login", None) or self.holders(task)[0]
            self.complete(task, login, **given)
        raise AssertionError("the case does not end")

    def _act(self, operation: Any, *values: Any) -> Any:
        """One act in one transaction, a minute after the one before."""
        self.later(minutes=1)
        try:
            with clock.moved_to(self.at):
                result = operation(self.session, *values)
                self.session.commit()
        except BaseException:
            self.session.rollback()
            raise
        return result


def sign_at_once(session: Session, actor: Actor, task_id: int, form: Completion) -> Done:
    """Complete a stay as if the page that is signed there, if any, had been set and fitted."""
    with suppress(DomainError):  # the act itself says what is wrong
        take_for_fit(session, actor, task_id)
    return completing.complete(session, actor, task_id, form)
