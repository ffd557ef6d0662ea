"""双因素规则: whom a unit asks, and that no unit asks less than the ones above it."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from app.errors import Invalid
from app.organization import Actor, alarms, certificates, roles
from app.organization.certificates import Holder
from app.organization.errors import CertificateRefused, MissingRole, SignInRefused
from app.organization.factors import policies
from tests.organization.conftest import AT, sign_in

SOURCE = "局办〔2026〕1号"


@pytest.fixture
def county(acting: Callable[[str], Actor]) -> Actor:
    return acting("security.admin")


@pytest.fixture
def city(acting: Callable[[str], Actor]) -> Actor:
    return acting("city.security.admin")


def choose(session: Session, by: Actor, whom: str, *asked: str) -> None:
    policies.choose(session, by.unit_id, whom, asked, "等保要求", by, AT, source=SOURCE)


def asks(session: Session, who: Actor) -> bool:
    return policies.asked_of(session, who.person_id) is not None


def test_as_shipped_nobody_is_asked(session: Session, acting: Callable[[str], Actor]) -> None:
    assert not any(asks(session, acting(login)) for login in ("unit.head", "security.admin"))


def test_chosen_roles_are_asked(
    session: Session, county: Actor, acting: Callable[[str], Actor]
) -> None:
    choose(session, county, "roles", roles.SEAL_KEEPER, roles.UNIT_HEAD)
    assert asks(session, acting("seal.keeper"))
    assert asks(session, acting("unit.head"))
    assert not asks(session, acting("drafter"))
    assert not asks(session, acting("city.seal.keeper"))


def test_a_unit_below_may_ask_more_and_never_less(
    session: Session, county: Actor, city: Actor, acting: Callable[[str], Actor]
) -> None:
    choose(session, city, "roles", roles.SEAL_KEEPER)
    choose(session, county, "roles", roles.UNIT_HEAD)
    assert [
        (each.unit, set(each.roles)) for each in policies.in_force(session, county.unit_id)
    ] == [
        ("江洲县水务局", {roles.UNIT_HEAD}),
        ("江洲市水务局", {roles.SEAL_KEEPER}),
    ]
    choose(session, county, "off")
    assert asks(session, acting("seal.keeper"))
    assert not asks(session, acting("unit.head"))
    choose(session, city, "all")
    assert asks(session, acting("drafter"))


@pytest.mark.parametrize("login", ["system.admin", "city.security.admin", "unit.head"])
def test_only_the_security_administrator_of_the_unit_chooses(
    session: Session, county: Actor, acting: Callable[[str], Actor], login: str
) -> None:
    with pytest.raises(MissingRole):
        policies.choose(
            session, county.unit_id, "all", (), "要求", acting(login), AT, source=SOURCE
        )
    assert policies.own(session, county.unit_id) == {}


@pytest.mark.parametrize(
    ("whom", "asked", "reason", "source", "fields"),
    [
        ("everybody", (), "要求", SOURCE, ["whom"]),
        ("roles", (), "要求", SOURCE, ["roles"]),
        ("roles", ("no-such-role",), "要求", SOURCE, ["roles"]),
        ("all", (), " ", "", ["reason", "source"]),
        ("all", (), "要\x00求", "x" * 201, ["reason", "source"]),
    ],
)
def test_what_is_wrong_is_named(
    session: Session,
    county: Actor,
    whom: str,
    asked: tuple[str, ...],
    reason: str,
    source: str,
    fields: list[str],
) -> None:
    with pytest.raises(Invalid) as refusal:
        policies.choose(session, county.unit_id, whom, asked, reason, county, AT, source=source)
    assert [each.field for each in refusal.value.errors] == fields
    assert policies.own(session, county.unit_id) == {}


def test_the_same_again_is_no_change(session: Session, county: Actor) -> None:
    for whom in ("off", "all"):
        if whom == "all":
            choose(session, county, whom)
        with pytest.raises(Invalid, match="相同"):
            choose(session, county, whom)


def test_every_choice_stays_with_its_reason(session: Session, county: Actor) -> None:
    choose(session, county, "roles", roles.SEAL_KEEPER)
    choose(session, county, "all")
    newest, first = policies.history(session, county.unit_id)
    assert (list(newest.words), newest.reason, newest.source) == (
        ["所有人员", "验证码或者证书"],
        "等保要求",
        SOURCE,
    )
    assert list(first.words) == ["印章管理员", "验证码或者证书"]
    entry = session.info["audit_pending"][-1].body
    assert entry["action"] == "factor.chosen"
    assert entry["detail"]["to"] == {"whom": "all", "way": "code"}


class TestCertificate:
    """SEC-07: where a unit takes nothing but a certificate."""

    @pytest.fixture(autouse=True)
    def taken(self) -> Iterator[None]:
        certificates.use(Nobody())
        yield
        certificates.use(None)

    def test_any_unit_that_takes_nothing_else_decides(
        self, session: Session, county: Actor, city: Actor, acting: Callable[[str], Actor]
    ) -> None:
        choose(session, county, "all")
        keeper = acting("seal.keeper").person_id
        assert policies.asked_of(session, keeper) == "code"
        asked = (roles.SEAL_KEEPER,)
        policies.choose(
            session,
            city.unit_id,
            "roles",
            asked,
            "要求",
            city,
            AT,
            source=SOURCE,
            way="certificate",
        )
        assert policies.asked_of(session, keeper) == "certificate"
        assert policies.asked_of(session, acting("drafter").person_id) == "code"

    def test_the_right_password_is_not_enough(
        self, session: Session, county: Actor, password: str, acting: Callable[[str], Actor]
    ) -> None:
        policies.choose(
            session, county.unit_id, "all", (), "要求", county, AT, source=SOURCE, way="certificate"
        )
        with pytest.raises(CertificateRefused, match="用证书登录"):
            sign_in(session, "drafter", password, None, AT)
        with pytest.raises(SignInRefused):
            sign_in(session, "drafter", "wrong", None, AT)
        assert alarms.waiting(session, county.unit_id) == 0

    def test_cannot_be_chosen_where_none_are_taken(self, session: Session, county: Actor) -> None:
        certificates.use(None)
        with pytest.raises(Invalid) as refusal:
            policies.choose(
                session,
                county.unit_id,
                "all",
                (),
                "要求",
                county,
                AT,
                source=SOURCE,
                way="certificate",
            )
        assert refusal.value.errors[0].field == "way"


class Nobody:
    """A register without certificates."""

    def holder_of(self, session: Session, der: bytes, at: datetime) -> Holder:
        return Holder(None, "没有登记。")
