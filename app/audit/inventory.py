"""清点: counts and hashes of everything kept, before and after maintenance (REC-08).

Taken before an upgrade, a restore or a move, and compared afterwards. What is compared are the
rows and columns that were there: rows that came since and columns that an upgrade added are no
difference, a row or a value that is missing or another one is. Values are hashed as the models
read them, so that a move from one database engine to the other changes nothing. Daily work does
change rows: compare before it goes on.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import chain, guard

PURPOSE = b"gongwen inventory\n"
"""Before the signed bytes, so that a signature of anything else is none of these."""
PASSING = {"sign_in", "heartbeat", "audit_head"}
"""Besides ``guard.CLEARED``: what comes and goes by itself and is no content."""
BATCH = 1000
MOST_NAMED = 20_000
"""Rows of a table without a running number that are told apart one by one, up to so many."""

Inventory = dict[str, Any]
"""``tables`` and ``files``; see :func:`take`."""


def take(
    session: Session,
    metadata: sa.MetaData,
    digests: Iterable[str],
    is_whole: Callable[[str], bool],
    before: Mapping[str, Any] | None = None,
) -> Inventory:
    """Count and hash, table by table and file by file.

    digests   of the files that rows refer to
    is_whole  whether the store has a file with exactly these bytes
    before    an earlier inventory: only its columns, and rows up to its last, are hashed
    returns   tables: by name rows, columns, last (the greatest key of the rows, None where keys
              are no numbers), sha256, each (digests of single rows, where there is no ``last``
              and the table is small; else None);
              files: count, sha256 over their sorted digests, broken
    """
    there = sa.inspect(session.connection())
    present = set(there.get_table_names())
    known = before["tables"] if before is not None else None
    tables = {}
    for table in metadata.sorted_tables:
        passing = table.name in PASSING | guard.CLEARED
        if passing or table.name not in present or (known is not None and table.name not in known):
            continue
        columns = {each["name"] for each in there.get_columns(table.name)}
        tables[table.name] = _table(session, table, columns, (known or {}).get(table.name))
    return {"tables": tables, "files": _files(digests, is_whole)}


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Chinese sentences on what is not as it was; none where content and metadata are the same."""
    found = []
    for name, old in before["tables"].items():
        new = after["tables"].get(name)
        if new is None:
            found.append(f"表 {name} 不在了（原有 {old['rows']} 行）。")
            continue
        lost = [each for each in old["columns"] if each not in new["columns"]]
        if lost:
            found.append(f"表 {name} 少了列：{'、'.join(lost)}。")
        elif old["each"] is not None and new["each"] is not None:
            gone = len(set(old["each"]) - set(new["each"]))
            if gone:
                found.append(f"表 {name} 原有的 {old['rows']} 行有 {gone} 行不在了，或者有改动。")
        elif new["rows"] != old["rows"]:
            found.append(f"表 {name} 原有的 {old['rows']} 行现在是 {new['rows']} 行。")
        elif new["sha256"] != old["sha256"]:
            found.append(f"表 {name} 原有的 {old['rows']} 行内容有改动。")
    broken = [each for each in after["files"]["broken"] if each not in before["files"]["broken"]]
    found += [f"文件 {each} 不在了，或者内容有改动。" for each in broken]
    if after["files"]["count"] < before["files"]["count"]:
        found.append(
            f"登记的文件原有 {before['files']['count']} 个，现在 {after['files']['count']} 个。"
        )
    return found


def _table(
    session: Session, table: sa.Table, there: set[str], known: Mapping[str, Any] | None
) -> dict[str, Any]:
    columns = sorted(
        each.name
        for each in table.columns
        if each.name in there and (known is None or each.name in known["columns"])
    )
    key = _number(table)
    query = sa.select(*(table.c[name] for name in columns)).order_by(*_order(session, table))
    last = known["last"] if known else None
    if key is not None and last is not None:
        query = query.where(key <= last)
    if known is None and key is not None:
        last = session.scalar(sa.select(sa.func.max(key)))
    rows, digest, each = 0, hashlib.sha256(), list[str]()
    for row in session.execute(query.execution_options(yield_per=BATCH)):
        rows += 1
        values = {name: _said(value) for name, value in zip(columns, row, strict=True)}
        said = chain.canonical(values).encode()
        digest.update(said + b"\n")
        if key is None and len(each) <= MOST_NAMED:
            each.append(hashlib.sha256(said).hexdigest()[:24])
    return {
        **{"rows": rows, "columns": columns, "last": last, "sha256": digest.hexdigest()},
        "each": sorted(each) if key is None and rows <= MOST_NAMED else None,
    }


def _order(session: Session, table: sa.Table) -> list[sa.ColumnElement[Any]]:
    """By the bytes of texts: each database would sort them by its own language otherwise."""
    bytewise = "C" if session.get_bind().dialect.name == "postgresql" else "BINARY"
    return [
        sa.collate(each, bytewise) if isinstance(each.type, sa.String) else each
        for each in table.primary_key
    ]


def _number(table: sa.Table) -> sa.Column[Any] | None:
    """The key by which a table only grows at its end; None for any other."""
    keys = list(table.primary_key)
    return keys[0] if len(keys) == 1 and isinstance(keys[0].type, sa.Integer) else None


def _said(value: Any) -> Any:
    """JSON of a value, the same on both engines; a float is a text, as nothing else is exact."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {str(name): _said(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_said(each) for each in value]
    return value


def _files(digests: Iterable[str], is_whole: Callable[[str], bool]) -> dict[str, Any]:
    names = sorted(set(digests))
    return {
        "count": len(names),
        "sha256": hashlib.sha256("\n".join(names).encode()).hexdigest(),
        "broken": [each for each in names if not is_whole(each)],
    }
