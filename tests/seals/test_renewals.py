"""The job that renews archival time stamps, with the clock moved through the years."""

import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pyhanko.pdf_utils.reader import PdfFileReader
from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.audit import AuditEntry
from app.documents.storage import Store
from app.errors import Conflict, Invalid
from app.seals import renewals, verification
from app.seals.models import Paper
from app.seals.registry.digests import retire
from app.seals.renewals import BY, Run
from app.seals.stamping import StampMaker
from app.seals.stamping.asking import Ask
from app.seals.verification.reading import safely

from .house import AT, House
from .issued import Old
from .on_record import put_house, put_lists, put_paper, put_stamps

YEAR, DAY = timedelta(days=365), timedelta(days=1)


@dataclass
class Archive:
    """An office of ten years ago with one sealed paper."""

    session: Session
    store: Store
    house: House
    signed_at: datetime

    def renew(self, at: datetime) -> int:
        put_stamps(self.session, self.house)
        put_lists(self.session, self.house, at)
        maker = self.house.stamps[-1]
        stamps = StampMaker(maker.key, maker.certificate, maker.chain, lambda: at)
        return self.run(stamps.answer, at).done

    def run(self, ask: Ask, at: datetime) -> Run:
        self.session.commit()
        return self.run_in(sessionmaker(self.session.get_bind()), ask, at)

    def run_in(self, sessions: Callable[[], Session], ask: Ask, at: datetime) -> Run:
        with clock.moved_to(at):
            return renewals.renew_due(sessions, self.store, ask)

    def papers(self) -> list[Paper]:
        return list(self.session.scalars(sa.select(Paper).order_by(Paper.id)))


@pytest.fixture
def archive(session: Session, old: Old, tmp_path: Path) -> Archive:
    store = Store(tmp_path / "files")
    store.put(old.stages.sealed)
    put_house(session, old.house, old.at)
    put_paper(session, old.stages, old.at)
    return Archive(session, store, old.house, old.at)


def test_an_office_without_an_authority_has_nothing_to_renew(session: Session) -> None:
    assert list(renewals.due(session, AT)) == []


def test_nothing_is_renewed_before_it_is_time(archive: Archive) -> None:
    assert archive.renew(archive.signed_at + 4 * YEAR) == 0
    assert len(archive.papers()) == 1


def test_a_paper_is_renewed_ninety_days_before_and_only_once(archive: Archive) -> None:
    at = archive.signed_at + 5 * YEAR - 100 * DAY
    archive.house.new_stamp_key(at)
    assert archive.renew(at) == 1
    assert archive.renew(at + DAY) == 0
    first, second = archive.papers()
    assert (first.stage, second.stage) == ("sealed", "renewed")
    assert second.content_sha256 == first.content_sha256
    assert archive.store.get(second.sha256).startswith(archive.store.get(first.sha256))
    archive.session.commit()
    noted = sa.select(AuditEntry.body).where(AuditEntry.action == "paper.renewed")
    entry = json.loads(archive.session.scalars(noted).one())
    assert entry["detail"]["before"] == first.sha256


def test_ten_years_on_the_paper_verifies_as_signed_in_time(archive: Archive) -> None:
    for after in (5 * YEAR - 100 * DAY, 9 * YEAR + 200 * DAY):
        at = archive.signed_at + after
        archive.house.new_stamp_key(at)
        assert archive.renew(at) == 1
    now = archive.signed_at + 9 * YEAR + 300 * DAY
    put_lists(archive.session, archive.house, now)
    pdf = archive.store.get(archive.papers()[-1].sha256)
    said = verification.verify(
        pdf,
        verification.trust(archive.session),
        now,
        expected=verification.expected(archive.session, pdf),
        ask=safely,
    )
    assert said.ok, said.sentences
    assert {each.at for each in said.signatures} == {archive.signed_at}
    assert said.codes == ("intact", "expired_since", "expired_since")


def test_a_service_that_gives_no_stamp_leaves_the_paper_as_it_is(archive: Archive, caplog) -> None:
    def silent(_query: bytes) -> bytes:
        raise Conflict("证书服务没有运行。")

    at = archive.signed_at + 5 * YEAR - 100 * DAY
    put_lists(archive.session, archive.house, at)
    found = archive.run(silent, at)
    assert (found.done, [*found.failed.values()]) == (0, ["证书服务没有运行。"])
    assert len(archive.papers()) == 1
    assert "证书服务没有运行" in caplog.text
    assert len(renewals.due(archive.session, at)) == 1


