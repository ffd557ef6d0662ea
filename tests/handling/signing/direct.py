"""An office that signs with keys: authority and signer in this process, asked without a socket."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy.orm import sessionmaker

from app import clock, organization
from app.database import db
from app.documents.layout import FontBook
from app.handling.acts.completing import Completion
from app.handling.acts.done import Done
from app.handling.equipment import equipment, use
from app.handling.models import Task
from app.handling.signing import checking, pages
from app.handling.signing.approvals import Acts, act_of
from app.handling.signing.needs import SignatureNeeded
from app.handling.views import paper
from app.organization import Unit
from app.organization.demo import COUNTY
from app.seals import signer
from app.seals.certificates.office import Office
from app.seals.certificates.serving import Asked
from app.seals.keys import KeyEncryption, SoftwareKeys
from app.seals.models import Seal
from app.seals.registry import policies
from app.seals.signer import ByPassword, Client, Order
from app.seals.signer.checking import ensure_intact
from app.seals.signer.identity import Identities
from app.seals.signer.pen import PaperPen
from app.seals.signer.server import Operation
from app.seals.signer.signing import Signer
from tests.seals.certification import Certification
from tests.seals.registry.sealing import made
from tests.world import World

DIGITAL = {"sign_off": "digital", "seal": "digital"}


@dataclass(frozen=True)
class Direct(Client):
    """What the web process asks, answered in this thread."""

    operations: Mapping[str, Operation] = field(default_factory=dict)

    def ask(self, operation: str, given: dict[str, Any], *, seconds: float = 60.0) -> Any:
        return self.operations[operation](given, time.monotonic() + 60)


@dataclass
class SigningOffice:
    """The county bureau with certificates for its leaders and its seal, kept by seal.keeper."""

    world: World
    password: str
    folder: Path

    @property
    def seal(self) -> Seal:
        return self.world.session.query(Seal).one()

    def complete(self, task: Task, login: str, outcome: str | None = None, **given: Any) -> Done:
        """Complete a stay; where a signature is needed, read the page, sign it, and repeat."""
        form = Completion(outcome, task.revision, "同意。", **given)
        try:
            return self.try_to(task, login, outcome, **given)
        except SignatureNeeded as needed:
            self.sign(needed, form)
        return self.try_to(task, login, outcome, **given)

    def try_to(self, task: Task, login: str, outcome: str | None = None, **given: Any) -> Done:
        """Complete a stay as a request does: a paper that goes out is verified before."""
        act = partial(self.world.complete, task, login, outcome, **given)
        with clock.moved_to(self.world.at):
            return checking.checked_before(act, self._undo)

    def _undo(self) -> None:
        """The second try is as late as the first."""
        self.world.session.rollback()
        self.world.later(minutes=-1)

    def sign(self, needed: SignatureNeeded, form: Completion, **changes: Any) -> None:
        """What the web process does between the two tries."""
        self.sign_order(replace(self.order(needed, form), **changes))

    def order(self, needed: SignatureNeeded, form: Completion) -> Order:
        need, session = needed.need, self.world.session
        with clock.moved_to(self.world.at):
            self._prove(need.person_id, need.task_id)
            shown = pages.shown(session, need)
        session.rollback()
        return Order(
            document_id=need.document_id,
            task_id=need.task_id,
            person_id=need.person_id,
            field=need.field,
            act=act_of(form),
            proof=ByPassword(self.password),
            expected_sha256=shown.sha256,
        )

    def _prove(self, person_id: int, task_id: int) -> None:
        """As ``web.proving`` does it before the act."""
        session = self.world.session
        printed = paper.to_sign(session, organization.actor(session, person_id), task_id)
        session.rollback()
        if printed is not None:
            printed.prove()

    def sign_order(self, order: Order) -> None:
        self.world.session.rollback()
        with clock.moved_to(self.world.at):
            signer.client().sign(order)

    def run(self, done: Done, until: str | None = None) -> Task | None:
        """Play a case on, signing where it is needed, until a step opens or to its end."""
        for _ in range(20):
            waiting = self.world.open(done.case)
            if not waiting or waiting[0].step == until:
                return waiting[0] if waiting else None
            self.complete(waiting[0], self.world.holders(waiting[0])[0])
        raise AssertionError("the case does not end")


def found(world: World, folder: Path) -> None:
    """An authority founded on the Monday of the world, certificates for leaders and the seal."""
    unit = world.session.query(Unit).filter_by(key=COUNTY).one()
    office, keys = processes(folder)
    certification = Certification.found(world.session, world, office, keys, unit)
    seal = made(world)
    for login in ("leader", "unit.head"):
        certification.accepted(login)
    certification.accepted("seal.keeper", person_id=None, seal_id=seal.id)
    choose(world, DIGITAL)


def processes(folder: Path) -> tuple[Office, SoftwareKeys]:
    """What the two processes with keys have at hand; the keys lie in the folder."""
    authority = SoftwareKeys(folder / "authority", KeyEncryption(b"a" * 32))
    signer_keys = SoftwareKeys(folder / "signer", KeyEncryption(b"s" * 32))
    return Office(authority, "https://oa.test"), signer_keys


def choose(world: World, ways: Mapping[str, str]) -> None:
    admin = world.actor("system.admin")
    given = (world.session, admin.unit_id, ways, "启用签名。", admin, world.at)
    policies.choose(*given, source="江水〔2026〕2号")
    world.session.commit()


def use_signer(office: Office, keys: SoftwareKeys) -> None:
    sessions = sessionmaker(db.engine)
    authority = Direct(Path("none"), "证书服务", Asked(sessions, office).operations())
    fonts = equipment().fonts
    assert isinstance(fonts, FontBook)
    use(replace(equipment(), stamps=partial(authority.reply, "stamp")))
    pen = PaperPen(authority, equipment().store, fonts)
    made = Signer(
        sessions,
        Acts(),
        {"software": keys},
        pen,
        equipment().store,
        Identities(sessions),
        1000,
        ensure_intact,
    )
    signer.use(Direct(Path("none"), "签名服务", made.operations()))
