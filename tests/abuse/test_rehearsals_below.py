"""Whoever decides on routes of units below learns no title, number or person of their cases."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from app.database import db
from app.documents.models import Document
from app.handling.migrating.outlooks import KINDS
from app.handling.models import Case
from app.organization.demo import CITY
from app.organization.models import Person, Unit
from app.workflow.allowed import CAMUNDA
from tests.abuse.conftest import Office
from tests.handling.editions import Drawing, inserted, kept, removed
from tests.world import NOTICE

ABOVE = "city.process.admin"
HOSTILE = "dept_review", "east.drafter"
"""A step and the login that a version names for it, who may not act there."""


def named(drawing: Drawing) -> None:
    step, login = HOSTILE
    drawing.element(step).set(f"{{{CAMUNDA}}}assignee", login)


@pytest.fixture(scope="module")
def versions(office: Office) -> list[str]:
    """One changes little, one takes a step away at which a case stands, one names somebody."""
    edits = (
        inserted("dept_review_to_office_check", "legal_review", "法规审核"),
        removed("dept_review"),
        named,
    )
    with office.app.app_context():
        return [kept(db.session(), each).sha256 for each in edits]


@pytest.fixture(scope="module")
def kept_back(office: Office) -> set[str]:
    """Titles, numbers and texts of cases below, and names and logins of people there."""
    with office.app.app_context():
        session = db.session()
        below = sa.select(Unit.id).where(Unit.key != CITY)
        papers = sa.select(Document.title, Document.number).join(
            Case, Case.document_id == Document.id
        )
        people = sa.select(Person.name, Person.login).where(Person.unit_id.in_(below))
        rows = [*session.execute(papers.where(Case.unit_id.in_(below))), *session.execute(people)]
        found = {str(each) for row in rows for each in row if each}
        found |= {*str(NOTICE["body"]).splitlines()}
        db.session.remove()
    assert len(found) > 30
    return found


def addresses(versions: list[str]) -> Iterator[tuple[str, str]]:
    """Each page and each answer of the API, with every kind and beyond the first page."""
    for sha256 in versions:
        for kind in ("", *KINDS):
            for after in (0, 1):
                yield f"/process/rehearsals/{sha256}?kind={kind}&after={after}", ""
                asked = f"?kind={kind}&cursor={after}&limit=500"
                yield "", f"/api/v1/definitions/{sha256}/rehearsal{asked}"


def test_pages_and_programs_are_told_numbers_alone(
    office: Office, versions: list[str], kept_back: set[str]
) -> None:
    browser, program = office.browser(ABOVE), office.call(ABOVE)
    counted = 0
    for page, path in addresses(versions):
        answer = browser.get(page) if page else program.get(path)
        assert answer.status_code == 200
        said = answer.text
        assert [each for each in kept_back if each in said] == [], (page, path)
        counted += "下级单位另有" in said if page else bool(answer.json["below"])
    assert counted == len([*addresses(versions)])


def test_the_list_of_versions_and_a_forged_choice_tell_nothing(
    office: Office, versions: list[str], kept_back: set[str]
) -> None:
    listed = office.browser(ABOVE).get("/process/rehearsals/")
    assert "下级单位" in listed.text
    assert [each for each in kept_back if each in listed.text] == []
    body = {
        "sha256": versions[0],
        "cases": [*office.cases.values()],
        "reason": "新办法自本月起执行。",
        "clause": "办公会纪要〔2026〕8号",
    }
    answer = office.call(ABOVE).post("/api/v1/migrations", body)
    assert answer.status_code in (404, 409, 422)
    assert [each for each in kept_back if each in answer.text] == []
