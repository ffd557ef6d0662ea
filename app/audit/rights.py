"""What a role of PostgreSQL that serves may do: derived from the models, nothing beyond.

The owner of the tables migrates and maintains; triggers stop him only until he drops them. Web
server, scheduler, signer and authority need none of that: they read and insert, change what is
not append-only, delete where ``guard.cleared`` says so, and define nothing. What they may not do
PostgreSQL itself refuses, whoever has taken them over.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import guard

READ_ONLY = ("alembic_version",)
"""Tables beside the models that tell the version of the schema."""
OWNED = (
    "网页和调度程序所用的数据库账号是表的所有者，能停用审计记录的触发器；"
    "请改用 gongwen database grant 授权的服务账号。"
)
TOO_MUCH = (
    "网页和调度程序所用的数据库账号能改动审计记录等只增不改的表；"
    "请重新运行 gongwen database grant。"
)


@dataclass(frozen=True)
class Table:
    """Rights on one table.

    verbs    of the whole table, such as SELECT
    columns  that alone may be updated; none where UPDATE is among ``verbs`` or nothing changes
    """

    name: str
    verbs: tuple[str, ...]
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """How a role stands to the tables.

    owns    it is a superuser, the owner of a table or of the schema, or may become one of them
    excess  (table, right) that it has and a serving role must not have
    lacks   (table, right) that a serving role needs and it has not
    """

    owns: bool
    excess: tuple[tuple[str, str], ...]
    lacks: tuple[tuple[str, str], ...]


def needed(tables: Iterable[sa.Table]) -> list[Table]:
    """What a serving role needs on tables of the models, in their order."""
    return [_of(table) for table in tables]


def beside(name: str, cleared: bool) -> Table:
    """The same for a table that no model describes; nothing in it is updated."""
    if name in READ_ONLY:
        return Table(name, ("SELECT",))
    return Table(name, ("SELECT", "INSERT", *(("DELETE",) if cleared else ())))


def _of(table: sa.Table) -> Table:
    verbs = ["SELECT", "INSERT"]
    if table.name not in guard.GUARDED:
        verbs.append("UPDATE")
    if table.name in guard.CLEARED:
        verbs.append("DELETE")
    return Table(table.name, tuple(verbs), guard.CHANGING.get(table.name, ()))


def quoted(name: str) -> str:
    """A name as SQL takes it whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def statements(role: str, schema: str, tables: Sequence[Table]) -> Iterator[str]:
    """DDL that takes everything from the role and then gives it what it needs.

    What everybody may do (PUBLIC) is taken away too: a role has it besides its own.
    """
    role, schema = quoted(role), quoted(schema)
    yield f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {role}"
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    for kind in ("TABLES", "SEQUENCES"):
        yield f"REVOKE ALL ON ALL {kind} IN SCHEMA {schema} FROM PUBLIC, {role}"
    for table in tables:
        verbs = [*table.verbs]
        if table.columns:
            verbs.append(f"UPDATE ({', '.join(map(quoted, table.columns))})")
        yield f"GRANT {', '.join(verbs)} ON {schema}.{quoted(table.name)} TO {role}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"


def standing(session: Session, role: str, tables: Sequence[Table]) -> Standing:
    """Ask the database what the role may do in effect, by whatever way it came to it."""
    found = {(name, verb) for name, verb in session.execute(_HELD, {"role": role})}
    wanted = {(table.name, verb) for table in tables for verb in _verbs(table)}
    owns = session.scalar(_OWNS, {"role": role})
    return Standing(bool(owns), tuple(sorted(found - wanted)), tuple(sorted(wanted - found)))


def _verbs(table: Table) -> Iterator[str]:
    yield from table.verbs
    if table.columns:
        yield from (f"UPDATE ({column})" for column in table.columns)


def warnings(session: Session) -> list[str]:
    """For ``/healthz`` and the start: that the role in use could change what must not change."""
    if session.get_bind().dialect.name != "postgresql":
        return []
    fixed = [each for each in guard.GUARDED if each not in guard.CHANGING]
    owns, changes = session.execute(_IN_USE, {"guarded": guard.GUARDED, "fixed": fixed}).one()
    if owns:
        return [OWNED]
    return [TOO_MUCH] if changes else []


_OWNS_SQL = """
    EXISTS (SELECT 1 FROM pg_roles WHERE rolsuper AND pg_has_role({role}, oid, 'MEMBER'))
    OR pg_has_role({role}, (SELECT nspowner FROM pg_namespace
                            WHERE nspname = current_schema()), 'MEMBER')
    OR EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace
               AND relkind IN ('r', 'p') AND pg_has_role({role}, relowner, 'MEMBER'))"""
_OWNS = sa.text(f"SELECT {_OWNS_SQL.format(role=':role')}")
_HELD = sa.text(
    """
    SELECT relname, verb FROM pg_class,
        unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES'])
        AS verb
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
        AND has_table_privilege(:role, pg_class.oid, verb)
    UNION ALL
    SELECT relname, 'UPDATE (' || attname || ')' FROM pg_class
        JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
        AND has_column_privilege(:role, pg_class.oid, attnum, 'UPDATE')
        AND NOT has_table_privilege(:role, pg_class.oid, 'UPDATE')
    """
)
_IN_USE = sa.text(
    f"""
    SELECT {_OWNS_SQL.format(role="current_user")},
        EXISTS (SELECT 1 FROM pg_class WHERE relnamespace = current_schema()::regnamespace
            AND relname = ANY(:guarded)
            AND (has_table_privilege(pg_class.oid, 'DELETE, TRUNCATE, TRIGGER')
                 OR has_table_privilege(pg_class.oid, 'UPDATE')
                 OR relname = ANY(:fixed) AND has_any_column_privilege(pg_class.oid, 'UPDATE')))
    """  # noqa: S608  (words of this file)
)
