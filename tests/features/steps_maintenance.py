"""Before and after maintenance, by the commands that an operator types."""

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from click.testing import CliRunner, Result
from pytest_bdd import parsers, step, then

from app import audit, create_app
from app.audit import AuditEntry, chain
from app.audit.inventory import PURPOSE
from app.commands import inventory
from app.commands import office as commands
from app.database import db
from app.documents.models import Attachment
from app.handling.casefile.verify import signed
from tests.conftest import settings
from tests.features.story import Story


@dataclass
class Maintenance:
    """The data folder that is worked on, the inventory taken before, and the latest answer."""

    data: Path
    file: Path
    answer: Result | None = None

    @property
    def reports(self) -> list[Path]:
        return sorted((self.data / "reports").glob("*.json"))


@step("维护之前已清点", target_fixture="maintenance")
def taken(story: Story, tmp_path: Path) -> Maintenance:
    made = Maintenance(tmp_path, tmp_path / "before.json")
    answer = _type(story, made, "take", "--to", str(made.file))
    assert answer.exit_code == 0, answer.output
    assert "1 个文件" in answer.output
    return made


@step("数据库和文件备份后恢复到另一处")
def restored(story: Story, maintenance: Maintenance, tmp_path: Path) -> None:
    place = tmp_path / "restored"
    place.mkdir()
    source, target = (sqlite3.connect(folder / "gongwen.sqlite3") for folder in (tmp_path, place))
    with closing(source), closing(target):
        source.backup(target)
    shutil.copytree(tmp_path / "files", place / "files")
    with story.app.app_context():
        db.engine.dispose()
    key = tmp_path / "audit-key.pem"
    shutil.copy2(key, place / key.name)
    story.app = create_app(settings(place, f"sqlite:///{place / 'gongwen.sqlite3'}"))
    maintenance.data = place


@step("升级重建公文的表，增加一列，并写入一条记录")
def upgraded(story: Story) -> None:
    """As migrations alter a table on SQLite: a new one is filled and takes its place."""
    with story.session() as session:
        audit.record(session, "clock.confirmed", audit.signed_by_rule("升级"), at=story.at)
        session.commit()
    with story.app.app_context(), db.engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        before = _made(connection)
        with connection.begin():
            operations = Operations(MigrationContext.configure(connection))
            with operations.batch_alter_table("document", recreate="always") as batch:
                batch.add_column(sa.Column("later", sa.Text(), server_default="新"))
        raw.execute("PRAGMA foreign_keys=ON")
        assert "later" not in before
        assert "later" in _made(connection)


def _made(connection: sa.Connection) -> str:
    query = "SELECT sql FROM sqlite_master WHERE name = 'document'"
    with connection.begin():
        return str(connection.scalar(sa.text(query)))


@step("维护时公文的标题少了一个字")
def title_cut(story: Story) -> None:
    _do(story, "UPDATE document SET title = substr(title, 2)")


@step("维护时一条意见不见了")
def opinion_lost(story: Story) -> None:
    _do(
        story,
        "DROP TRIGGER opinion_no_delete",
        "DELETE FROM opinion WHERE id = (SELECT min(id) FROM opinion)",
    )


@step("维护时公文的一列丢了")
def column_lost(story: Story) -> None:
    _do(story, "ALTER TABLE document DROP COLUMN proofreader")


@step("维护时附件的一个字节改了")
def byte_changed(story: Story, tmp_path: Path) -> None:
    with story.session() as session:
        digest = session.scalars(sa.select(Attachment.sha256)).one()
    path = tmp_path / "files" / digest[:2] / digest
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)


@step("有人改了清点文件里的一个数")
def inventory_changed(maintenance: Maintenance) -> None:
    said = json.loads(maintenance.file.read_text(encoding="utf-8"))
    said["tables"]["document"]["rows"] += 1
    maintenance.file.write_text(json.dumps(said), encoding="utf-8")


@step("维护之后比对")
def compared(story: Story, maintenance: Maintenance) -> None:
    maintenance.answer = _type(story, maintenance, "compare", str(maintenance.file))


@then("比对一致，签名的报告已存档，写明之前和之后的数量和校验值")
def same(story: Story, maintenance: Maintenance) -> None:
    assert maintenance.answer is not None
    assert maintenance.answer.exit_code == 0, maintenance.answer.output
    report = _report(story, maintenance)
    assert report["differences"] == []
    before, after = report["before"]["tables"], report["after"]["tables"]
    assert before["document"]["rows"] == after["document"]["rows"] == 1
    assert {name: each["sha256"] for name, each in before.items()} == {
        name: each["sha256"] for name, each in after.items()
    }
    assert report["before"]["files"]["count"] == report["after"]["files"]["count"] == 1


@then(parsers.parse('比对不一致，指出"{words}"，签名的报告已存档'))
def different(story: Story, maintenance: Maintenance, words: str) -> None:
    assert isinstance(maintenance.answer, Result)
    assert isinstance(maintenance.answer.exception, commands.Refused)
    assert words in str(maintenance.answer.exception)
    report = _report(story, maintenance)
    assert [each for each in report["differences"] if words in each] == report["differences"]


@then(parsers.parse('比对被拒绝，理由含"{words}"'))
def refused(maintenance: Maintenance, words: str) -> None:
    assert maintenance.answer is not None
    assert isinstance(maintenance.answer.exception, commands.Refused)
    assert words in str(maintenance.answer.exception)
    assert maintenance.reports == []


def _report(story: Story, maintenance: Maintenance) -> Any:
    """The one report: signed, and its digest is in the record."""
    (path,) = maintenance.reports
    report = json.loads(path.read_text(encoding="utf-8"))
    body = {name: value for name, value in report.items() if name != "signature"}
    message = PURPOSE + chain.canonical(body).encode()
    assert signed(report["public_key"], report["signature"], message)
    with story.session() as session:
        query = sa.select(AuditEntry.body).where(AuditEntry.action == "inventory.compared")
        entry = json.loads(session.scalars(query).one())
    assert entry["detail"]["report"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert entry["detail"]["same"] is (not report["differences"])
    return report


def _do(story: Story, *statements: str) -> None:
    with story.session() as session:
        for statement in statements:
            session.execute(sa.text(statement))
        session.commit()


def _type(story: Story, maintenance: Maintenance, *words: str) -> Result:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GONGWEN_DATA", str(maintenance.data))
        patch.setenv("SECRET_KEY", "of-tests-" * 8)
        patch.setenv("GONGWEN_FACTOR_KEY", "of-tests-" * 8)
        patch.setattr(commands, "create_app", lambda _config: story.app)
        return CliRunner().invoke(inventory.take_inventory, list(words))
