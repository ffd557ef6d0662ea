"""The verbs on certificates: which state permits which, who may, and what they leave."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from cryptography import x509
from sqlalchemy.orm import Session

from app.errors import DomainError, Invalid, NotAllowed
from app.organization.certificates import Holder
from app.seals.authority import issuing
from app.seals.certificates import applying, holding, standing
from app.seals.certificates.errors import (
    ApplicationRefused,
    SamePerson,
    SecondCertificate,
    WrongCertificateState,
)
from app.seals.certificates.models import CarrierReturn
from app.seals.models import Certificate, CertificateChange, Key
from app.seals.signing_in import RegisteredCertificates
from tests.seals.certification import Certification


def verbs(session: Session, certificate: Certificate) -> list[str]:
    query = sa.select(CertificateChange.verb).where(
        CertificateChange.certificate_id == certificate.id
    )
    return list(session.scalars(query.order_by(CertificateChange.id)))


def refusal(act: Callable[[], object]) -> DomainError:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value


def test_from_application_to_use(certification: Certification, session: Session) -> None:
    world = certification.world
    certificate = certification.issue("drafter")
    who = world.actor("drafter").person_id
    found = x509.load_der_x509_certificate(certificate.der)
    assert world.actor("drafter").name in certificate.subject
    assert certificate.serial == f"{found.serial_number:x}"
    assert (certificate.not_after - certificate.not_before).days == 3 * 365
    unaccepted = refusal(lambda: standing.of_person(session, who, world.at))
    assert unaccepted.code == "certificate_not_accepted"
    holding.accept(session, world.actor("drafter"), certificate.id, world.at)
    assert standing.of_person(session, who, world.at).id == certificate.id
    assert verbs(session, certificate) == ["issue", "accept"]


def test_the_history_names_three_people_and_the_rules(
    certification: Certification, session: Session
) -> None:
    certificate = certification.issue("drafter")
    change = session.scalars(
        sa.select(CertificateChange).where(CertificateChange.certificate_id == certificate.id)
    ).one()
    actor = certification.world.actor
    assert change.asked_by_id == actor("drafter").person_id
    assert change.checked_by_id == actor("secretary").person_id
    assert change.details["granted_by"] == actor("archivist").person_id
    assert change.details["rules"] == "1"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"evidence": ()}, "evidence"),
        ({"form": ""}, "form"),
        ({"reason": "  "}, "reason"),
        ({"purpose": "everything"}, "verb"),
        ({"verb": "paint"}, "verb"),
        ({"person_id": None}, "holder"),
        ({"person_id": 999999}, "holder"),
    ],
)
def test_applications_that_lack_something(
    certification: Certification, more: dict[str, object], field: str
) -> None:
    actor = certification.world.actor("secretary")
    wanted = certification.wanted("drafter", **more)
    with pytest.raises(ApplicationRefused) as refused:
        applying.ask(certification.session, actor, wanted, certification.world.at)
    assert [each.field for each in refused.value.errors] == [field]


@pytest.mark.parametrize(("verb", "cause"), [("change", ""), ("replace", "x"), ("revoke", "")])
def test_some_verbs_need_a_cause(certification: Certification, verb: str, cause: str) -> None:
    certification.accepted("drafter")
    with pytest.raises(ApplicationRefused, match="原因"):
        certification.ask("drafter", verb, cause=cause)


def test_nobody_asks_for_a_colleague(certification: Certification) -> None:
    wanted = certification.wanted("drafter")
    with pytest.raises(NotAllowed):
        applying.ask(
            certification.session,
            certification.world.actor("dept.head"),
            wanted,
            certification.world.at,
        )


def test_the_office_of_another_unit_has_no_say(certification: Certification) -> None:
    application = certification.ask("drafter")
    with pytest.raises(NotAllowed, match="管理这个单位"):
        certification.review(application, "east.secretary")
    certification.review(application, "city.secretary")
    assert application.state == "reviewed"


def test_three_different_people(certification: Certification) -> None:
    own = certification.ask("secretary")
    with pytest.raises(SamePerson):
        certification.review(own)
    application = certification.ask("archivist")
    certification.review(application)
    with pytest.raises(SamePerson):
        certification.grant(application)


def test_who_checks_does_not_grant(certification: Certification) -> None:
    application = certification.ask("drafter")
    with pytest.raises(NotAllowed, match="证书审核员"):
        certification.review(application, "archivist")
    certification.review(application)
    with pytest.raises(NotAllowed, match="证书签发员"):
        certification.grant(application, "secretary")


def test_nothing_is_issued_unchecked(certification: Certification, session: Session) -> None:
    """SIG-35: even when somebody has written the state into the table."""
    application = certification.ask("drafter")
    with pytest.raises(WrongCertificateState):
        certification.grant(application)
    application.state = "granted"
    session.commit()
    certification.turn()
    session.refresh(application)
    assert application.state == "refused"
    assert application.result_id is None
    assert "三个人" in application.opinion


def test_one_person_one_certificate(certification: Certification) -> None:
    """SIG-41."""
    certification.accepted("drafter")
    with pytest.raises(SecondCertificate, match="一证"):
        certification.ask("drafter")


def test_one_application_at_a_time(certification: Certification) -> None:
    certification.ask("drafter")
    with pytest.raises(WrongCertificateState, match="尚未办结"):
        certification.ask("drafter")


def test_a_refused_application_stays_on_record(
    certification: Certification, session: Session
) -> None:
    application, world = certification.ask("drafter"), certification.world
    officer = world.actor("secretary")
    with pytest.raises(ApplicationRefused, match="理由"):
        applying.refuse(session, officer, application.id, world.at, " ")
    applying.refuse(session, officer, application.id, world.at, "照片不清。")
    assert (application.state, application.opinion) == ("refused", "照片不清。")
    assert certification.ask("drafter").state == "asked"


def test_an_application_is_taken_back_by_who_asked(certification: Certification) -> None:
    application, world = certification.ask("drafter"), certification.world
    session = certification.session
    with pytest.raises(NotAllowed):
        applying.withdraw(session, world.actor("dept.head"), application.id, world.at)
    applying.withdraw(session, world.actor("drafter"), application.id, world.at)
    assert application.state == "refused"


def test_renewal_takes_a_new_key(certification: Certification, session: Session) -> None:
    """SIG-17, 更新."""
    old = certification.accepted("drafter")
    certification.world.later(days=1000)
    new = certification.issue("drafter", "renew")
    assert new.key_id != old.key_id
    assert (new.replaces_id, new.not_after > old.not_after) == (old.id, True)
    assert (old.state, old.revocation) == ("revoked", "superseded")
    assert session.get_one(Key, old.key_id).destroyed_at == certification.world.at


def test_extension_keeps_the_key_and_its_life_limit(
    certification: Certification, session: Session
) -> None:
    """SIG-37: before expiry only, and no key for ever."""
    first = certification.accepted("drafter")
    certification.world.later(days=1090)
    second = certification.issue("drafter", "extend")
    assert second.key_id == first.key_id
    assert session.get_one(Key, first.key_id).destroyed_at is None
    certification.world.later(days=1090)
    third = certification.issue("drafter", "extend")
    key = session.get_one(Key, first.key_id)
    assert third.not_after == (key.made_at + timedelta(days=6 * 365)).replace(microsecond=0)


def test_after_expiry_a_new_application_is_needed(certification: Certification) -> None:
    """SIG-37."""
    certification.accepted("drafter")
    certification.world.later(days=3 * 365)
    for verb in ("renew", "extend"):
        with pytest.raises(WrongCertificateState, match="已过期"):
            certification.ask("drafter", verb)
    assert certification.issue("drafter").state == "valid"


def test_replacement_only_after_the_loss_is_reported(certification: Certification) -> None:
    """SIG-39."""
    old, world = certification.accepted("drafter"), certification.world
    with pytest.raises(WrongCertificateState, match="请先挂失"):
        certification.ask("drafter", "replace", cause="lost")
    holding.suspend(certification.session, world.actor("drafter"), old.id, world.at, "丢失")
    certification.session.commit()
    new = certification.issue("drafter", "replace", cause="lost")
    assert (old.state, old.revocation) == ("revoked", "keyCompromise")
    assert new.replaces_id == old.id


def test_a_loss_reported_meanwhile_stops_the_extension(
    certification: Certification, session: Session
) -> None:
    """The lost key gets no longer life because somebody granted it a minute before."""
    old, world = certification.accepted("drafter"), certification.world
    application = certification.ask("drafter", "extend")
    certification.review(application)
    certification.grant(application)
    holding.suspend(session, world.actor("drafter"), old.id, world.at, "丢失")
    session.commit()
    certification.turn()
    session.refresh(application)
    assert (application.state, application.result_id) == ("refused", None)


def test_a_damaged_carrier_is_returned(certification: Certification, session: Session) -> None:
    old, world = certification.accepted("drafter"), certification.world
    holding.suspend(session, world.actor("drafter"), old.id, world.at, "损坏")
    session.commit()
    certification.issue("drafter", "replace", cause="damaged")
    assert session.get_one(CarrierReturn, old.id).confirmed_at is None
    assert old.revocation == "superseded"


def test_change_of_data(certification: Certification, session: Session) -> None:
    """SIG-38."""
    old = certification.accepted("drafter")
    new = certification.issue("drafter", "change", cause="data")
    assert (old.state, old.revocation) == ("revoked", "affiliationChanged")
    assert new.key_id != old.key_id
    assert session.get_one(CarrierReturn, old.id).reason == "证书中的重要信息变更"


def test_frozen_at_once_and_released_by_another(
    certification: Certification, session: Session
) -> None:
    """SIG-23, SIG-17."""
    certificate, world = certification.accepted("drafter"), certification.world
    who = world.actor("drafter").person_id
    holding.suspend(session, world.actor("drafter"), certificate.id, world.at, "找不到了")
    assert refusal(lambda: standing.of_person(session, who, world.at)).code == (
        "certificate_suspended"
    )
    for login in ("drafter", "dept.head"):
        with pytest.raises(NotAllowed):
            holding.resume(session, world.actor(login), certificate.id, world.at, "已找到")
    holding.resume(session, world.actor("secretary"), certificate.id, world.at, "已核实")
    assert standing.of_person(session, who, world.at).id == certificate.id
    assert verbs(session, certificate)[-2:] == ["suspend", "resume"]


def test_who_froze_does_not_release(certification: Certification, session: Session) -> None:
    certificate, world = certification.accepted("drafter"), certification.world
    holding.suspend(session, world.actor("secretary"), certificate.id, world.at, "举报")
    with pytest.raises(SamePerson):
        holding.resume(session, world.actor("secretary"), certificate.id, world.at, "核实")
    holding.resume(session, world.actor("archivist"), certificate.id, world.at, "核实")


def test_an_officer_does_not_release_his_own(
    certification: Certification, session: Session
) -> None:
    world = certification.world
    certificate = certification.through(certification.ask("secretary"), "city.secretary")
    assert certificate is not None
    holding.suspend(session, world.actor("archivist"), certificate.id, world.at, "举报")
    with pytest.raises(SamePerson):
        holding.resume(session, world.actor("secretary"), certificate.id, world.at, "核实")


def test_strangers_freeze_nothing(certification: Certification, session: Session) -> None:
    certificate, world = certification.accepted("drafter"), certification.world
    with pytest.raises(NotAllowed):
        holding.suspend(session, world.actor("dept.head"), certificate.id, world.at, "看着不对")
    assert certificate.state == "valid"


def test_revoked_for_good_by_a_second_person(
    certification: Certification, session: Session
) -> None:
    """SIG-40."""
    certificate, world = certification.accepted("drafter"), certification.world
    issuer = world.actor("archivist")
    with pytest.raises(WrongCertificateState, match="先由另一人冻结"):
        holding.revoke(session, issuer, certificate.id, world.at, "insecure", "泄露")
    frozen = world.at
    holding.suspend(session, world.actor("secretary"), certificate.id, frozen, "疑似泄露")
    world.later(hours=3)
    with pytest.raises(Invalid, match="六种情形"):
        holding.revoke(session, issuer, certificate.id, world.at, "whatever", "泄露")
    holding.revoke(session, issuer, certificate.id, world.at, "insecure", "泄露")
    assert (certificate.state, certificate.revoked_at) == ("revoked", frozen)
    with pytest.raises(WrongCertificateState, match="不能恢复"):
        holding.resume(session, world.actor("secretary"), certificate.id, world.at, "误会")
    returned = holding.confirm_return(
        session, world.actor("secretary"), certificate.id, world.at, "已销毁"
    )
    assert returned.confirmed_at == world.at
    with pytest.raises(WrongCertificateState, match="没有待交回"):
        holding.confirm_return(session, world.actor("secretary"), certificate.id, world.at, "再来")


def test_revocation_on_application(certification: Certification, session: Session) -> None:
    certificate = certification.accepted("drafter")
    made = certification.through(certification.ask("drafter", "revoke", cause="asked"))
    assert made is None
    assert (certificate.state, certificate.revocation) == ("revoked", "cessationOfOperation")
    assert session.get_one(CarrierReturn, certificate.id).reason == "持有人申请"
    assert certification.ask("drafter").verb == "issue"


def test_purposes_are_kept_apart(certification: Certification, session: Session) -> None:
    """SIG-36."""
    certificate, world = certification.accepted("drafter", purpose="login"), certification.world
    who = world.actor("drafter").person_id
    assert refusal(lambda: standing.of_person(session, who, world.at)).code == "wrong_purpose"
    register = RegisteredCertificates()
    assert register.holder_of(session, certificate.der, world.at) == Holder(who)


def test_a_seal_has_a_certificate_that_its_keeper_accepts(
    certification: Certification, session: Session
) -> None:
    seal, world = certification.seal(), certification.world
    certificate = certification.issue("seal.keeper", person_id=None, seal_id=seal.id)
    assert certificate.role == "seal"
    with pytest.raises(NotAllowed):
        holding.accept(session, world.actor("drafter"), certificate.id, world.at)
    holding.accept(session, world.actor("seal.keeper"), certificate.id, world.at)
    assert standing.of_seal(session, seal.id, world.at).id == certificate.id
    assert RegisteredCertificates().holder_of(session, certificate.der, world.at).refusal


def test_nobody_is_nobodys_holder(certification: Certification, session: Session) -> None:
    world = certification.world
    who = world.actor("drafter").person_id
    assert refusal(lambda: standing.of_person(session, who, world.at)).code == "no_certificate"


def test_an_issuer_outside_the_directory_is_refused(
    certification: Certification, session: Session
) -> None:
    """SIG-25: the root was struck from the directory."""
    certification.accepted("drafter")
    root = session.scalars(sa.select(Certificate).where(Certificate.role == "root")).one()
    root.state = "suspended"
    world = certification.world
    who = world.actor("drafter").person_id
    assert refusal(lambda: standing.of_person(session, who, world.at)).code == "untrusted_issuer"


def test_the_chain_and_lists_go_into_a_paper(
    certification: Certification, session: Session
) -> None:
    certificate, world = certification.accepted("drafter"), certification.world
    chain = [x509.load_der_x509_certificate(der) for der in standing.chain(session, certificate)]
    assert chain[0].subject == x509.load_der_x509_certificate(certificate.der).issuer
    assert chain[1].subject == chain[1].issuer == chain[0].issuer
    lists = [x509.load_der_x509_crl(der) for der in standing.lists(session, certificate, world.at)]
    assert [each.issuer for each in lists] == [chain[0].subject, chain[1].subject]
    assert (
        refusal(lambda: standing.lists(session, certificate, world.at + timedelta(days=7))).code
        == "list_too_old"
    )


def test_the_list_says_what_the_table_says(certification: Certification, session: Session) -> None:
    certificate, world = certification.accepted("drafter"), certification.world

    def listed() -> set[str]:
        certification.turn()
        crl = x509.load_der_x509_crl(standing.lists(session, certificate, world.at)[0])
        return {f"{each.serial_number:x}" for each in crl}

    assert listed() == set()
    holding.suspend(session, world.actor("drafter"), certificate.id, world.at, "丢失")
    session.commit()
    assert listed() == {issuing.serial(certificate.der)}
    holding.resume(session, world.actor("secretary"), certificate.id, world.at, "找到")
    session.commit()
    assert listed() == set()
