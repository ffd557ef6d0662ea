"""The shipped route of certificates, from the applicant's form to the certificate in use."""

from collections.abc import Sequence
from typing import Any

import pytest
import sqlalchemy as sa

from app.documents.attachments import Upload
from app.documents.fields import RequestFields
from app.errors import Conflict, DomainError, Invalid
from app.handling.acts import cancelling, editing, requesting
from app.handling.acts.done import Done
from app.handling.models import Task
from app.handling.views import queries
from app.seals.certificates import standing
from app.seals.certificates.models import Application
from app.seals.models import Certificate
from tests.seals.certification import ISSUER, OFFICER, Certification
from tests.seals.conftest import certification, office, signer_keys

__all__ = ["certification", "office", "signer_keys"]

FILES = ("身份证明.pdf", "证书申请表（已盖章）.pdf")
FORM = {"certificate_verb": "issue", "certificate_agreement": True}


def begin(
    certification: Certification, login: str = "drafter", files: Sequence[str] = FILES
) -> tuple[Done, Task]:
    """A request with its attachments, lying with the applicant."""
    world = certification.world
    fields = RequestFields(title="申请个人证书", body="办理签发业务需要。")
    done: Done = world._act(requesting.start_request, world.actor(login), "certificate", fields)
    uploads = [
        Upload(name, "application/pdf", 10, f"{place:064x}") for place, name in enumerate(files)
    ]
    editing.attach_all(world.session, world.actor(login), done, uploads)
    world.session.commit()
    (task,) = world.open(done.case)
    return done, task


def submit(
    certification: Certification, login: str = "drafter", files: Sequence[str] = FILES, **form: Any
) -> Done:
    done, task = begin(certification, login, files)
    certification.world.complete(task, login, opinion="", fields={**FORM, **form})
    return done


def act(certification: Certification, done: Done, login: str, outcome: str) -> None:
    (task,) = certification.world.open(done.case)
    certification.world.complete(task, login, outcome, opinion="已核对。")


def application(certification: Certification, done: Done) -> Application:
    query = sa.select(Application).where(Application.case_id == done.case.id)
    return certification.session.scalars(query.order_by(Application.id.desc())).first()  # type: ignore[return-value]


def issue(certification: Certification, login: str = "drafter", **form: Any) -> Certificate:
    done = submit(certification, login, **form)
    act(certification, done, OFFICER, "approve")
    act(certification, done, ISSUER, "approve")
    assert done.case.state == "closed"
    certification.turn()
    entered = application(certification, done)
    certification.session.refresh(entered)
    return certification.session.get_one(Certificate, entered.result_id)


def test_applied_for_checked_and_issued_by_three_people(certification: Certification) -> None:
    certificate = issue(certification)
    world = certification.world
    assert certificate.person_id == world.actor("drafter").person_id
    entered = certification.session.scalars(sa.select(Application)).one()
    assert [each["name"] for each in entered.evidence] == ["身份证明.pdf"]
    assert entered.form == f"{1:064x}"
    (row,) = queries.to_read(world.session, world.actor("drafter"), 10)
    assert row.notice == "数字证书申请已通过。"


def test_who_acts_at_which_step(certification: Certification) -> None:
    done = submit(certification)
    world = certification.world
    (task,) = world.open(done.case)
    assert (task.step, world.holders(task)) == ("check_application", [OFFICER])
    act(certification, done, OFFICER, "approve")
    (task,) = world.open(done.case)
    assert (task.step, world.holders(task)) == ("grant_application", [ISSUER])


@pytest.mark.parametrize(
    ("files", "said"),
    [((), "申请表"), (("身份证明.pdf",), "申请表"), (("申请表.pdf",), "证明材料")],
)
def test_proofs_and_sealed_form_are_asked_for_at_once(
    certification: Certification, files: Sequence[str], said: str
) -> None:
    done, task = begin(certification, files=files)
    with pytest.raises(Invalid, match=said):
        certification.world.complete(task, "drafter", opinion="", fields=FORM)
    assert [each.step for each in certification.world.open(done.case)] == ["apply"]


