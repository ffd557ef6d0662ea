"""Ways to a signature without an approval: what is asked for, and how it is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from app.organization.models import Appointment
from app.seals.signer import ByToken, Order
from tests.seals.signer.conftest import Desk


@dataclass(frozen=True)
class Attack:
    """``prepare`` leaves the world as the attacker needs it and says what he asks for."""

    name: str
    prepare: Callable[[Desk], Order]
    code: str


def without_approval(desk: Desk) -> Order:
    """A stay at which nothing is signed."""
    done = desk.world.draft()
    return desk.order("drafter", task=done.opened[0])


def ahead_of_time(desk: Desk) -> Order:
    """The keeper, while the document still waits for its sign-off."""
    return desk.order("seal.keeper", field="单位印章")


def stale_approval(desk: Desk) -> Order:
    """The stay has ended in the meantime: the signatory has sent the document back."""
    order = desk.order()
    desk.world.send_back(desk.task, "leader", "office_check")
    return order


def old_form(desk: Desk) -> Order:
    order = desk.order()
    return desk.order(act={**order.act, "revision": desk.task.revision + 1})


def other_page(desk: Desk) -> Order:
    """The page that was shown is not the one that would be signed."""
    return desk.order(expected_sha256="0" * 64)


def other_document(desk: Desk) -> Order:
    """The approval of one document, the number of another."""
    other = desk.world.draft()
    return desk.order(document_id=other.case.document_id)


def other_field(desk: Desk) -> Order:
    return desk.order(field="单位印章")


def other_person(desk: Desk) -> Order:
    """A leader of another department, with his own password."""
    return desk.order("leader2")


def foreign_seal(desk: Desk) -> Order:
    """The stay is his, the seal is kept by somebody else."""
    order = desk.order("seal.keeper", task=desk.at_the_seal())
    desk.change(desk.seal, keeper_id=desk.world.actor("secretary").person_id)
    return order


def suspended_seal(desk: Desk) -> Order:
    order = desk.order("seal.keeper", task=desk.at_the_seal())
    desk.change(desk.seal, state="suspended")
    return order


def former_keeper(desk: Desk) -> Order:
    """His post has ended since the stay was opened."""
    order = desk.order("seal.keeper", task=desk.at_the_seal())
    post = desk.session.scalars(
        sa.select(Appointment).where(Appointment.person_id == order.person_id)
    ).one()
    desk.change(post, until=desk.world.at)
    desk.follow_posts()
    return order


def old_proof(desk: Desk) -> Order:
    return desk.order(proof=ByToken("somebody else's, or of yesterday"))


def frozen_certificate(desk: Desk) -> Order:
    desk.change(desk.certificate("leader"), state="suspended", revoked_at=desk.world.at)
    return desk.order()


def revoked_certificate(desk: Desk) -> Order:
    desk.change(desk.certificate("leader"), state="revoked", revoked_at=desk.world.at)
    return desk.order()


def stopped_authority(desk: Desk) -> Order:
    desk.change(desk.authority(), state="revoked", revoked_at=desk.world.at)
    return desk.order()


def outdated_list(desk: Desk) -> Order:
    """The newest list has run out: nobody knows what is revoked."""
    desk.list_until(desk.world.at - timedelta(hours=12))
    return desk.order()


def deputy_of_a_keeper_at_work(desk: Desk) -> Order:
    """He keeps the seal only while the keeper is away."""
    order = desk.order("seal.keeper", task=desk.at_the_seal())
    keepers = {"keeper_id": desk.world.actor("office.head").person_id, "deputy_id": order.person_id}
    desk.change(desk.seal, **keepers)
    return order


def wrong_kind(desk: Desk) -> Order:
    """The seal may be put on other kinds of documents only."""
    order = desk.order("seal.keeper", task=desk.at_the_seal())
    desk.change(desk.seal, kinds=["函"])
    return order


ATTACKS = [
    Attack(prepare.__name__, prepare, code)
    for prepare, code in (
        (without_approval, "no_approval"),
        (ahead_of_time, "not_found"),
        (stale_approval, "already_done"),
        (old_form, "stale_revision"),
        (other_page, "page_changed"),
        (other_document, "no_approval"),
        (other_field, "no_approval"),
        (other_person, "not_found"),
        (foreign_seal, "foreign_seal"),
        (suspended_seal, "seal_not_active"),
        (former_keeper, "not_found"),
        (old_proof, "proof_too_old"),
        (frozen_certificate, "certificate_suspended"),
        (revoked_certificate, "certificate_revoked"),
        (stopped_authority, "untrusted_issuer"),
        (outdated_list, "list_too_old"),
        (deputy_of_a_keeper_at_work, "foreign_seal"),
        (wrong_kind, "foreign_seal"),
    )
]
