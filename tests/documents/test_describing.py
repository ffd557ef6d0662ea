"""Elements of minutes, nature, keywords and series: what may be entered, kept and set."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app import audit
from app.documents import (
    Document,
    OutgoingFields,
    content,
    create_outgoing,
    keywords,
    mark_signed,
    read,
    revise,
    versions,
)
from app.documents.errors import WrongState
from app.documents.fields import KEYWORDS
from app.documents.history import newest
from app.errors import Invalid
from app.organization import Post, StandsFor, roles
from tests.documents.conftest import AT, DRAFTER, LEADER, NOTICE
from tests.documents.numbers import signed

MINUTES = {"kind": "纪要", "title": "江洲县水务局关于冬季堤防的纪要", "main_recipients": []}


def drafted(session: Session, **fields: Any) -> Document:
    return create_outgoing(session, DRAFTER, AT, read(OutgoingFields, {**NOTICE, **fields}))


def test_minutes_name_their_people_on_the_page(session: Session) -> None:
    document = drafted(
        session, **MINUTES, present=["王建军", "李丽（财政局、预算科）"], observers=["赵敏"]
    )
    values = content.elements(document)
    assert values["present"] == "王建军、李丽（财政局、预算科）"
    assert (values["excused"], values["observers"]) == ("", "赵敏")
    assert values["posts"] == ()


def test_attendance_belongs_to_the_hashed_content(session: Session) -> None:
    document = drafted(session, **MINUTES, present=["王建军"])
    before = document.content_sha256
    revise(session, document, DRAFTER, AT, "draft", {"excused": ["李丽"]})
    assert document.content_sha256 != before
    said = versions.words_of_json(newest(session, document).difference)
    assert said == ("请假人员填为“李丽”。",)


@pytest.mark.parametrize("element", ["present", "excused", "observers"])
def test_only_minutes_name_people(element: str) -> None:
    with pytest.raises(Invalid, match="“通知”不写出席、请假和列席人员") as refused:
        read(OutgoingFields, {**NOTICE, element: ["王建军"]})
    assert [each.field for each in refused.value.errors] == [element]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["堤防", "堤防"], "有重复"),
        (["堤防 巡查"], "请分成几个"),
        (["堤防、巡查"], "请分成几个"),
        (["字" * 21], "不能超过 20 个字"),
        ([f"词{n}" for n in range(KEYWORDS + 1)], "最多 10 项"),
        ([" "], "请填写主题词"),
        (["机密★"], "涉及国家秘密"),
    ],
)
def test_keywords_that_cannot_be_kept(words: list[str], sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence):
        read(OutgoingFields, {**NOTICE, "keywords": words})


def test_a_nature_is_one_of_six_or_none() -> None:
    assert read(OutgoingFields, NOTICE).nature == ""
    assert read(OutgoingFields, {**NOTICE, "nature": "contract"}).nature == "contract"
    with pytest.raises(Invalid, match="公文性质不在可选的范围内"):
        read(OutgoingFields, {**NOTICE, "nature": "poem"})


def test_keywords_change_after_the_sign_off_and_what_was_signed_stays(session: Session) -> None:
    document = signed(session, keywords=["堤防"])
    digest = document.content_sha256
    keywords.amend(session, document, DRAFTER, AT, ["水利", "堤防"], "按词表")
    assert document.keywords_in_force == ["水利", "堤防"]
    assert (document.keywords, document.content_sha256) == (["堤防"], digest)
    assert content.canonical(document)[1] == digest
    keywords.amend(session, document, DRAFTER, AT, [], "不设主题词")
    assert document.keywords_in_force == []
    session.commit()
    last = audit.case_entries(session, 0, document.id)[-1]
    assert (last.detail["old"], last.detail["new"]) == (["水利", "堤防"], [])


def test_the_same_keywords_are_no_change(session: Session) -> None:
    document = signed(session, keywords=["堤防"])
    with pytest.raises(Invalid, match="没有需要改动的"):
        keywords.amend(session, document, DRAFTER, AT, ["堤防"], "原因")


def test_before_the_sign_off_they_are_an_element_like_others(session: Session) -> None:
    document = drafted(session, keywords=["堤防"])
    with pytest.raises(WrongState, match="尚未签发"):
        keywords.amend(session, document, DRAFTER, AT, ["水利"], "原因")
    revise(session, document, DRAFTER, AT, "draft", {"keywords": ["水利"]})
    assert (document.version, document.keywords_in_force) == (2, ["水利"])


def test_an_order_bears_the_post_of_who_signs(session: Session) -> None:
    order = drafted(session, kind="命令", title="江洲县水务局关于防汛的命令")
    assert content.elements(order)["posts"] == ("",), "its room is kept before the sign-off"
    leader = replace(LEADER, posts=(Post(roles.UNIT_HEAD, 1, None, "局长", True),))
    mark_signed(session, order, leader, AT)
    assert order.signatory_post == "局长"
    assert content.elements(order)["posts"] == ("局长",)


def test_the_others_of_a_joint_order_have_their_room(session: Session) -> None:
    order = drafted(
        session, kind="命令", title="江洲县水务局关于防汛的命令", joint_issuers=["县财政局"]
    )
    assert content.elements(order)["posts"] == ("", "")


def test_an_agent_signs_with_his_own_post(session: Session) -> None:
    """His is the name that is written; the post beside it is not that of his principal."""
    agent = replace(
        LEADER,
        posts=(Post(roles.LEADER_IN_CHARGE, 1, None, "副局长", True),),
        stands_for=StandsFor("unit.head", "郑德明", "受郑德明委托代办"),
    )
    order = drafted(session, kind="命令", title="江洲县水务局关于防汛的命令")
    mark_signed(session, order, agent, AT)
    assert (order.signatory, order.signatory_post) == (LEADER.name, "副局长")


@pytest.mark.parametrize(
    ("values", "number"),
    [
        ({"flow": "outgoing", "scanned": False}, 1),
        ({"flow": "outgoing", "scanned": True}, 3),
        ({"flow": "incoming", "scanned": False, "source": "上级来文"}, 3),
        ({"flow": "incoming", "scanned": False, "source": "电子邮件"}, 4),
    ],
)
def test_classes_of_sources(values: dict[str, Any], number: int) -> None:
    assert content.source_class(Document(**values)) == number
