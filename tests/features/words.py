"""The words of the scenarios: directions, urgencies, labels of ways out, and lists of people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.clock import SHANGHAI
from tests.world import NOTICE, RECEIVED, REQUEST

DIRECTIONS = {"上行文": "upward", "下行文": "downward", "平行文": "parallel"}
URGENCIES = {"加急": "urgent", "特急": "extra_urgent", "平件": "none"}
FIELDS = {
    "标题": "title",
    "正文": "body",
    "文种": "kind",
    "主送机关": "main_recipients",
    "联合发文机关": "joint_issuers",
    "抄送机关": "copy_recipients",
    "密级": "classification",
    "附注": "note",
    "红头模板": "letterhead",
    "出席": "present",
    "请假": "excused",
    "列席": "observers",
    "公文性质": "nature",
    "主题词": "keywords",
    "文号序列": "series",
    "签发人职务": "signatory_post",
    "份数": "copies",
    "校对": "proofreader",
    "签发人": "signatory",
    "纸质件签发人": "paper_signatory",
    "发文字号": "number",
    "来文单位": "from_unit",
    "来文字号": "number",
    "收文时间": "received_at",
    "来文日期": "document_date",
    "公文来源": "source",
}
"""Elements as the scenarios call them, and their names in the API."""

LISTS = ("主送机关", "抄送机关", "联合发文机关", "出席", "请假", "列席", "主题词")
"""Those that have several values, parted by 、 in the scenarios."""

WAYS_OUT = {
    "提交核稿": "submit",
    "送拟办": "submit",
    "送秘书分送": "submit",
    "同意": "approve",
    "同意签发": "approve",
    "同意会签": "approve",
    "不同意": "refuse",
    "有不同意见": "object",
    "回复意见": "answer",
    "登记编号": "register",
    "用印": "seal",
    "审核发送": "dispatch",
    "送核对": "submit",
    "核对无误，发送": "dispatch",
    "送领导阅批": "distribute",
    "已阅": "read",
    "转承办部门": "to_handle",
    "再送领导阅批": "more_readers",
    "办理完毕": "handle",
    "办结": "close",
    "审稿": "review",
    "批示": "instruct",
    "签发": "sign",
    "盖章": "seal",
    "发文": "dispatch",
    "归档": "archive",
    "收回签发": "reopen",
    "回承办人": "to_handler",
    "送下一人审稿": "to_reviewer",
    "送批示": "to_instruct",
    "送签发": "to_sign",
    "确定": "confirm",
    "签发，回承办人": "to_handler",
    "签发，送盖章": "to_seal",
    "确认发文": "dispatch",
}
"""Labels of the shipped routes and their keys, so that anybody can try any of them anywhere."""

MODES = {"依次": "sequential", "同时": "parallel", "任一人": "any", "三分之二": "share"}

BLANKS = {
    "（空格）": "  ",
    "（全角空格）": "　",
    "（零宽字符）": "\u200b\u200b",
    "（换行）": "\n\n",
}
"""Texts that look like nothing, as an examples table can show them."""


def outgoing(direction: str, kind: str) -> dict[str, Any]:
    """What a drafter enters."""
    model = REQUEST if direction == "上行文" else NOTICE
    unlike: dict[str, Any] = (
        {} if kind == model["kind"] else {"title": f"江洲县水务局关于冬季堤防工作的{kind}"}
    )
    if kind == "命令":
        unlike["copy_recipients"] = ["江洲市水务局"]  # 条例第十六条（一）
    if kind == "纪要":
        unlike["present"] = ["王建军", "刘国强"]
    if kind == "报告":
        unlike["body"] = "现将有关情况报告如下。\n特此报告。"
    return {**model, "direction": DIRECTIONS[direction], "kind": kind, **unlike}


def incoming(**changes: Any) -> dict[str, Any]:
    """What the registry enters."""
    return {**RECEIVED, **changes}


def people(text: str | None) -> list[str]:
    return text.split("、") if text else []


def shown(text: str) -> str:
    """A text of an examples table, with what cannot be seen put in."""
    return BLANKS.get(text, text.replace("（换行）", "\n"))


def moment(text: str) -> datetime:
    """2026-11-27 16:00 or 16:00:01 in Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def texts(answers: Sequence[Any], key: str) -> list[str]:
    return [str(each[key]) for each in answers]
