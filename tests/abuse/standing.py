"""What stands in the tables and in the file store, to prove that a refusal changed nothing (S1)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.database import Base, db

LEFT_OUT = {
    *("audit_entry", "audit_head"),
    *("access_entry", "request_key", "visit", "edit_lock"),
    *("sign_in", "sign_in_failure", "api_token", "account"),
}
"""Tables that a request may touch whatever becomes of it: record and looks, sessions, counted
failures, and who has a text in hand since he opened its form."""


def standing(app: Flask) -> dict[str, Any]:
    """Every row of every other table, and every file with its size."""
    with app.app_context(), db.engine.connect() as connection:
        rows = {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(sa.select(table)))
            for table in Base.metadata.sorted_tables
            if table.name not in LEFT_OUT
        }
    folder = app.config["SETTINGS"].data / "files"
    files = sorted((str(each), each.stat().st_size) for each in files_below(folder))
    return {**rows, "files": files}


def files_below(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()] if folder.exists() else []


def refusals(app: Flask) -> list[dict[str, Any]]:
    """The bodies of the entries ``refused``, oldest first."""
    entry = Base.metadata.tables["audit_entry"]
    query = sa.select(entry.c.body).where(entry.c.outcome == "refused").order_by(entry.c.seq)
    with app.app_context(), db.engine.connect() as connection:
        return list(connection.scalars(query))


@dataclass
class Watched:
    """What the watching found at its end: the new entries ``refused``."""

    entries: list[Any] = field(default_factory=list)


@contextmanager
def unchanged(app: Flask, *, recorded: int | None = 0, orphans: bool = False) -> Iterator[Watched]:
    """Nothing stands otherwise afterwards, and so many refusals are on record (None: any).

    orphans  a good file may lie in the store to which no row refers: files come before rows (S8)
    """
    before, noted = standing(app), len(refusals(app))
    watched = Watched()
    yield watched
    after = standing(app)
    changed = [name for name in before if before[name] != after[name]]
    if orphans and "files" in changed:
        changed.remove("files")
    assert not changed, changed
    watched.entries = refusals(app)[noted:]
    assert recorded in (None, len(watched.entries)), watched.entries


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def ensure_problem(answer: TestResponse, status: int, code: str | None = None) -> None:
    """A refusal as programs get it: status, sentences in Chinese, a stable code, and no more."""
    assert answer.status_code == status, (answer.status_code, answer.text[:300])
    assert answer.content_type == "application/problem+json"
    found = answer.json
    assert found["status"] == status
    assert is_chinese(found["title"]), found
    assert is_chinese(found["detail"]), found
    assert found["code"].replace("_", "").isalnum()
    assert code in (None, found["code"]), found
    for each in found.get("errors", []):
        assert set(each) == {"field", "message"}
        assert is_chinese(each["message"]), each
    ensure_no_trace(answer)


def ensure_no_trace(answer: TestResponse) -> None:
    for inside in ("Traceback", "sqlalchemy", "pydantic", "File &#34;", 'File "', "SELECT "):
        assert inside not in answer.text, inside


def page_token(client: FlaskClient, path: str) -> str:
    """The form token of a page, as a browser sends it back."""
    page = client.get(path)
    assert page.status_code == 200, (path, page.status_code)
    begin = page.text.index('name="csrf_token"')
    return page.text[begin:].split('value="', 1)[1].split('"', 1)[0]
