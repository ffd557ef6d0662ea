"""What stands in for the rooms above and for the paper: real acts, real keys, a page of text."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import organization
from app.documents import marks
from app.documents.models import Document
from app.errors import DomainError
from app.handling.act import Act, hold_task
from app.handling.acts.completing import Completion, complete
from app.handling.acts.topics import RESULTS, TOPICS
from app.seals.digests import digests
from app.seals.keys import SigningKey
from app.seals.models import Seal
from app.seals.signer import Need, NoApproval, Order, Page
from app.seals.signer.credentials import Credential
from app.seals.signer.registering import Made, standing
from app.workflow import register_topics
from app.workflow.moves import ServiceCall

FIELDS = {"write-signatory": ("signatory", "签发"), "seal": ("seal", "单位印章")}
SEAL_OF_TESTS = 1


class Needed(DomainError):
    """The act lacks a signature, and nothing else."""

    def __init__(self, need: Need) -> None:
        super().__init__("此件须签名。")
        self.need = need


def need_signatures() -> None:
    """From now on sign-off and seal of this process ask for the signature of their stay."""
    register_topics({**PLAIN, **{topic: _asking(topic) for topic in FIELDS}}, RESULTS)


def need_no_papers() -> None:
    """From now on acts of this process need no signature, and fill nothing into a paper."""
    register_topics(PLAIN, RESULTS)


def _number(call: ServiceCall) -> None:
    """The pages of tests are no PDF that a number could be filled into."""
    act: Act = call.context
    marks.mark_numbered(act.session, act.document, act.as_candidate, act.at)


PLAIN = {**TOPICS, "register-number": _number}


def _asking(topic: str):
    kind, field = FIELDS[topic]

    def ask(call: ServiceCall) -> None:
        act: Act = call.context
        found = standing(act.session, act.stay.id, field)
        if found is None or found.content_sha256 != act.document.content_sha256:
            raise Needed(_need(act, kind, field))
        PLAIN[topic](call)

    return ask


def _need(act: Act, kind: str, field: str) -> Need:
    return Need(
        kind,
        act.document.id,
        act.stay.id,
        act.actor.person_id,
        field,
        str(act.document.content_sha256),
        seal_id=SEAL_OF_TESTS if kind == "seal" else None,
    )


@dataclass(frozen=True)
class Rehearsal:
    """The real act in a savepoint that is rolled back; ``need_signatures`` has to be in force."""

    def need(self, session: Session, order: Order) -> Need:
        actor = organization.actor(session, order.person_id, order.address)
        hold_task(session, actor, order.task_id)
        savepoint = session.begin_nested()
        try:
            complete(session, actor, order.task_id, Completion(**order.act))
        except Needed as needed:
            return needed.need
        finally:
            savepoint.rollback()
        raise NoApproval

    def page(self, session: Session, need: Need) -> Page:
        content = page_of(session, need.document_id)
        return Page(content, digests(content).sha256)


def page_of(session: Session, document_id: int) -> bytes:
    """What the person is shown: the text, by its digest."""
    document = session.get_one(Document, document_id, populate_existing=True)
    return f"page of {document.content_sha256}".encode()


class PlainPen:
    """Signs the page as it stands and puts the signature behind it."""

    def sign(
        self,
        page: Page,
        need: Need,
        credential: Credential,
        key: SigningKey,
        seal: Seal | None,
        at: datetime,
    ) -> Made:
        assert (seal is None) == (need.kind == "signatory")
        return Made(page.content + b"\n" + key.sign(page.content).hex().encode(), at)
