"""Every rule: a document that keeps it, and one that does not, with where and what it says."""

from typing import Any

import pytest

from app.documents.preflight import RULES, Severity, Signing, check
from app.documents.preflight.paper import File
from tests.documents.preflight.papers import MODELS, files, paper

Changes = dict[str, Any]

KEPT: list[tuple[str, str, Changes]] = [
    ("recipients", "notice", {"kind": "公告", "title": "江洲县水务局公告", "main_recipients": ()}),
    ("secrecy", "notice", {"body": "加强保密管理，秘密文件专人保管。"}),
    ("title_kind", "letter", {"title": "江洲县水务局关于同意联合巡查的复函"}),
    ("title_kind", "notice", {"title": "江洲县水务局关于强降雨防御的紧急通知"}),
    ("title_parts", "notice", {"title": "江洲县水务局关于\n做好冬季堤防巡查的\n通知"}),
    ("title_parts", "notice", {"title": "江洲县水务局转发市水务局防汛工作要点的通知"}),
    ("title_parts", "notice", {"title": "江洲县水务局公告", "kind": "公告"}),
    ("title_marks", "notice", {"title": "江洲县水务局关于印发《江河、湖泊：名录》的通知"}),
    ("title_issuer", "notice", {"title": "江洲县水务局 江洲县财政局关于资金管理的通知"}),
    ("urgency", "notice", {"title": "江洲县水务局关于防汛的紧急通知", "urgency": "urgent"}),
    ("attendance", "notice", {}),
    ("attendance", "notice", {"kind": "纪要", "present": ("王建军",)}),
    ("attended_once", "notice", {"kind": "纪要", "present": ("王建军",), "excused": ("李丽",)}),
    ("keywords", "notice", {}),
    ("keywords", "notice", {"urgency": "urgent", "keywords": ("防汛",)}),
    ("one_superior", "notice", {"main_recipients": ("柳湾镇水务站", "石桥镇水务站")}),
    ("direction", "request", {"main_recipients": ("江洲县人民政府",)}),
    ("direction", "notice", {"main_recipients": ("柳湾镇水务站",)}),
    ("letter", "letter", {"main_recipients": ("县财政局",)}),
    ("subordinate_copied", "request", {"copy_recipients": ("东湖区水务局", "县财政局")}),
    ("subordinate_copied", "notice", {"copy_recipients": ("柳湾镇水务站",)}),
    (
        "skipped_level",
        "request",
        {"main_recipients": ("省水利厅",), "copy_recipients": ("市水务局",)},
    ),
    ("to_leader", "notice", {"main_recipients": ("柳湾站站长",)}),
    ("weighty", "notice", {"kind": "决定", "copy_recipients": ("江洲市水务局",)}),
    ("public", "notice", {}),
    ("named_twice", "notice", {"copy_recipients": ("县应急管理局",)}),
    ("name_marks", "notice", {"main_recipients": ("各县（区）水务局",)}),
    ("misspelt", "letter", {"main_recipients": ("县财政局",)}),
    ("unknown_unit", "notice", {"main_recipients": ("局属各单位",)}),
    ("inner_office", "notice", {"title": "江洲县水务局办公室关于值班的通知"}),
    ("inner_office", "letter", {"title": "石门水库管理处关于移交的函"}),
    ("orders", "letter", {"main_recipients": ("东湖区人民政府",)}),
    (
        "orders",
        "notice",
        {
            "main_recipients": ("各乡镇人民政府",),
            "title": "江洲县人民政府办公室关于机井登记的通知",
        },
    ),
    (
        "orders",
        "notice",
        {"main_recipients": ("各乡镇人民政府",), "body": "经县人民政府同意，开展机井登记。"},
    ),
    ("approval", "notice", {}),
    ("signed_by_head", "request", {"signing": Signing(by_head=True)}),
    ("signed_by_head", "notice", {"signing": Signing(by_head=False)}),
    ("objections", "notice", {"signing": Signing()}),
    ("series", "notice", {}),
    ("one_matter", "request", {}),
    ("request_in_report", "report", {"body": "+请市局批示的事项另行请示。"}),
    (
        "passed_on",
        "request",
        {"body": "现将《柳湾站关于资金的请示》转报，经研究，我局同意该站意见。妥否，请批示。"},
    ),
    ("contact", "report", {"note": ""}),
    ("text_as_file", "notice", {"files": files("巡查表.pdf")}),
    ("file_missing", "notice", {"body": "+见附件。", "files": files("巡查表.pdf")}),
    ("file_missing", "notice", {"body": "+按附件办法执行。\n# 巡查办法\n第一条 每日巡查。"}),
    ("file_missing", "notice", {"body": "+见附件 2。", "files": files("甲表.pdf", "乙表.pdf")}),
    ("file_unnamed", "notice", {"body": "+详见附件。", "files": files("巡查表.pdf")}),
    ("file_list", "notice", {"body": "+按附件填报。", "files": files("巡查表.pdf")}),
    ("file_name", "notice", {"files": files("附件汇总情况说明.pdf")}),
    ("own_annex", "notice", {"files": files("来函.docx", own=False)}),
    ("own_annex", "notice", {"files": files("巡查表.pdf", "统计表.xlsx")}),
    ("file_type", "notice", {"files": files("巡查表.pdf")}),
    ("signature", "notice", {"body": "+2026年11月20日前报江洲县水务局。"}),
    ("number_form", "notice", {"body": "+按江市水〔2026〕12号要求办理。"}),
    ("glyphs", "notice", {}),
    ("page", "notice", {}),
]

