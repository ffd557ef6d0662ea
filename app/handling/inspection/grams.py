"""Words of Chinese found by an index: every pair of neighbouring characters is a term.

Chinese has no spaces, and its commonest words have two characters. The trigrams of SQLite and of
pg_trgm find nothing shorter than three; so we cut pairs (and single characters) ourselves, the
same on both engines: SQLite keeps them in an FTS5 table without content, PostgreSQL as an array
under a GIN index. What has all pairs of a word is then looked at for the word itself.
"""

import unicodedata
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

TABLE = "record_grams"


def made_by(dialect: str) -> list[str]:
    """DDL of the table of terms, beside the models: no model can say FTS5."""
    if dialect == "sqlite":
        return [
            f"CREATE VIRTUAL TABLE {TABLE}"
            " USING fts5(grams, content='', detail=none, tokenize='ascii')"
        ]
    return [
        f"CREATE TABLE {TABLE} (seq BIGINT PRIMARY KEY, grams TEXT[] NOT NULL)",
        f"CREATE INDEX ix_{TABLE} ON {TABLE} USING gin (grams)",
    ]


def folded(text: str) -> str:
    """One spelling for what looks alike: full width and half width, large and small.

    What cannot be shown, such as NUL, which PostgreSQL does not keep, is as good as a space.
    """
    shown = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(unicodedata.normalize("NFKC", shown).casefold().split())


def terms(text: str) -> set[str]:
    """Single characters and pairs of a folded text, but none across a sign or a space."""
    found: set[str] = set()
    for run in _runs(text):
        found.update(run)
        found.update(run[at : at + 2] for at in range(len(run) - 1))
    return found


def needed(words: str) -> set[str]:
    """Terms that a text must have to contain the folded words; none where they are signs only."""
    found: set[str] = set()
    for run in _runs(words):
        pairs = {run[at : at + 2] for at in range(len(run) - 1)}
        found |= pairs or {run}
    return found


def keep(session: Session, rows: Sequence[tuple[int, str]]) -> None:
    """Index (seq, folded text); each seq once."""
    if not rows:
        return
    if _on_sqlite(session):
        virtual = sa.table(TABLE, sa.column("rowid"), sa.column("grams"))
        given = [{"rowid": seq, "grams": _spelled(terms(text))} for seq, text in rows]
        session.execute(sa.insert(virtual), given)
        return
    table = sa.table(TABLE, sa.column("seq"), sa.column("grams", sa.ARRAY(sa.Text())))
    values = [{"seq": seq, "grams": sorted(terms(text))} for seq, text in rows]
    session.execute(sa.insert(table), values)


def forget(session: Session) -> None:
    """Empty the index."""
    table = sa.table(TABLE, sa.column(TABLE))
    if _on_sqlite(session):  # a table without content has nothing to delete row by row
        session.execute(sa.insert(table).values({TABLE: "delete-all"}))
        return
    session.execute(sa.delete(table))


def matching(session: Session, words: str) -> sa.Select[tuple[int]] | None:
    """Select of the seq of every text that has the terms of the words; None where it has none."""
    wanted = needed(words)
    if not wanted:
        return None
    if _on_sqlite(session):
        question = _spelled(wanted, " AND ")
        return (
            sa.select(sa.literal_column("rowid"))
            .select_from(sa.text(TABLE))
            .where(sa.text(f"{TABLE} MATCH :question").bindparams(question=question))
        )
    table = sa.table(TABLE, sa.column("seq", sa.BigInteger), sa.column("grams"))
    held = table.c.grams.op("@>")(sa.cast(sorted(wanted), sa.ARRAY(sa.Text())))
    return sa.select(table.c.seq).where(held)


def _runs(text: str) -> Iterable[str]:
    return "".join(each if each.isalnum() else " " for each in text).split()


def _spelled(found: Iterable[str], between: str = " ") -> str:
    """In ASCII, because the tables of FTS5 do not know the rarer characters."""
    return between.join("x".join(f"{ord(sign):x}" for sign in each) for each in sorted(found))


def _on_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"
