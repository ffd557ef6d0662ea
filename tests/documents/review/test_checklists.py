"""What a reviewer ticks of a checklist, and what units put on it."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from app.documents import review
from app.documents.review import SHIPPED, Checked, Checklist, Item
from app.documents.review.policies import LONGEST_ITEM, MOST_ITEMS
from app.errors import Invalid, NotAllowed
from app.organization import Post, Unit, roles
from tests.documents.conftest import AT, DRAFTER
from tests.documents.snapshot import snapshot

ADMIN = replace(DRAFTER, posts=(Post(roles.SYSTEM_ADMIN, 1, None, "系统管理员", False),))
LIST = Checklist((Item("准确", "第二十条"), Item("完整"), Item("规范")))
WHY = {"reason": "把关从严", "source": "江水办〔2026〕3号"}


def choose(session: Session, unit_id: int = 1, **texts: str) -> None:
    post = replace(ADMIN.posts[0], unit_id=unit_id)
    by = replace(ADMIN, posts=(post,), unit_id=unit_id)
    review.choose(session, unit_id, texts, WHY["reason"], by, AT, source=WHY["source"])


def test_what_was_ticked_and_what_was_not_is_kept_in_the_order_of_the_list() -> None:
    checked = LIST.tick(["规范", "准确"])
    assert [(each.text, each.ticked) for each in checked] == [
        ("准确", True),
        ("完整", False),
        ("规范", True),
    ]
    assert review.words(checked) == [
        "已核对：准确（第二十条）。",
        "已核对：规范。",
        "未勾选：完整。",
    ]
    assert review.read(review.stored(checked)) == checked


def test_acts_without_a_list_keep_nothing() -> None:
    assert review.read([]) == review.read(None) == ()
    assert review.words(()) == []


@pytest.mark.parametrize(
    ("must", "ticked", "sentence"),
    [
        (False, ["美观"], "没有“美观”"),
        (True, ["准确", "完整"], "还有 1 项没有勾选：规范"),
        (True, [], "还有 3 项没有勾选"),
    ],
)
def test_what_is_not_on_the_list_or_left_out_is_refused(
    must: bool, ticked: list[str], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence) as refused:
        replace(LIST, must=must).tick(ticked)
    assert [each.field for each in refused.value.errors] == ["checked"]


def test_where_all_are_wanted_all_will_do() -> None:
    checked = replace(LIST, must=True).tick(["准确", "完整", "规范"])
    assert Checked("完整", "", True) in checked


def test_a_unit_chooses_its_list_and_those_below_inherit_it(session: Session) -> None:
    below = Unit(
        key="below", name="柳湾站", short_name="柳湾站", agency_code="柳", letterhead="柳湾站文件",
        rank=3, parent_id=1,
    )  # fmt: skip
    session.add(below)
    session.flush()
    assert review.in_force(session, below.id) == Checklist(SHIPPED)
    choose(session, checks="准确｜第二十条（四）\n\n 完整 ", must="yes")
    found = review.in_force(session, below.id)
    assert found.items == (Item("准确", "第二十条（四）"), Item("完整"))
    assert found.must
    assert set(found.chosen_by.values()) == {"jiangzhou-county-water"}
    choose(session, below.id, must="no")
    assert not review.in_force(session, below.id).must
    assert review.in_force(session, below.id, inherited=True).must
    assert review.own(session, 1) == {"checks": "准确｜第二十条（四）\n完整", "must": "yes"}
    assert review.history(session, 1)[0].words == [
        "准确｜第二十条（四）",
        "完整",
        "是否须逐项勾选：逐项勾选才能同意",
    ]


@pytest.mark.parametrize(
    ("texts", "sentence"),
    [
        ({"checks": "｜第二十条"}, "第 1 项没有写核对什么"),
        ({"checks": "准确\n准确｜第二十条"}, "第 2 项与前面的重复"),
        ({"checks": "字" * (LONGEST_ITEM + 1)}, "第 1 项太长"),
        ({"checks": "\n".join(f"第{n}项" for n in range(MOST_ITEMS + 1))}, "最多 20 项"),
        ({"checks": "准\x07确"}, "不能显示的控制字符"),
        ({"must": "perhaps"}, "请从yes、no中选择"),
        ({"colour": "red"}, "没有“colour”这一项"),
        ({}, "与现行选择相同"),
    ],
)
def test_a_list_that_cannot_be_is_refused_with_the_line(
    session: Session, texts: dict[str, str], sentence: str
) -> None:
    before = snapshot(session)
    with pytest.raises(Invalid, match=sentence):
        choose(session, **texts)
    assert snapshot(session) == before


def test_only_its_system_administrator_chooses(session: Session) -> None:
    with pytest.raises(NotAllowed, match="只有系统管理员"):
        review.choose(session, 2, {"must": "yes"}, "原因", ADMIN, AT, source="依据")
