"""The table of checks, in the order in which they are shown.

Shipped severities: what the regulation forbids outright is blocked and stays so; what can only be
guessed from words asks for a reason; what is good to know is said. A unit may choose otherwise
within the floor of each (``policies``).
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

from app.documents.preflight import (
    addressing,
    attached,
    authority,
    describing,
    elements,
    substance,
    titles,
)
from app.documents.preflight.findings import Excuse, Rule, Severity

OFF, NOTE, WARN, BLOCK = Severity.OFF, Severity.NOTE, Severity.WARN, Severity.BLOCK
_BY_ORDER = Excuse("负责人交办的情况")
_APPROVAL = Excuse("批准文件的文号或者日期", re.compile(r"\d"))
_IN_CHARGE = Excuse("主持工作的依据")
_AGREED = Excuse("协商一致或者上级裁定的依据")

_ELEMENTS = (
    Rule("text", "有正文", "条例第九条（九）", BLOCK, BLOCK, elements.text_there),
    Rule("recipients", "有主送机关", "条例第九条（八）", BLOCK, BLOCK, elements.recipients_there),
    Rule("secrecy", "没有密级标志", "SEC-01", BLOCK, BLOCK, elements.not_secret),
    Rule("title_kind", "标题与文种一致", "条例第九条（七）", BLOCK, BLOCK, titles.right_kind),
    Rule("title_parts", "标题三要素", "条例第九条（七）", WARN, NOTE, titles.three_parts),
    Rule("title_marks", "标题的标点", "GB/T 9704—2012 7.3.1", WARN, OFF, titles.marks),
    Rule("title_issuer", "标题的发文机关", "条例第九条（七）", NOTE, NOTE, titles.other_issuer),
    Rule("urgency", "紧急程度", "条例第九条（三）", WARN, NOTE, elements.urgency_fits),
    Rule(
        "attendance",
        "纪要写明出席人员",
        "GB/T 9704—2012 10.3",
        WARN,
        NOTE,
        describing.attendance_there,
    ),
    Rule(
        "attended_once",
        "出席、请假、列席不重复",
        "GB/T 9704—2012 10.3",
        WARN,
        NOTE,
        describing.attended_once,
    ),
    Rule("keywords", "重要公文有主题词", "DRF-18", NOTE, OFF, describing.keywords_there),
)
_ADDRESSING = (
    Rule(
        "one_superior",
        "上行文主送一个上级",
        "条例第十五条（一）（六）",
        WARN,
        WARN,
        addressing.one_superior,
    ),
    Rule(
        "direction",
        "主送机关与行文方向相符",
        "条例第十四条",
        BLOCK,
        BLOCK,
        addressing.right_direction,
    ),
    Rule("letter", "函的主送机关", "条例第八条（十四）", WARN, NOTE, addressing.letter_to_kin),
    Rule(
        "subordinate_copied",
        "上行文不抄送下级",
        "条例第十五条（一）",
        BLOCK,
        BLOCK,
        addressing.subordinate_copied,
    ),
    Rule(
        "skipped_level",
        "越级行文抄送被越过的机关",
        "条例第十四条",
        BLOCK,
        BLOCK,
        addressing.skipped_level,
    ),
    Rule(
        "to_leader",
        "不向负责人个人报送",
        "条例第十五条（五）",
        BLOCK,
        BLOCK,
        addressing.addressed_to_leader,
        _BY_ORDER,
    ),
    Rule(
        "weighty",
        "重要下行文抄送直接上级",
        "条例第十六条（一）",
        WARN,
        NOTE,
        addressing.weighty_without_superior,
    ),
    Rule(
        "public",
        "公布性公文不写主送",
        "条例第八条（四）（五）（六）",
        WARN,
        OFF,
        addressing.public_with_recipients,
    ),
    Rule(
        "named_twice", "机关不重复", "条例第九条（八）（十六）", BLOCK, NOTE, addressing.named_twice
    ),
    Rule(
        "name_marks",
        "机关名称后没有标点",
        "GB/T 9704—2012 7.3.2",
        BLOCK,
        NOTE,
        addressing.marks_in_names,
    ),
    Rule("misspelt", "机关名称没有笔误", "条例第九条（八）", WARN, NOTE, addressing.misspelt),
    Rule(
        "unknown_unit", "机关在单位名录里", "条例第九条（八）", NOTE, OFF, addressing.unknown_unit
    ),
)
_AUTHORITY = (
    Rule(
        "inner_office",
        "内设机构不对外行文",
        "条例第十七条",
        BLOCK,
        BLOCK,
        authority.inner_office,
    ),
    Rule(
        "orders",
        "部门向下级政府行文注明同意",
        "条例第十六条（二）",
        BLOCK,
        BLOCK,
        authority.orders_without_consent,
    ),
    Rule(
        "approval",
        "部门向下级政府行文有批准",
        "条例第十六条（二）",
        BLOCK,
        BLOCK,
        authority.orders_with_consent,
        _APPROVAL,
    ),
    Rule(
        "signed_by_head",
        "上行文由主要负责人签发",
        "条例第二十二条",
        BLOCK,
        BLOCK,
        authority.signed_by_head,
        _IN_CHARGE,
    ),
    Rule(
        "objections",
        "会签协商一致",
        "条例第十六条（四）、第十九条（六）",
        NOTE,
        NOTE,
        authority.objections,
        _AGREED,
    ),
    Rule("series", "文号与文种相符", "条例第九条（五）", BLOCK, WARN, authority.misnumbered),
)
_SUBSTANCE = (
    Rule("one_matter", "请示一文一事", "条例第十五条（四）", WARN, NOTE, substance.one_matter),
    Rule(
        "request_in_report",
        "报告不夹带请示",
        "条例第十五条（四）",
        WARN,
        WARN,
        substance.request_in_report,
    ),
    Rule(
        "passed_on",
        "转报附本机关意见",
        "条例第十五条（三）",
        WARN,
        WARN,
        substance.passed_on_with_opinion,
    ),
    Rule(
        "contact",
        "请示注明联系人和电话",
        "GB/T 9704—2012 7.3.6",
        WARN,
        NOTE,
        substance.whom_to_call,
    ),
)
_ATTACHED = (
    Rule("text_as_file", "正文不作附件", "条例第九条（九）", BLOCK, BLOCK, attached.text_as_file),
    Rule(
        "file_missing",
        "提到的附件都在",
        "条例第九条（十）",
        WARN,
        WARN,
        attached.named_but_missing,
    ),
    Rule(
        "file_unnamed",
        "附件在正文里有着落",
        "条例第九条（十）",
        NOTE,
        OFF,
        attached.there_but_unnamed,
    ),
    Rule(
        "file_list",
        "附件说明不手写",
        "GB/T 9704—2012 7.3.4",
        BLOCK,
        NOTE,
        attached.list_typed,
    ),
    Rule(
        "file_name",
        "附件名称看得出内容",
        "GB/T 9704—2012 7.3.4",
        WARN,
        OFF,
        attached.names_say_something,
    ),
    Rule(
        "file_type",
        "附件的类型和大小现在仍可接收",
        "本单位附件规则（ATT-07）",
        WARN,
        NOTE,
        attached.still_admitted,
    ),
    Rule(
        "own_annex",
        "自己撰写的附在正文之后",
        "条例第九条（十）",
        WARN,
        NOTE,
        attached.own_annex,
    ),
)
_FORM = (
    Rule(
        "signature",
        "署名和日期不手写",
        "条例第九条（十一）（十二）",
        BLOCK,
        NOTE,
        elements.signature_not_typed,
    ),
    Rule(
        "number_form",
        "引用文号的写法",
        "GB/T 9704—2012 7.2.5",
        NOTE,
        OFF,
        elements.numbers_well_written,
    ),
    Rule("glyphs", "每个字都能排印", "GB/T 9704—2012 5.2.2", BLOCK, BLOCK, elements.every_glyph),
    Rule(
        "page",
        "版面合乎标准",
        "GB/T 9704—2012 7.3.3、7.3.5",
        BLOCK,
        BLOCK,
        elements.fits_the_page,
    ),
)

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.key: rule
        for rule in (*_ELEMENTS, *_ADDRESSING, *_AUTHORITY, *_SUBSTANCE, *_ATTACHED, *_FORM)
    }
)
