"""Two choices about the attachments of one unit at the same moment, on PostgreSQL."""

from itertools import pairwise

import pytest
import sqlalchemy as sa
from flask import Flask

from app.audit.models import AuditEntry
from app.database import db
from app.documents.admission import AttachmentPolicy
from tests.handling.racing import Act, Race, Round
from tests.world import World

pytestmark = pytest.mark.postgres
PATH = "/attachment-rules"


def choosing(types: str) -> Act:
    own = {"types": types}
    return Act("system.admin", PATH, {"own": own, "reason": "试行", "source": "局办〔2026〕9号"})


def test_one_choice_follows_the_other(postgres_app: Flask) -> None:
    race = Race(postgres_app)

    def bring(_: World) -> Round:
        return Round(0, [choosing("docx"), choosing("pdf"), choosing("docx")])

    for each in race.prepare(bring, 3):
        answers = race.at_once(each.acts)
        assert {answer.status_code for answer in answers} <= {200, 422}
        assert any(answer.status_code == 200 for answer in answers)
    with postgres_app.app_context():
        session = db.session()
        rows = session.scalars(sa.select(AttachmentPolicy).order_by(AttachmentPolicy.id)).all()
        query = sa.select(AuditEntry.seq).where(AuditEntry.action == "attachments.chosen")
        entries = session.scalars(query).all()
        assert [row.superseded_at is None for row in rows] == [False] * (len(rows) - 1) + [True]
        assert all(one.own != two.own for one, two in pairwise(rows))
        assert len(entries) == len(rows)
        db.session.remove()
