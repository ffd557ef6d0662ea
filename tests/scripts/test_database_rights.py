"""The role that serves, on PostgreSQL: what it needs and nothing beyond (T8)."""

import ast
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from psycopg.errors import InsufficientPrivilege
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import sessionmaker

from app import ROOT, audit, clock, create_app
from app.audit import accesses, guard, keeping, rights
from app.commands import main, office
from app.commands.database import needed
from app.commands.schema import upgrade
from app.database import Base, db
from app.handling.inspection.indexing import follow_a_while
from app.handling.routes import publish_shipped
from app.messages import clear, deliver
from app.organization import demo
from app.organization.passwords import hashed_by
from app.web.acts import forget_old_keys
from tests.conftest import CHEAP, POSTGRES, settings
from tests.serving import make_role
from tests.world import MONDAY, World

pytestmark = pytest.mark.postgres


@dataclass(frozen=True)
class Roles:
    """An owner who is no superuser, a serving role, and the database by either address."""

    owner: str
    serving: str
    database: str

    def url(self, role: str) -> str:
        address = POSTGRES.set(database=self.database, username=role)
        return address.render_as_string(hide_password=False)


@pytest.fixture(scope="module")
def roles(postgres_url: str) -> Iterator[Roles]:
    admin = sa.create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    tail = uuid.uuid4().hex[:8]
    made = Roles(f"gw_owner_{tail}", f"gw-Web_{tail}", f"gongwen_roles_{tail}")
    with admin.connect() as connection:
        make_role(connection, made.owner)
        make_role(connection, rights.quoted(made.serving))
        connection.exec_driver_sql(f"CREATE DATABASE {made.database} OWNER {made.owner}")
    yield made
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {made.database} WITH (FORCE)")
        for name in (made.owner, made.serving):
            connection.exec_driver_sql(f"DROP ROLE {rights.quoted(name)}")
    admin.dispose()


def opened(roles: Roles, role: str, data: Path) -> Flask:
    return create_app(settings(data, roles.url(role)))


def gongwen(app: Flask, *words: str) -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(office, "create_app", lambda _config: app)
        patch.setattr(sys, "argv", ["gongwen", *words])
        try:
            main()
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else 1
    return 0


@pytest.fixture(scope="module")
def granted(roles: Roles, tmp_path_factory: pytest.TempPathFactory) -> Roles:
    """The owner has migrated, installed the offices and granted, twice."""
    app = opened(roles, roles.owner, tmp_path_factory.mktemp("owner"))
    with app.app_context():
        upgrade(app)
        with clock.moved_to(MONDAY), hashed_by(CHEAP):
            demo.install(db.session(), MONDAY)
            publish_shipped(db.session(), ROOT / "processes", MONDAY)
            db.session.commit()
    for _ in range(2):
        assert gongwen(app, "database", "grant", "--role", roles.serving) == 0
    with app.app_context():
        db.engine.dispose()
    return roles


@pytest.fixture
def serving(granted: Roles, tmp_path: Path) -> Iterator[Flask]:
    app = opened(granted, granted.serving, tmp_path)
    with app.app_context(), hashed_by(CHEAP):
        yield app
        db.session.remove()
        db.engine.dispose()


def test_a_document_goes_from_draft_to_dispatch_and_the_scheduler_has_its_way(
    serving: Flask,
) -> None:
    world = World(db.session())
    with clock.moved_to(MONDAY):
        done = world.draft()
        world.run(done)
        case = world.session.get_one(type(done.case), done.case.id)
        assert case.state == "closed"
        world.sweep()
    sessions = sessionmaker(db.engine)
    for chore in (forget_old_keys, clear):
        with sessions() as session:
            chore(session, MONDAY)
            session.commit()
    for errand in (deliver, keeping.seal_accesses, follow_a_while):
        errand(sessions, lambda: False)
    assert audit.verify(db.session()).ok
    assert accesses.verify(db.session()).ok


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM {}",
        "TRUNCATE {}",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} ADD COLUMN more TEXT",
        "DROP TABLE {}",
        "DROP TRIGGER {}_no_truncate ON {}",
    ],
)
def test_what_is_append_only_cannot_be_taken_away(serving: Flask, statement: str) -> None:
    for table in guard.GUARDED:
        refused(statement.replace("{}", table))


def test_what_is_append_only_cannot_be_changed(serving: Flask) -> None:
    for table in guard.GUARDED:
        names = [each.name for each in Base.metadata.tables[table].columns]
        fixed = [each for each in names if each not in guard.CHANGING.get(table, ())]
        assert fixed
        for column in fixed:
            refused('UPDATE {} SET "?" = NULL'.replace("{}", table).replace("?", column))


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE more (id INT)",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql"
        " AS $$ BEGIN RETURN NEW; END $$",
        "SET session_replication_role = replica",
        "UPDATE alembic_version SET version_num = '0001'",
        "DELETE FROM document",
        "DELETE FROM audit_head",
        "TRUNCATE request_key",
    ],
)
def test_nothing_is_defined_and_no_daily_row_goes(serving: Flask, statement: str) -> None:
    refused(statement)


