"""Changing the organization: who may, what is refused, and that a refusal changes nothing."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app import audit, organization
from app.errors import DomainError, Invalid
from app.organization import Actor, Department, Person, Unit, demo, operations, roles
from app.organization.errors import AlreadyThere, LastHolder, MissingRole, SeparationOfDuties
from app.organization.models import Appointment

from .conftest import AT

RULE = audit.signed_by_rule("测试")


@pytest.fixture
def county(session: Session) -> Unit:
    return session.get_one(Unit, organization.unit_by_key(session, demo.COUNTY).id)


@pytest.fixture
def engineering(session: Session, county: Unit) -> Department:
    of_county = sa.and_(Department.unit_id == county.id, Department.key == "engineering")
    return session.scalars(sa.select(Department).where(of_county)).one()


def recorded(session: Session) -> list[str]:
    return [each.body["action"] for each in session.info.get("audit_pending", [])]


class TestWhoMay:
    @pytest.mark.parametrize(
        ("login", "allowed"),
        [
            ("system.admin", {"department", "person", "deactivate"}),
            ("security.admin", {"role", "appoint", "end"}),
            ("auditor", set()),
            ("process.admin", set()),
            ("unit.head", set()),
            ("city.system.admin", set()),
            ("city.security.admin", {"role"}),
        ],
    )
    def test_matrix(
        self,
        session: Session,
        county: Unit,
        person: Callable[[str], Person],
        acting: Callable[[str], Actor],
        login: str,
        allowed: set[str],
    ) -> None:
        by, drafter = acting(login), person("drafter")
        post = session.scalars(sa.select(Appointment).where(Appointment.person_id == drafter.id))
        ended = post.one()
        acts: dict[str, Callable[[], object]] = {
            "department": lambda: operations.create_department(
                session, by, AT, unit=county, key="rivers", name="河湖科"
            ),
            "person": lambda: operations.create_person(
                session, by, AT, unit=county, login="new.one", name="新人"
            ),
            "role": lambda: operations.create_role(
                session, by, AT, key="reviewer", label="核稿员", scope="unit"
            ),
            "appoint": lambda: operations.appoint(
                session, by, AT, person=drafter, role=roles.DISPATCHER
            ),
            "end": lambda: operations.end_appointment(session, by, AT, post=ended),
            "deactivate": lambda: operations.deactivate(session, by, AT, person=drafter),
        }
        done = set()
        for name, act in acts.items():
            try:
                act()
            except MissingRole:
                continue
            done.add(name)
        assert done == allowed
        assert len(recorded(session)) == len(allowed)

    def test_a_subordinate_unit_is_created_by_its_superior(
        self, session: Session, county: Unit, acting: Callable[[str], Actor]
    ) -> None:
        city = session.get_one(Unit, county.parent_id)
        words = {"name": "南山街道水务站", "short_name": "南山水务", "letterhead": "水务站文件"}
        for by, parent, rank, error in (
            (acting("system.admin"), city, 2, MissingRole),
            (acting("city.system.admin"), None, 1, MissingRole),
            (acting("city.system.admin"), city, 1, Invalid),
        ):
            with pytest.raises(error):
                operations.create_unit(
                    session,
                    by,
                    AT,
                    key="nan",
                    agency_code="南水",
                    rank=rank,
                    parent=parent,
                    **words,
                )
        unit = operations.create_unit(
            session,
            acting("city.system.admin"),
            AT,
            key="nan-shan",
            agency_code="南水",
            rank=2,
            parent=city,
            **words,
        )
        assert unit.parent_id == city.id

    def test_a_person_does_not_pass_as_a_rule(
        self, session: Session, county: Unit, acting: Callable[[str], Actor]
    ) -> None:
        with pytest.raises(TypeError):
            operations.create_person(
                session, acting("drafter").signature(), AT, unit=county, login="x.y", name="新人"
            )


class TestSeparation:
    """G7: two of the three, one of them beside business, granting to oneself."""

    @pytest.mark.parametrize(
        ("login", "role"),
        [
            ("auditor", roles.SYSTEM_ADMIN),
            ("system.admin", roles.SECURITY_ADMIN),
            ("security.admin", roles.AUDITOR),
            ("auditor", roles.DRAFTER),
            ("system.admin", roles.PROCESS_ADMIN),
            ("drafter", roles.AUDITOR),
            ("process.admin", roles.SYSTEM_ADMIN),
        ],
    )
    def test_not_in_one_hand(
        self, session: Session, person: Callable[[str], Person], login: str, role: str
    ) -> None:
        with pytest.raises(SeparationOfDuties):
            operations.appoint(session, RULE, AT, person=person(login), role=role)
        assert recorded(session) == []

    def test_nobody_grants_to_themself(
        self, session: Session, person: Callable[[str], Person], acting: Callable[[str], Actor]
    ) -> None:
        with pytest.raises(SeparationOfDuties, match="本人"):
            operations.appoint(
                session,
                acting("security.admin"),
                AT,
                person=person("security.admin"),
                role=roles.DRAFTER,
            )
        with pytest.raises(SeparationOfDuties, match="本人"):
            operations.deactivate(
                session, acting("system.admin"), AT, person=person("system.admin")
            )

    @pytest.mark.parametrize("login", ["auditor", "system.admin", "security.admin"])
    def test_each_of_the_three_keeps_a_holder(
        self, session: Session, person: Callable[[str], Person], county: Unit, login: str
    ) -> None:
        who = person(login)
        mine = sa.select(Appointment).where(Appointment.person_id == who.id)
        post = session.scalars(mine).one()
        with pytest.raises(LastHolder):
            operations.end_appointment(session, RULE, AT, post=post)
        with pytest.raises(LastHolder):
            operations.deactivate(session, RULE, AT, person=who)
        successor = operations.create_person(
            session, RULE, AT, unit=county, login="successor", name="接任者"
        )
        operations.appoint(session, RULE, AT, person=successor, role=post.role_key)
        operations.end_appointment(session, RULE, AT, post=post)
        operations.deactivate(session, RULE, AT, person=who)
        assert not who.active


class TestAppointment:
    def test_old_rights_end_and_new_ones_apply_from_the_act(
        self, session: Session, person: Callable[[str], Person], acting: Callable[[str], Actor]
    ) -> None:
        by, drafter = acting("security.admin"), person("drafter")
        post = operations.appoint(session, by, AT, person=drafter, role=roles.ARCHIVIST)
        assert acting("drafter").holds(roles.ARCHIVIST)
        operations.end_appointment(session, by, AT, post=post)
        operations.end_appointment(session, by, AT, post=post)
        assert not acting("drafter").holds(roles.ARCHIVIST)
        assert recorded(session) == ["post.given", "post.ended"]
        again = operations.appoint(session, by, AT, person=drafter, role=roles.ARCHIVIST)
        assert again.id != post.id

    def test_what_cannot_be_given(
        self,
        session: Session,
        person: Callable[[str], Person],
        engineering: Department,
    ) -> None:
        drafter, stranger = person("drafter"), person("city.drafter")
        for who, role, department, error in (
            (drafter, "no-such-role", None, Invalid),
            (drafter, roles.DISPATCHER, engineering, Invalid),
            (stranger, roles.DEPT_HEAD, engineering, Invalid),
            (drafter, roles.DRAFTER, engineering, AlreadyThere),
        ):
            with pytest.raises(error):
                operations.appoint(session, RULE, AT, person=who, role=role, department=department)
        assert recorded(session) == []

    def test_the_database_too_keeps_an_appointment_once(
        self, session: Session, person: Callable[[str], Person], engineering: Department
    ) -> None:
        head, leader = person("dept.head"), person("leader3")
        for who, role, department_id in (
            (head, roles.DEPT_HEAD, engineering.id),
            (leader, roles.LEADER_IN_CHARGE, None),
        ):
            twice = Appointment(
                person_id=who.id,
                role_key=role,
                unit_id=who.unit_id,
                department_id=department_id,
                title="",
                in_charge=False,
                since=AT,
            )
            savepoint = session.begin_nested()
            session.add(twice)
            with pytest.raises(sa.exc.IntegrityError):
                session.flush()
            savepoint.rollback()


class TestEntering:
    @pytest.mark.parametrize(
        ("login", "name", "error"),
        [
            ("drafter", "重名者", AlreadyThere),
            ("ＤＲＡＦＴＥＲ", "重名者", AlreadyThere),
            ("City.Drafter", "重名者", AlreadyThere),
            ("a", "新人", Invalid),
            ("two words", "新人", Invalid),
            (".dot", "新人", Invalid),
            ("x\x00y", "新人", Invalid),
            ("x" * 65, "新人", Invalid),
            ("new.one", "　 ", Invalid),
            ("new.one", "新\u200b人", Invalid),
            ("new.one", "新" * 41, Invalid),
        ],
    )
    def test_people_that_cannot_be_entered(
        self, session: Session, county: Unit, login: str, name: str, error: type[DomainError]
    ) -> None:
        with pytest.raises(error):
            operations.create_person(session, RULE, AT, unit=county, login=login, name=name)
        assert recorded(session) == []

    @pytest.mark.parametrize(("login", "kept"), [("王小明", "王小明"), ("New.One", "new.one")])
    def test_logins_may_be_real_names(
        self, session: Session, county: Unit, login: str, kept: str
    ) -> None:
        new = operations.create_person(session, RULE, AT, unit=county, login=login, name="𠮷野")
        assert (new.login, new.name, new.active) == (kept, "𠮷野", True)

    def test_keys_and_codes_are_there_once(
        self, session: Session, county: Unit, person: Callable[[str], Person]
    ) -> None:
        with pytest.raises(AlreadyThere):
            operations.create_department(
                session, RULE, AT, unit=county, key="office", name="第二办公室"
            )
        with pytest.raises(AlreadyThere):
            operations.create_role(
                session, RULE, AT, key="drafter", label="拟稿人", scope="department"
            )
        with pytest.raises(AlreadyThere):
            operations.create_unit(
                session,
                RULE,
                AT,
                key="new-unit",
                name="另一单位",
                short_name="另一",
                agency_code="江水",
                letterhead="另一单位文件",
                rank=1,
            )
        with pytest.raises(Invalid):
            operations.create_department(session, RULE, AT, unit=county, key="Büro", name="室")

    def test_a_department_of_another_unit_is_no_home(
        self, session: Session, engineering: Department
    ) -> None:
        east = session.get_one(Unit, organization.unit_by_key(session, demo.EAST).id)
        with pytest.raises(Invalid, match="东湖区水务局没有这个部门"):
            operations.create_person(
                session, RULE, AT, unit=east, login="new.one", name="新人", department=engineering
            )

    def test_a_further_role_can_be_asked_for(
        self, session: Session, person: Callable[[str], Person]
    ) -> None:
        operations.create_role(session, RULE, AT, key="reviewer", label="核稿员", scope="unit")
        drafter = person("drafter")
        operations.appoint(session, RULE, AT, person=drafter, role="reviewer")
        found = organization.candidates(session, ["reviewer"], organization.Scope(drafter.unit_id))
        assert [each.reason for each in found.people] == ["核稿员。"]
        assert organization.role_labels(session)["reviewer"] == "核稿员"