NARROWED = File("巡查路线图.jpg", own=False, admitted=False)

BROKEN: list[tuple[str, str, Changes, str, str]] = [
    ("text", "notice", {"body": " \u3000"}, "body", "请填写正文"),
    ("recipients", "notice", {"main_recipients": ()}, "main_recipients", "请填写主送机关"),
    ("secrecy", "notice", {"body": "字" * 2000 + "机密★一年"}, "body", "密级标志"),
    ("title_kind", "notice", {"kind": "通报"}, "title", "标题的文种是“通知”"),
    ("title_kind", "request", {"title": "江洲县水务局关于资金的请示报告"}, "title", "不能并用"),
    ("title_parts", "notice", {"title": "关于巡查的通知"}, "title", "现缺发文机关。"),
    ("title_parts", "notice", {"title": "江洲县水务局通知"}, "title", "现缺事由"),
    ("title_parts", "notice", {"title": "江洲县水务局关于巡查的安排"}, "title", "现缺文种。"),
    ("title_marks", "notice", {"title": "江洲县水务局关于巡查的通知。"}, "title", "删去“。”"),
    (
        "title_issuer",
        "notice",
        {"title": "延安市人民政府办公室关于巡查的通知"},
        "title",
        "“延安市人民政府办公室”",
    ),
    ("urgency", "notice", {"title": "江洲县水务局关于防汛的紧急通知"}, "urgency", "加急或者特急"),
    ("urgency", "notice", {"title": "江洲县水务局关于防汛的特提通知"}, "title", "用于电报"),
    ("attendance", "notice", {"kind": "纪要"}, "present", "没有写出席人员"),
    (
        "attended_once",
        "notice",
        {"kind": "纪要", "present": ("王建军", "李丽"), "observers": ("李丽",)},
        "present",
        "“李丽”在出席、请假、列席中写了 2 次",
    ),
    ("keywords", "notice", {"kind": "决定"}, "keywords", "宜填写主题词"),
    ("keywords", "notice", {"urgency": "extra_urgent"}, "keywords", "宜填写主题词"),
    (
        "one_superior",
        "report",
        {"main_recipients": ("江洲市水务局", "江洲县人民政府")},
        "main_recipients",
        "现有 2 个",
    ),
    (
        "direction",
        "request",
        {"main_recipients": ("东湖区水务局",)},
        "main_recipients",
        "不是本单位的上级",
    ),
    (
        "direction",
        "request",
        {"main_recipients": ("柳湾镇水务站",)},
        "main_recipients",
        "不是本单位的上级",
    ),
    (
        "direction",
        "notice",
        {"main_recipients": ("江洲市水务局",)},
        "main_recipients",
        "不是本单位的下级",
    ),
    ("letter", "letter", {"main_recipients": ("江洲市水务局",)}, "kind", "本单位的上级"),
    (
        "subordinate_copied",
        "request",
        {"copy_recipients": ("柳湾镇水务站",)},
        "copy_recipients",
        "不抄送下级",
    ),
    (
        "subordinate_copied",
        "report",
        {"copy_recipients": ("局属各单位",)},
        "copy_recipients",
        "局属各单位",
    ),
    (
        "skipped_level",
        "request",
        {"main_recipients": ("江北省水利厅",)},
        "copy_recipients",
        "江洲市水务局",
    ),
    ("to_leader", "request", {"main_recipients": ("沈志远局长",)}, "main_recipients", "负责人"),
    ("to_leader", "report", {"copy_recipients": ("李明同志",)}, "copy_recipients", "李明同志"),
    ("weighty", "notice", {"kind": "决定"}, "copy_recipients", "江洲市水务局"),
    ("public", "notice", {"kind": "公告"}, "main_recipients", "不写主送机关"),
    (
        "named_twice",
        "notice",
        {"copy_recipients": ("各乡镇水务站",)},
        "copy_recipients",
        "写了 2 次",
    ),
    (
        "name_marks",
        "notice",
        {"main_recipients": ("各乡镇水务站：",)},
        "main_recipients",
        "删去标点",
    ),
    (
        "misspelt",
        "letter",
        {"main_recipients": ("东湖区水利局",)},
        "main_recipients",
        "“东湖区水务局”",
    ),
    ("unknown_unit", "letter", {"main_recipients": ("县档案馆",)}, "main_recipients", "单位名录"),
    ("inner_office", "letter", {"title": "江洲县水务局财务科关于对账的函"}, "title", "内设机构"),
    ("inner_office", "notice", {"title": "工程科关于巡查的通知"}, "title", "“工程科”"),
    ("orders", "notice", {"main_recipients": ("各乡镇人民政府",)}, "body", "指令性公文"),
    (
        "approval",
        "notice",
        {"main_recipients": ("各乡镇人民政府",), "body": "经县人民政府同意，开展机井登记。"},
        "main_recipients",
        "批准文件的文号",
    ),
    ("signed_by_head", "request", {"signing": Signing(by_head=False)}, "signatory", "主要负责人"),
    (
        "objections",
        "notice",
        {"signing": Signing(objectors=("孙丽华",))},
        "countersigners",
        "孙丽华",
    ),
    ("series", "notice", {"misnumbered": "“通知”不用函的文号。"}, "number", "函的文号"),
    ("one_matter", "request", {"body": "+妥否，请批示。"}, "body", "一文一事"),
    ("one_matter", "request", {"title": "江洲县水务局关于资金等问题的请示"}, "body", "一文一事"),
    (
        "one_matter",
        "request",
        {"body": "一、关于资金的问题\n缺。\n二、关于编制的问题\n缺。\n妥否，请批示。"},
        "body",
        "一文一事",
    ),
    ("request_in_report", "report", {"body": "+恳请市局给予资金支持。"}, "body", "夹带请示"),
    ("request_in_report", "report", {"body": "+妥否，请批示。"}, "body", "妥否，请"),
    (
        "passed_on",
        "request",
        {"body": "现将《柳湾站关于资金的请示》转报。妥否，请批示。"},
        "body",
        "倾向性意见",
    ),
    ("contact", "request", {"note": ""}, "note", "联系人、电话"),
    ("contact", "request", {"note": "联系人：办公室"}, "note", "现缺电话"),
    ("text_as_file", "notice", {"files": files("正文.docx")}, "attachments", "正文不得作为附件"),
    (
        "text_as_file",
        "notice",
        {"files": files("江洲县水务局关于做好冬季堤防巡查的通知.pdf")},
        "attachments",
        "移除这个附件",
    ),
    (
        "text_as_file",
        "notice",
        {"body": "见附件。", "files": files("巡查要求.pdf")},
        "body",
        "只是指向附件",
    ),
    ("file_missing", "notice", {"body": "+见附件。"}, "attachments", "没有添加附件"),
    (
        "file_missing",
        "notice",
        {"body": "+见附件 3。", "files": files("甲表.pdf")},
        "attachments",
        "提到附件3，现有附件 1 个",
    ),
    ("file_unnamed", "notice", {"files": files("巡查表.pdf")}, "body", "正文没有提到"),
    (
        "file_list",
        "notice",
        {"body": "+附件：1.值班表", "files": files("巡查表.pdf")},
        "body",
        "“值班表”与附件的名称也不一致",
    ),
    (
        "file_list",
        "notice",
        {"body": "+附件：巡查表", "files": files("巡查表.pdf")},
        "body",
        "请从正文中删去",
    ),
    ("file_name", "notice", {"files": files("附件1.pdf")}, "attachments", "看不出内容"),
    ("own_annex", "notice", {"files": files("巡查办法.docx")}, "attachments", "附于正文之后"),
    ("file_type", "notice", {"files": (NARROWED,), "takes": "pdf"}, "attachments", "不在其内"),
    ("signature", "notice", {"body": "+江洲县水务局"}, "body", "签发后写入"),
    ("signature", "notice", {"body": "+二〇二六年十一月二十日"}, "body", "签发后写入"),
    ("signature", "notice", {"body": "+2026 年 11 月 20 日"}, "body", "签发后写入"),
    ("number_form", "notice", {"body": "+按江市水[2026]012号办理。"}, "body", "“〔2026〕12号”"),
    ("number_form", "notice", {"body": "+按江市水〔2026〕第12号办理。"}, "body", "“〔2026〕12号”"),
    ("glyphs", "notice", {"unprinted": ("\U0002a6d6",)}, "body", "U+2A6D6"),
    ("page", "notice", {"unfit": ("首页排不下正文。",)}, "body", "首页"),
]


