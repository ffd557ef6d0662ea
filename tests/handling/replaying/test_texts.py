"""Texts with their marks: nothing is lost, every mark has the hand it comes from."""

from itertools import pairwise

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.documents.runs import text_runs
from app.handling.replaying.texts import Piece, after, text_at
from tests.world import World

LINES = st.lists(st.text("甲乙丙丁，。\n", max_size=12), min_size=2, max_size=6)


def marked(texts: list[str]) -> list[Piece]:
    pieces = [Piece(texts[0])] if texts[0] else []
    for number, (old, new) in enumerate(pairwise(texts), 2):
        pieces = after(pieces, text_runs(old, new), number)
    return pieces


@given(texts=LINES)
def test_every_version_can_be_read_off_the_marks(texts: list[str]) -> None:
    pieces = marked(texts)
    for number, text in enumerate(texts, 1):
        stood = (
            each.text
            for each in pieces
            if (each.born or 1) <= number and (each.gone is None or each.gone > number)
        )
        assert "".join(stood) == text


def test_marks_name_who_wrote_and_who_struck_out(world: World) -> None:
    done = world.draft(body="一、三日内报送。")
    document = world.document(done.case)
    session = world.session
    found = text_at(session, document.id, 1, document.content_sha256)
    assert found is not None
    assert (found.proved, found.people, found.title) == (True, (), document.title)
    assert text_at(session, document.id, 0, "") is None
    gone = text_at(session, document.id, 9, "")
    assert gone is not None
    assert (gone.proved, gone.fault) == (False, "记录所说的第 9 版已不在库中。")


def test_a_text_changed_past_the_acts_is_not_proved(world: World) -> None:
    done = world.draft()
    document = world.document(done.case)
    session = world.session
    session.execute(sa.text("DROP TRIGGER IF EXISTS document_version_no_update"))
    change = "UPDATE document_version SET elements = replace(elements, '按日', '按月')"
    session.execute(sa.text(change))
    session.commit()
    found = text_at(session, document.id, 1, document.content_sha256)
    assert found is not None
    assert not found.proved
    other = text_at(session, document.id, 1, "0" * 64)
    assert other is not None
    assert not other.proved


def test_a_text_that_is_none_any_more_is_said(world: World) -> None:
    document = world.document(world.draft().case)
    session = world.session
    session.execute(sa.text("DROP TRIGGER IF EXISTS document_version_no_update"))
    for spoilt in ("no", "[]", '{"body": 3}'):
        session.execute(sa.text("UPDATE document_version SET elements = :to"), {"to": spoilt})
        session.commit()
        found = text_at(session, document.id, 1, document.content_sha256)
        assert found is not None, spoilt
        assert (found.proved, found.lines) == (False, ())
        assert found.fault == "记录所说的第 1 版的内容读不出来。"
