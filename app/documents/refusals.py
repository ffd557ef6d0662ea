"""From what pydantic found to sentences at the fields. None of them repeats what was typed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NoReturn, cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from app.documents.errors import CLASSIFIED_CODE, Classified
from app.errors import FieldError, Invalid

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "direction": "行文方向",
        "kind": "文种",
        "title": "标题",
        "body": "正文",
        "urgency": "紧急程度",
        "classification": "密级",
        "main_recipients": "主送机关",
        "copy_recipients": "抄送机关",
        "joint_issuers": "联合发文机关",
        "countersigners": "会签人",
        "note": "附注",
        "letterhead": "红头模板",
        "present": "出席人员",
        "excused": "请假人员",
        "observers": "列席人员",
        "nature": "公文性质",
        "keywords": "主题词",
        "series": "文号序列",
        "attachments": "附件",
        "from_unit": "来文单位",
        "number": "来文字号",
        "received_at": "收文时间",
        "document_date": "来文日期",
        "source": "公文来源",
        "process": "流转方式",
        "paper_number": "发文字号",
        "paper_date": "成文日期",
        "paper_signatory": "签发人",
    }
)

_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "missing": "请填写{label}。",
        "blank": "请填写{label}。",
        "string_type": "{label}应为文字。",
        "string_unicode": "{label}中有无法识别的字符，请删去后重新填写。",
        "string_too_long": "{label}不能超过 {max_length} 个字。",
        "list_type": "{label}应为列表。",
        "too_long": "{label}最多 {max_length} 项。",
        "literal_error": "{label}不在可选的范围内，请重新选择。",
        "extra_forbidden": "没有“{label}”这一栏，请删去。",
        "control": "{label}中有不能显示的控制字符 {point}，请删去。",
        "date": "{label}不是有效的日期，请按 2026-11-22 的样子填写。",
        "instant": "{label}不是有效的时间，请按 2026-11-22T10:30:00+08:00 的样子填写。",
    }
)


def refuse(code: str, **context: Any) -> NoReturn:
    """Raise, from inside a validator, the sentence that belongs to ``code``."""
    raise PydanticCustomError(cast(Any, code), cast(Any, code), context)


def refuse_with(sentence: str) -> NoReturn:
    """Raise, from inside a validator, a sentence of its own."""
    refuse("sentence", sentence=sentence)


def refusal(error: ValidationError, labels: Mapping[str, str] = LABELS) -> Invalid:
    """The refusal of an input: Classified before everything else, else all fields at once."""
    details = error.errors(include_url=False, include_input=False)
    for detail in details:
        if detail["type"] == CLASSIFIED_CODE:
            return Classified(_field(detail))
    errors = [FieldError(_field(detail), _sentence(detail, labels)) for detail in details]
    return Invalid.of(errors)


def _field(detail: ErrorDetails) -> str:
    return str(detail["loc"][0]) if detail["loc"] else ""


def _sentence(detail: ErrorDetails, labels: Mapping[str, str]) -> str:
    context = detail.get("ctx", {})
    if detail["type"] == "sentence":
        return str(context["sentence"])
    template = _SENTENCES.get(detail["type"], "{label}填写不正确，请检查。")
    return template.format_map({**context, "label": _label(detail, labels)})


def _label(detail: ErrorDetails, labels: Mapping[str, str]) -> str:
    field = _field(detail)
    label = labels.get(field, field[:40])
    places = [f"第 {place + 1} 项" for place in detail["loc"][1:] if isinstance(place, int)]
    return label + "".join(places)
