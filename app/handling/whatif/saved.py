"""Saved tests of a process: kept by name, and run on any version before it comes into force."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from app.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from app.handling import administering, remarks
from app.handling.whatif import bounds, recording, waiving
from app.handling.whatif import scenario as scenarios
from app.handling.whatif.models import ProcessTest
from app.handling.whatif.playing import play
from app.handling.whatif.results import Outcome, Stamp, differences
from app.handling.whatif.scenario import Scenario
from app.organization import Actor
from app.organization.models import Person
from app.workflow import rights
from app.workflow.definitions import Definition

LOG = logging.getLogger(__name__)
NAMED = 60


@dataclass(frozen=True)
class Run:
    """All tests of a process on one version; ``stamps`` tell which tests these were."""

    sha256: str
    stamps: frozenset[Stamp]
    outcomes: tuple[Outcome, ...]

    @property
    def failing(self) -> list[Outcome]:
        return [each for each in self.outcomes if each.said]


class OwnReason(NotAllowed):
    """Whoever wrote why failing tests do not matter may not put the version in force as well."""

    code = "own_reason"

    def __init__(self) -> None:
        super().__init__("仍然启用的理由是您写的，请由另一位流程管理员启用。")


class ChangedTests(Conflict):
    """Somebody saved or deleted a test while the others were run."""

    code = "tests_changed"

    def __init__(self) -> None:
        super().__init__("推演测试刚刚有改动，这个版本没有启用。请再启用一次。")


class FailingTests(Conflict):
    """A version does not do what saved tests expect, and nobody has said why it may not."""

    code = "tests_fail"

    def __init__(self, name: str, version: int, failing: list[Outcome]) -> None:
        listed = "；".join(f"“{each.name}”{each.said[0]}" for each in failing[:5])
        super().__init__(
            f"流程“{name}”第 {version} 版有 {len(failing)} 项推演测试没有通过：{listed}。"
            "请改正流程，或者在“推演”中更新测试，或者写明仍然启用的理由，再启用。"
        )
        self.failing = failing


def listed(session: Session, actor: Actor, process_id: str | None = None) -> list[ProcessTest]:
    """By process and name. Raises NotAllowed for who administers nothing."""
    administering.units(actor)
    query = sa.select(ProcessTest).order_by(ProcessTest.process_id, ProcessTest.name)
    if process_id is not None:
        query = query.where(ProcessTest.process_id == process_id)
    return list(session.scalars(query))


def one(session: Session, actor: Actor, test_id: int) -> ProcessTest:
    """Raises NotFound, NotAllowed."""
    administering.units(actor)
    found = session.get(ProcessTest, test_id)
    if found is None:
        raise NotFound("没有这项推演测试，可能已被删除。")
    return found


def save(
    session: Session,
    actor: Actor,
    definition: Definition,
    name: str,
    scenario: Scenario,
    at: datetime,
    expected: dict[str, Any] | None = None,
) -> ProcessTest:
    """Keep a scenario with what comes of it on this version; one of that name is replaced.

    expected  what came of it a moment ago; None to play it now
    Raises Invalid at ``name``, NotAllowed, OutOfReach, what :func:`play` does.
    """
    administering.units(actor)
    if expected is None:
        expected = play(session, definition, scenario).plain()
    found = keep(session, actor, definition.process_id, name, scenario, expected, at)
    bounds.ensure_fit(session, definition.process_id)
    return found


def delete(session: Session, actor: Actor, test_id: int, at: datetime) -> str:
    """Its name. Raises NotFound, NotAllowed, OutOfReach for what another unit saved."""
    found = one(session, actor, test_id)
    _ensure_own(session, actor, found)
    name = found.name
    session.execute(sa.delete(ProcessTest).where(ProcessTest.id == test_id))
    recording.record(session, actor, "process_test.deleted", found.process_id, [name], at)
    return name


def run_all(session: Session, definition: Definition) -> Run:
    """Every saved test of the process on this version, by name; nothing is written.

    It may take seconds: views do it before their act, while nobody waits for the database.
    """
    tests = bounds.of_process(session, definition.process_id)
    found = [
        Outcome(each.id, each.name, each.saved_at, tuple(run(session, definition, each)))
        for each in tests
    ]
    return Run(definition.sha256, frozenset(each.stamp for each in found), tuple(found))


def run(session: Session, definition: Definition, test: ProcessTest) -> list[str]:
    """What came out otherwise, in sentences; [] for nothing.

    One test that cannot be played is a test that fails, and never keeps the others from running.
    """
    try:
        found = play(session, definition, scenarios.read(test.scenario))
        return differences(test.expected, found.plain())
    except DomainError as error:
        return [f"无法推演：{error.message}"]
    except SQLAlchemyError:
        raise
    except Exception:
        LOG.exception("test %s of %s cannot be played", test.id, test.process_id)
        return ["无法推演：这项测试的内容不能识别，请删除后重新保存。"]


def ensure_pass(
    session: Session,
    definition: Definition,
    *,
    tests: Run | None = None,
    agrees: int | None = None,
    unit_id: int | None = None,
) -> None:
    """Before a version comes into force.

    tests    run on it a moment ago; None to run them now
    agrees   id of who puts it in force: reasons that he wrote himself do not count
    unit_id  where it comes into force, None for the whole office: reasons of who did not
             administer that place when he wrote them do not count
    Raises FailingTests unless a reason was given for all, OwnReason, ChangedTests.
    """
    if tests is None or tests.sha256 != definition.sha256:
        tests = run_all(session, definition)
    elif tests.stamps != _stamps(session, definition.process_id):
        raise ChangedTests
    given = waiving.counting(session, definition.sha256, unit_id)
    others = waiving.covered(each for each in given if each.by_id != agrees)
    left = [each for each in tests.failing if each.stamp not in others]
    if not left:
        return
    if all(each.stamp in waiving.covered(given) for each in left):
        raise OwnReason
    raise FailingTests(definition.name, definition.version, left)


def _stamps(session: Session, process_id: str) -> frozenset[Stamp]:
    query = sa.select(ProcessTest.id, ProcessTest.saved_at)
    rows = session.execute(query.where(ProcessTest.process_id == process_id))
    return frozenset((row.id, row.saved_at) for row in rows)


def keep(
    session: Session,
    actor: Actor,
    process_id: str,
    name: str,
    scenario: Scenario,
    expected: dict[str, Any],
    at: datetime,
) -> ProcessTest:
    """One of that name is replaced. Raises Invalid at ``name``, OutOfReach for another unit's.

    Who may is asked before, and whether all of them fit afterwards.
    """
    label = remarks.read("name", "名称", name, most=NAMED)
    if not label or "\n" in label:
        raise Invalid.at("name", "请给这项推演测试起一个名称（一行）。")
    found = session.scalar(sa.select(ProcessTest).filter_by(process_id=process_id, name=label))
    if found is None:
        found = ProcessTest(process_id=process_id, name=label)
        session.add(found)
    else:
        _ensure_own(session, actor, found)
    found.scenario, found.expected = scenario.stored(), expected
    found.saved_by_id, found.saved_at = actor.person_id, at
    session.flush()
    recording.record(session, actor, "process_test.saved", process_id, [label], at)
    return found


def _ensure_own(session: Session, actor: Actor, test: ProcessTest) -> None:
    """A test may be added by whoever administers anything: it only asks for more.

    To take one away, or to make it expect something else, is for the unit that saved it and for
    those above: what it guards may hold for all of them.
    """
    unit_id = session.scalar(sa.select(Person.unit_id).where(Person.id == test.saved_by_id))
    rights.ensure_administers(session, actor, unit_id, what=f"推演测试“{test.name}”")
