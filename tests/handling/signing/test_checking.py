"""What goes out is verified before the act that sends it; the act only compares."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, NoReturn

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import sessionmaker

from app import clock
from app.database import db
from app.handling.acts import setting_sending
from app.handling.acts.completing import Completion
from app.handling.equipment import equipment, use
from app.handling.errors import PaperUnchecked
from app.handling.models import Task
from app.handling.signing import checking, waiting
from app.handling.signing.checking import PaperNotGood
from app.seals import papers, verification
from app.seals.certificates import holding, publishing
from app.seals.models import Certificate, Paper, PaperCheck
from app.seals.registry import checks, shelf
from app.seals.signer import SignerUnavailable
from tests.handling.signing.direct import SigningOffice, choose, processes
from tests.handling.signing.test_route import at

NIGHT = 22
UNSEALED = {"sign_off": "digital", "seal": "none"}


def unchecked(office: SigningOffice, task: Task) -> PaperUnchecked:
    with pytest.raises(PaperUnchecked) as refused:
        office.world.complete(task, "secretary")
    return refused.value


def check(office: SigningOffice, task: Task) -> int:
    """Verify the paper that the act would send; its id."""
    paper_id = unchecked(office, task).paper_id
    with clock.moved_to(office.world.at):
        checking.check(equipment().sessions, paper_id)
    return paper_id


@contextmanager
def nothing_verified(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever opens a file or asks for a stamp in this block fails."""

    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise AssertionError("not within the act")

    with monkeypatch.context() as patch:
        patch.setattr(verification, "verify", refuse)
        patch.setattr(papers, "renew", refuse)
        yield


def test_an_unchecked_paper_is_not_sent_and_nothing_has_changed(office: SigningOffice) -> None:
    done, task = at(office, "final_check_dispatch")
    unchecked(office, task)
    world = office.world
    assert world.document(done.case).state == "sealed"
    assert [each.step for each in world.open(done.case)] == ["final_check_dispatch"]
    assert world.session.scalars(sa.select(PaperCheck)).all() == []


@pytest.mark.parametrize("ways", [None, UNSEALED], ids=["sealed", "unsealed"])
def test_the_act_itself_neither_verifies_nor_stamps(
    office: SigningOffice, monkeypatch: pytest.MonkeyPatch, ways: dict[str, str] | None
) -> None:
    world = office.world
    if ways:
        choose(world, ways)
    done, task = at(office, "final_check_dispatch")
    check(office, task)
    with nothing_verified(monkeypatch):
        world.complete(task, "secretary")
    document = world.document(done.case)
    kept = shelf.current(world.session, document)
    assert kept is not None
    assert (document.state, kept.stage) == ("dispatched", "renewed" if ways else "sealed")
    found = world.session.scalars(sa.select(PaperCheck)).one()
    assert (found.out_sha256, found.sentences) == (kept.sha256, [])


def test_what_was_stamped_beforehand_counts_only_with_the_act(office: SigningOffice) -> None:
    """Checked and not sent: the file lies in the store, and the document is as it was."""
    world = office.world
    choose(world, UNSEALED)
    done, task = at(office, "final_check_dispatch")
    check(office, task)
    kept = shelf.current(world.session, world.document(done.case))
    assert kept is not None
    assert kept.stage == "numbered"


def test_a_verdict_counts_a_quarter_of_an_hour(office: SigningOffice) -> None:
    world = office.world
    done, task = at(office, "final_check_dispatch")
    check(office, task)
    world.later(minutes=15)
    unchecked(office, task)
    office.try_to(task, "secretary")
    assert world.document(done.case).state == "dispatched"


def test_a_suspended_certificate_has_it_verified_again(office: SigningOffice) -> None:
    """It was good when it signed, so the document goes out; but somebody has looked."""
    world = office.world
    done, task = at(office, "final_check_dispatch")
    check(office, task)
    leader = world.actor("leader")
    certificate = world.session.query(Certificate).filter_by(person_id=leader.person_id).one()
    world._act(holding.suspend, leader, certificate.id, world.at, "丢失。")
    unchecked(office, task)
    office.try_to(task, "secretary")
    assert world.document(done.case).state == "dispatched"


def test_a_newer_revocation_list_has_it_verified_again(office: SigningOffice) -> None:
    world = office.world
    _, task = at(office, "final_check_dispatch")
    check(office, task)
    leader = world.actor("leader")
    certificate = world.session.query(Certificate).filter_by(person_id=leader.person_id).one()
    world._act(holding.suspend, leader, certificate.id, world.at, "丢失。")
    check(office, task)
    authority = processes(office.folder)[0]
    assert world._act(publishing.renew_lists, authority, world.at)
    unchecked(office, task)


def test_a_bad_verdict_is_told_and_soon_found_anew(office: SigningOffice) -> None:
    world = office.world
    done, task = at(office, "final_check_dispatch")
    document = world.document(done.case)
    before = shelf.current(world.session, document, "numbered")
    assert before is not None
    content = equipment().store.get(before.sha256)
    shelf.keep(world.session, document, "sealed", content, before.fields, world.at)
    world.session.commit()
    paper_id = check(office, task)
    world.later(minutes=-1)
    with pytest.raises(PaperNotGood, match="没有通过核验"):
        world.complete(task, "secretary")
    world.later(seconds=checks.BAD_FOR.total_seconds())
    assert unchecked(office, task).paper_id == paper_id


def test_without_the_time_stamp_service_it_says_so(office: SigningOffice) -> None:
    world = office.world
    choose(world, UNSEALED)
    done, task = at(office, "final_check_dispatch")

    def down(_: bytes) -> NoReturn:
        raise SignerUnavailable("证书服务没有运行。请稍后再试。")

    use(replace(equipment(), stamps=down))
    with pytest.raises(PaperNotGood, match="证书服务没有运行"):
        office.try_to(task, "secretary")
    assert world.document(done.case).state == "numbered"


def test_what_is_set_for_the_morning_is_verified_beside_the_sweep(office: SigningOffice) -> None:
    """TRN-04: the sweep waits for nothing; it comes again when the paper has been verified."""
    world = office.world
    done, task = at(office, "final_check_dispatch")
    world.at = world.at.astimezone(clock.SHANGHAI).replace(hour=NIGHT)
    with clock.moved_to(world.at):
        secretary, form = world.actor("secretary"), Completion("dispatch", task.revision)
        found = setting_sending.set_sending(world.session, secretary, task.id, form)
        world.session.commit()
    world.at = found.send_at + timedelta(minutes=1)
    world.sweep()
    assert found.state == "waiting"
    world.session.rollback()
    with clock.moved_to(world.at):
        assert waiting.check_waiting(sessionmaker(db.engine)) == 1
        assert waiting.check_waiting(sessionmaker(db.engine)) == 0
    world.later(seconds=10)
    world.sweep()
    world.session.refresh(found)
    document = world.document(done.case)
    assert (found.state, document.state) == ("done", "dispatched")


def test_papers_of_the_shelf_know_each_other(office: SigningOffice) -> None:
    """A verdict on one paper says nothing of the next one of the same text."""
    world = office.world
    done, task = at(office, "final_check_dispatch")
    first = check(office, task)
    document = world.document(done.case)
    kept = world.session.get_one(Paper, first)
    content = equipment().store.get(kept.sha256)
    shelf.keep(world.session, document, "sealed", content, kept.fields, world.at)
    world.session.commit()
    assert unchecked(office, task).paper_id != first
