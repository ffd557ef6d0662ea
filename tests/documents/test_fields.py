"""What people may enter, and the sentence for what they may not."""

from typing import Any

import pytest

from app.documents import IncomingFields, OutgoingFields, kinds, read
from app.documents.errors import Classified
from app.documents.text import plain
from app.errors import Invalid
from tests.documents.conftest import NOTICE

REQUEST = {
    "direction": "upward",
    "kind": "请示",
    "title": "关于资金的请示",
    "main_recipients": ["市局"],
}
RECEIVED = {
    "from_unit": "江洲市水务局",
    "number": "江市水〔2026〕8号",
    "title": "江洲市水务局关于开展检查的通知",
    "document_date": "2026-11-20",
    "received_at": "2026-11-23T09:30:00+08:00",
    "source": "上级来文",
}

REFUSED = [
    # given                                             field               words of the sentence
    ({"title": ""}, "title", "请填写标题"),
    ({"title": "  \t\n"}, "title", "请填写标题"),
    ({"title": " "}, "title", "请填写标题"),
    ({"title": "\u3000\u3000"}, "title", "请填写标题"),
    ({"title": "\u200b\u200d\ufeff\u2060"}, "title", "请填写标题"),
    ({"title": "\u3164\u2800"}, "title", "请填写标题"),
    ({"title": None}, "title", "应为文字"),
    ({"title": 7}, "title", "应为文字"),
    ({"title": "字" * 201}, "title", "不能超过 200 个字"),
    ({"title": "通\x00知"}, "title", "U+0000"),
    ({"title": "通\ud800知"}, "title", "无法识别的字符"),
    ({"body": "字" * 500_001}, "body", "不能超过 500000 个字"),
    ({"body": "第一段\x0b第二段"}, "body", "U+000B"),
    ({"note": "字" * 501}, "note", "不能超过 500 个字"),
    ({"kind": "情况说明"}, "kind", "文种应为下列之一"),
    ({"kind": ""}, "kind", "请填写文种"),
    ({"kind": "请示"}, "kind", "“请示”只能作上行文"),
    ({"kind": "报告"}, "kind", "“报告”只能作上行文"),
    ({"kind": "函"}, "kind", "“函”只能作平行文"),
    ({"direction": "sideways"}, "direction", "不在可选的范围内"),
    ({"direction": "incoming"}, "direction", "不在可选的范围内"),
    ({"urgency": "特提"}, "urgency", "不在可选的范围内"),
    ({"main_recipients": "各镇"}, "main_recipients", "应为列表"),
    ({"main_recipients": ["各镇", "\u200b"]}, "main_recipients", "请填写主送机关第 2 项"),
    ({"main_recipients": ["字" * 101]}, "main_recipients", "第 1 项不能超过 100 个字"),
    ({"main_recipients": ["镇"] * 201}, "main_recipients", "最多 200 项"),
    ({"copy_recipients": ["镇\n"]}, "copy_recipients", "U+000A"),
    ({"countersigners": ["x"] * 51}, "countersigners", "最多 50 项"),
    ({"signatory": "某局长"}, "signatory", "没有“signatory”这一栏"),
    ({"number": "江水〔2026〕1号"}, "number", "没有"),
    ({"state": "signed"}, "state", "没有“state”这一栏"),
]