def refused(statement: str) -> None:
    with db.engine.connect() as connection, pytest.raises(ProgrammingError) as told:
        connection.exec_driver_sql(statement)
    assert isinstance(told.value.orig, InsufficientPrivilege)


def test_only_the_owner_is_warned_of(
    serving: Flask, granted: Roles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rights.warnings(db.session()) == []
    assert rights.OWNED not in serving.test_client().get("/healthz").get_json()["warnings"]
    assert gongwen(serving, "database", "check") == 0
    owner = opened(granted, granted.owner, tmp_path)
    assert rights.OWNED in owner.test_client().get("/healthz").get_json()["warnings"]
    assert gongwen(owner, "database", "check") == 1
    assert "是表的所有者" in capsys.readouterr().err
    assert gongwen(owner, "database", "grant", "--role", granted.owner) == 1
    assert "授权限制不了它" in capsys.readouterr().err
    assert gongwen(owner, "database", "grant", "--role", "nobody-at-all") == 1
    assert "没有数据库账号“nobody-at-all”" in capsys.readouterr().err
    assert gongwen(serving, "database", "grant", "--role", granted.serving) == 1
    assert "须由表的所有者进行" in capsys.readouterr().err
    with owner.app_context():
        db.engine.dispose()


def test_rights_that_come_by_another_way_are_named(
    granted: Roles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A right of everybody, and one that is missing: both are found, granting mends them."""
    owner = opened(granted, granted.owner, tmp_path)
    with owner.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("GRANT DELETE ON audit_entry TO PUBLIC")
        connection.exec_driver_sql(f"REVOKE INSERT ON opinion FROM {quoted(granted)}")
    check = ("database", "check", "--role", granted.serving)
    assert gongwen(owner, *check) == 1
    assert "audit_entry DELETE" in capsys.readouterr().err
    with owner.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("REVOKE DELETE ON audit_entry FROM PUBLIC")
    assert gongwen(owner, *check) == 1
    assert "少了权限：opinion INSERT" in capsys.readouterr().err
    assert gongwen(owner, "database", "grant", "--role", granted.serving) == 0
    assert gongwen(owner, *check) == 0
    with owner.app_context():
        db.engine.dispose()


def quoted(roles: Roles) -> str:
    return rights.quoted(roles.serving)


def test_an_upgrade_by_the_serving_role_says_who_has_to_do_it(
    serving: Flask, granted: Roles, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    owner = opened(granted, granted.owner, tmp_path)
    with owner.app_context(), db.engine.begin() as connection:
        head = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0032'")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.commands.schema.create_app", lambda _config: serving)
        assert gongwen(serving, "init") == 1
    assert "请用表的所有者的账号运行 gongwen init" in capsys.readouterr().err
    with owner.app_context(), db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = :v"), {"v": head})
    with owner.app_context():
        db.engine.dispose()


def test_sqlite_has_no_roles(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    assert gongwen(app, "database", "check") == 1
    assert "SQLite 没有数据库账号" in capsys.readouterr().err


def test_every_deletion_of_the_program_is_declared(serving: Flask) -> None:
    """``guard.cleared`` and the code agree, but for what the operator clears as the owner."""
    files = [each for each in (ROOT / "app").rglob("*.py") if each.name != "clearing.py"]
    files.append(ROOT / "app/messages/clearing.py")
    found = {name for file in files for name in deleted(file)}
    tables = {each.class_.__name__: each.local_table.name for each in Base.registry.mappers}
    assert {tables[name] for name in found - {"grams"}} == guard.CLEARED
    assert {each.name for each in needed(db.session()) if "DELETE" in each.verbs} == {
        *guard.CLEARED,
        "record_grams",
    }


def deleted(file: Path) -> Iterator[str]:
    """Names of the models in ``sa.delete(…)``, also those that a loop goes over."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    loops = {
        node.target.id: [each.id for each in node.iter.elts if isinstance(each, ast.Name)]
        for node in ast.walk(tree)
        if isinstance(node, ast.For)
        and isinstance(node.target, ast.Name)
        and isinstance(node.iter, ast.Tuple)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) not in (
            "sa.delete",
            "session.delete",
            "db.session.delete",
        ):
            continue
        assert ast.unparse(node.func) == "sa.delete", f"{file}: {ast.unparse(node)}"
        name = ast.unparse(node.args[0])
        if file.name == "grams.py":
            name = "grams"
        yield from loops.get(name, [name])
