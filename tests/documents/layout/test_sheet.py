import pytest

from app.documents.layout import SheetTooLarge, printed_text
from app.documents.layout.settable import (
    MAX_BLOCKS,
    MAX_CHARACTERS,
    ensure_settable,
    visible,
)
from app.documents.layout.sheet import letterhead_text, note_text, parts, recipients_text

from .sheets import notice, request


def test_lines_after_a_heading_are_the_appended_text() -> None:
    covering, appended = parts(notice())
    assert len(covering) == 1
    assert [text.heading for text in appended] == ["延安市电子公文传输管理暂行办法"]
    assert appended[0].paragraphs[1].text == "第一章 总 则"


def test_recipients_of_one_kind_and_of_several() -> None:
    assert recipients_text(("市财政局", "市水务局")) == "市财政局、市水务局"
    assert (
        recipients_text(("各县（市、区）政府", "各部门、各机构"))
        == "各县（市、区）政府，各部门、各机构"
    )
    assert recipients_text(("各县（市、区）政府",)) == "各县（市、区）政府"


def test_letterhead_and_note_get_what_they_lack() -> None:
    assert letterhead_text(request()) == "江洲县水务局文件"
    assert letterhead_text(request(letterhead="江洲县水务局文件")) == "江洲县水务局文件"
    assert note_text("此件公开发布") == note_text("（此件公开发布）") == "（此件公开发布）"


def test_a_draft_has_no_text_for_what_is_not_known() -> None:
    text = "".join(printed_text(request(number=None, date=None, printed_on=None, signatories=())))
    assert "〔" not in text
    assert "月" not in text


def test_invisible_characters_are_dropped_and_named() -> None:
    sheet, found = visible(
        request(title="关于\u200b放假的通知\ufe0f", paragraphs=("请\ufeff批示。",))
    )
    assert sheet.title == "关于放假的通知"
    assert sheet.paragraphs == ("请批示。",)
    assert found == ("\u200b", "\ufe0f", "\ufeff")


@pytest.mark.parametrize(
    "sheet",
    [
        notice(paragraphs=("文",) * (MAX_BLOCKS + 1)),
        notice(paragraphs=("文" * (MAX_CHARACTERS + 1),)),
        notice(title="文" * 2001),
        notice(main_recipients=("文" * 100,) * 100),
    ],
)
def test_endless_text_is_refused_before_any_work(sheet) -> None:
    with pytest.raises(SheetTooLarge, match="不能排版"):
        ensure_settable(sheet)