def test_each_paper_is_tried_once_in_a_run_and_a_failed_one_keeps_no_other_back(
    archive: Archive, old: Old
) -> None:
    """The first of three is not in the store; the others are renewed, each for itself."""
    put_paper(archive.session, replace(old.stages, sealed=b"lost"), archive.signed_at)
    put_paper(archive.session, old.stages, archive.signed_at)
    at = archive.signed_at + 5 * YEAR - 100 * DAY
    archive.house.new_stamp_key(at)
    put_stamps(archive.session, archive.house)
    put_lists(archive.session, archive.house, at)
    maker, asked = archive.house.stamps[-1], []
    stamps = StampMaker(maker.key, maker.certificate, maker.chain, lambda: at)

    def ask(query: bytes) -> bytes:
        asked.append(query)
        assert not archive.session.in_transaction()
        return stamps.answer(query)

    found = archive.run(ask, at)
    assert (found.done, len(found.failed), len(asked)) == (2, 1, 4)
    assert [each.stage for each in archive.papers()] == [*["sealed"] * 3, *["renewed"] * 2]


def test_a_paper_that_was_renewed_meanwhile_is_renewed_once(archive: Archive) -> None:
    at = archive.signed_at + 5 * YEAR - 100 * DAY
    archive.house.new_stamp_key(at)
    put_stamps(archive.session, archive.house)
    put_lists(archive.session, archive.house, at)
    maker = archive.house.stamps[-1]
    stamps = StampMaker(maker.key, maker.certificate, maker.chain, lambda: at)

    sessions = sessionmaker(archive.session.get_bind())

    def ask(query: bytes) -> bytes:
        if len(archive.papers()) == 1:
            archive.session.rollback()
            with ThreadPoolExecutor() as other:
                assert other.submit(archive.run_in, sessions, stamps.answer, at).result().done == 1
            archive.papers()
        archive.session.rollback()
        return stamps.answer(query)

    assert archive.run(ask, at).done == 0
    assert [each.stage for each in archive.papers()] == ["sealed", "renewed"]


def test_a_paper_is_renewed_before_its_digest_ends(archive: Archive) -> None:
    """SHA-256 is retired two years before the certificate of the stamp ends."""
    session, end = archive.session, archive.signed_at + 3 * YEAR
    announced = end - 100 * DAY
    retire(session, BY, "sha256", end, "主管部门公告停用。", announced)
    assert archive.renew(announced) == 0
    assert archive.renew(end - 89 * DAY) == 1
    assert archive.renew(end - 88 * DAY) == 0
    first, second = archive.papers()
    assert (first.stamp_digest, second.stamp_digest) == ("sha256", "sha384")
    after = end + 30 * DAY
    put_lists(session, archive.house, after)
    trust = verification.trust(session)
    was, now = (archive.store.get(each.sha256) for each in (first, second))
    said = verification.verify(now, trust, after, ask=safely)
    assert said.ok, said.sentences
    late = verification.verify(was, trust, after, ask=safely)
    assert "algorithm_retired" in late.codes
    assert any("摘要算法 SHA256 已于" in each and "停用" in each for each in late.sentences)
    in_time = verification.verify(was, trust, end - DAY, ask=safely)
    assert "algorithm_retired" not in in_time.codes


def test_a_stamp_is_signed_with_the_digest_that_it_stamps(archive: Archive) -> None:
    session, end = archive.session, archive.signed_at + 3 * YEAR
    retire(session, BY, "sha256", end, "公告。", archive.signed_at)
    retire(session, BY, "sha384", end, "公告。", archive.signed_at)
    at = end - 10 * DAY
    assert archive.renew(at) == 1
    (_, paper) = archive.papers()
    pdf = archive.store.get(paper.sha256)
    stamp = PdfFileReader(io.BytesIO(pdf)).embedded_timestamp_signatures[-1]
    assert stamp.md_algorithm == "sha512"
    (signer,) = stamp.signed_data["signer_infos"]
    assert signer["signature_algorithm"]["algorithm"].native == "sha512_ecdsa"
    with pytest.raises(Invalid, match="没有可用的摘要算法"):
        retire(session, BY, "sha512", end, "公告。", at)
    with pytest.raises(Invalid, match="没有用到"):
        retire(session, BY, "md5", end, "公告。", at)


@pytest.mark.parametrize("failure", [OSError("disk"), ValueError("hostile")])
def test_what_nobody_thought_of_keeps_no_other_paper_back(
    archive: Archive, old: Old, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    put_paper(archive.session, old.stages, archive.signed_at)
    renew, tried = renewals.papers.renew, []

    def first_fails(*given: Any) -> bytes:
        tried.append(1)
        if len(tried) == 1:
            raise failure
        return renew(*given)

    monkeypatch.setattr(renewals.papers, "renew", first_fails)
    at = archive.signed_at + 5 * YEAR - 100 * DAY
    archive.house.new_stamp_key(at)
    put_stamps(archive.session, archive.house)
    put_lists(archive.session, archive.house, at)
    maker = archive.house.stamps[-1]
    stamps = StampMaker(maker.key, maker.certificate, maker.chain, lambda: at)
    found = archive.run(stamps.answer, at)
    assert found.done == 1
    (said,) = found.failed.values()
    assert said.startswith("系统出错")