@pytest.mark.parametrize(("given", "field", "words"), REFUSED, ids=repr)
def test_refused_at_its_field(given: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(OutgoingFields, {**NOTICE, **given})
    assert [error.field for error in refused.value.errors] == [field]
    assert words in refused.value.errors[0].message
    assert refused.value.code == "invalid"


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        read(OutgoingFields, {"title": "", "urgency": "x"})
    fields = [error.field for error in refused.value.errors]
    assert fields == ["direction", "kind", "title", "urgency"]
    assert refused.value.message == "有 4 处需要修改。"


SECRET = [
    {"classification": "secret"},
    {"classification": "机密"},
    {"classification": None},
    {"classification": ["none"]},
    {"title": "机密★1年 关于演练的通知"},
    {"title": "绝 密 ★ 关于演练的通知"},
    {"body": "秘密★\n\n各镇："},
    {"body": "\n" * 50 + "秘\u200b密 ★5年"},
    {"note": "机密★"},
    {"main_recipients": ["秘密★甲镇"]},
    {"classification": "top", "title": ""},
]


@pytest.mark.parametrize(
    ("form", "given"),
    [
        (form, given)
        for form in (OutgoingFields, IncomingFields)
        for given in SECRET
        if set(given) <= set(form.model_fields)
    ],
    ids=repr,
)
def test_state_secrets_are_refused_without_repeating_them(form: Any, given: dict[str, Any]) -> None:
    base = NOTICE if form is OutgoingFields else RECEIVED
    with pytest.raises(Classified) as refused:
        read(form, {**base, **given})
    assert refused.value.code == "classified_refused"
    assert "机要" in refused.value.message
    assert "演练" not in refused.value.message
    assert len(refused.value.errors) == 1


@pytest.mark.parametrize(
    "given",
    [
        {"title": "关于加强机密文件管理的通知"},
        {"title": "五★级机密工作"},
        {"body": "字" * 1200 + "附录中引用的标记：机密★"},
    ],
    ids=repr,
)
def test_the_words_alone_are_no_mark(given: dict[str, Any]) -> None:
    read(OutgoingFields, {**NOTICE, **given})


def test_text_is_kept_as_typed() -> None:
    title = "关于𠮷野家<script>alert(1)</script>\u202e和 e\u0301 👩‍👩‍👧 的通知"
    body = "  前有空格\t\n第二段　\n"
    given = read(OutgoingFields, {**NOTICE, "title": title, "body": body})
    assert (given.title, plain(given.body)) == (title, body)


def test_only_line_ends_are_made_one_kind() -> None:
    given = read(OutgoingFields, {**NOTICE, "body": "一\r\n二\r三\n"})
    assert plain(given.body) == "一\n二\n三\n"


@pytest.mark.parametrize("recipients", [[], ["市局", "市政府"]])
def test_a_request_goes_to_exactly_one_superior(recipients: list[str]) -> None:
    with pytest.raises(Invalid, match="只能主送一个上级机关"):
        read(OutgoingFields, {**REQUEST, "main_recipients": recipients})
    assert read(OutgoingFields, REQUEST).main_recipients == ["市局"]


def test_other_kinds_may_still_lack_a_recipient_as_drafts() -> None:
    assert read(OutgoingFields, {**REQUEST, "kind": "报告", "main_recipients": []})


@pytest.mark.parametrize("kind", kinds.KINDS.values(), ids=lambda kind: kind.name)
def test_each_kind_goes_where_it_may_and_nowhere_else(kind: kinds.Kind) -> None:
    for direction in kinds.DIRECTIONS:
        given = {**NOTICE, "kind": kind.name, "direction": direction, "main_recipients": ["甲"]}
        if direction in kind.directions:
            assert read(OutgoingFields, given).kind == kind.name
        else:
            with pytest.raises(Invalid, match=f"“{kind.name}”只能作"):
                read(OutgoingFields, given)


def test_fifteen_kinds_and_their_other_names() -> None:
    assert len(kinds.KINDS) == 15
    assert kinds.kind("令") is kinds.KINDS["命令"]
    assert kinds.kind("公函") is kinds.KINDS["函"]
    assert kinds.kind_of_title("某局会议纪要") is kinds.KINDS["纪要"]
    assert kinds.kind_of_title("关于印发《办法》的通知") is kinds.KINDS["通知"]
    assert kinds.kind_of_title("工作简报") is None


INCOMING_REFUSED = [
    ({"from_unit": " "}, "from_unit", "请填写来文单位"),
    ({"title": "\u3000"}, "title", "请填写标题"),
    ({"received_at": ""}, "received_at", "请填写收文时间"),
    ({"received_at": None}, "received_at", "有效的时间"),
    ({"received_at": "2026-02-30T09:00:00+08:00"}, "received_at", "有效的时间"),
    ({"received_at": "0000-01-01T09:00:00+08:00"}, "received_at", "有效的时间"),
    ({"received_at": "9999-12-31T23:59:59-08:00"}, "received_at", "有效的时间"),
    ({"received_at": "0001-01-01T00:00:00+14:00"}, "received_at", "有效的时间"),
    ({"received_at": 1790000000}, "received_at", "有效的时间"),
    ({"document_date": "2026-02-29"}, "document_date", "有效的日期"),
    ({"document_date": "9999-01-01"}, "document_date", "有效的日期"),
    ({"document_date": "2026-11-24"}, "document_date", "不能晚于收文时间"),
    ({"kind": "便条"}, "kind", "文种应为下列之一"),
    ({"urgency": "high"}, "urgency", "不在可选的范围内"),
    ({"receipt_number": 5}, "receipt_number", "没有"),
]


@pytest.mark.parametrize(("given", "field", "words"), INCOMING_REFUSED, ids=repr)
def test_incoming_refused_at_its_field(given: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(IncomingFields, {**RECEIVED, **given})
    assert [error.field for error in refused.value.errors] == [field]
    assert words in refused.value.errors[0].message


@pytest.mark.parametrize("missing", ["from_unit", "title", "received_at"])
def test_registration_names_what_is_missing(missing: str) -> None:
    given = {name: value for name, value in RECEIVED.items() if name != missing}
    with pytest.raises(Invalid) as refused:
        read(IncomingFields, given)
    assert [error.field for error in refused.value.errors] == [missing]


@pytest.mark.parametrize(
    ("typed", "utc"),
    [
        ("2026-11-23T09:30:00+08:00", "2026-11-23T01:30:00+00:00"),
        ("2026-11-23T09:30", "2026-11-23T01:30:00+00:00"),
        ("2026-11-23T01:30:00Z", "2026-11-23T01:30:00+00:00"),
        ("2024-02-29", "2024-02-28T16:00:00+00:00"),
    ],
)
def test_a_time_without_offset_is_the_office_clock(typed: str, utc: str) -> None:
    given = {**RECEIVED, "received_at": typed, "document_date": "2024-02-20"}
    assert read(IncomingFields, given).received_at.isoformat() == utc