def test_the_agreement_is_accepted_or_nothing_is_asked(certification: Certification) -> None:
    _, task = begin(certification)
    with pytest.raises(Invalid, match="服务协议"):
        certification.world.complete(
            task, "drafter", opinion="", fields={**FORM, "certificate_agreement": False}
        )


def test_a_second_certificate_is_refused_to_the_applicant(certification: Certification) -> None:
    issue(certification)
    _, task = begin(certification)
    with pytest.raises(Conflict, match="一证"):
        certification.world.complete(task, "drafter", opinion="", fields=FORM)


@pytest.mark.parametrize("steps", [[], [OFFICER]])
def test_refused_at_either_step(certification: Certification, steps: Sequence[str]) -> None:
    done = submit(certification)
    for login in steps:
        act(certification, done, login, "approve")
    act(certification, done, ISSUER if steps else OFFICER, "refuse")
    certification.turn()
    assert certification.world.document(done.case).state == "refused"
    assert application(certification, done).state == "refused"
    assert submit(certification).case.state == "running"


def test_what_came_back_is_asked_for_anew(certification: Certification) -> None:
    done = submit(certification)
    (task,) = certification.world.open(done.case)
    certification.world.send_back(task, OFFICER, "apply")
    (task,) = certification.world.open(done.case)
    purpose = {**FORM, "certificate_purpose": "login"}
    certification.world.complete(task, "drafter", opinion="", fields=purpose)
    entered = application(certification, done)
    assert (entered.purpose, entered.state) == ("login", "asked")


def test_a_cancelled_application_stands_in_nobodys_way(certification: Certification) -> None:
    world = certification.world
    done = submit(certification)
    cancelling.cancel(world.session, world.actor("drafter"), done.case.id, "不办了")
    world.session.commit()
    assert submit(certification).case.state == "running"


def test_a_loss_is_frozen_with_the_act(certification: Certification) -> None:
    """SIG-23: nobody of the office has looked yet."""
    certificate = certification.accepted("drafter")
    world = certification.world
    done = submit(certification, files=(), certificate_verb="suspend")
    assert done.case.state == "closed"
    certification.session.refresh(certificate)
    assert certificate.state == "suspended"
    with pytest.raises(DomainError) as refused:
        standing.of_person(world.session, world.actor("drafter").person_id, world.at)
    assert refused.value.code == "certificate_suspended"


def test_nothing_to_report_lost(certification: Certification) -> None:
    _, task = begin(certification)
    with pytest.raises(Conflict, match="没有可以挂失"):
        certification.world.complete(
            task, "drafter", opinion="", fields={**FORM, "certificate_verb": "suspend"}
        )


def test_revocation_ends_on_its_own_branch(certification: Certification) -> None:
    certificate = issue(certification)
    done = submit(certification, certificate_verb="revoke", certificate_cause="asked")
    act(certification, done, OFFICER, "approve")
    act(certification, done, ISSUER, "approve")
    certification.turn()
    certification.session.refresh(certificate)
    assert certificate.state == "revoked"


def test_the_keeper_applies_for_his_seal(certification: Certification) -> None:
    seal = certification.seal()
    certificate = issue(certification, "seal.keeper", certificate_seal=seal.wording)
    assert (certificate.role, certificate.seal_id) == ("seal", seal.id)


def test_nobody_applies_for_a_seal_that_he_does_not_keep(certification: Certification) -> None:
    seal = certification.seal()
    _, task = begin(certification)
    with pytest.raises(Invalid, match="没有保管"):
        certification.world.complete(
            task, "drafter", opinion="", fields={**FORM, "certificate_seal": seal.wording}
        )


def test_nobody_checks_his_own_application(certification: Certification) -> None:
    """The only officer of the unit applies himself: the case stops in sight, for administrators."""
    done = submit(certification, OFFICER)
    (task,) = certification.world.open(done.case)
    assert task.step == "check_application"
    assert OFFICER not in certification.world.holders(task)
    assert task.blocked