@pytest.mark.parametrize("model", MODELS)
def test_an_exemplary_document_has_nothing_to_mend(model: str) -> None:
    assert check(MODELS[model], {}) == []


@pytest.mark.parametrize(("rule", "model", "changes"), KEPT)
def test_a_rule_is_kept(rule: str, model: str, changes: Changes) -> None:
    assert list(RULES[rule].check(paper(model, **changes))) == []


@pytest.mark.parametrize(("rule", "model", "changes", "field", "words"), BROKEN)
def test_a_rule_is_broken(rule: str, model: str, changes: Changes, field: str, words: str) -> None:
    (spot,) = RULES[rule].check(paper(model, **changes))
    assert spot.field == field
    assert words in spot.sentence
    assert spot.sentence.endswith("。")


def test_every_rule_is_tried_both_ways() -> None:
    assert {rule for rule, *_ in BROKEN} == set(RULES)
    assert {rule for rule, *_ in KEPT} | {"text"} == set(RULES)


def test_no_rule_is_shipped_below_its_floor() -> None:
    for rule in RULES.values():
        assert rule.severity.weight >= rule.floor.weight, rule.key
        assert (rule.floor is Severity.BLOCK) == (len(rule.choices) == 1), rule.key


def test_an_empty_form_is_checked_without_harm() -> None:
    empty = paper("notice", direction="", kind="", title="", main_recipients=(), body="")
    found = {each.rule.key for each in check(empty, {})}
    assert found == {"text", "recipients"}
