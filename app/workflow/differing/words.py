"""What the parts of a drawing are called when a difference is told."""

import re
from collections.abc import Mapping

from app.workflow.graph import Node, Repeat

PROPERTIES: Mapping[str, str] = {
    "limit": "时限",
    "opinion": "意见",
    "stage": "环节性质",
    "reason_for": "须写原因的结果",
    "outcome": "结论编号",
    "outcome_label": "结论名称",
    "choose": "下一办理人",
    "must_choose": "必须选人",
    "next_to": "下一办理人填入",
    "next_department_to": "承办部门填入",
    "scope": "岗位所属部门",
    "return_to": "可退回至",
    "withdraw": "能否撤回",
    "batch": "批量办理",
    "edit": "可改正文",
    "sign_off": "签发环节",
    "checklist": "审查清单",
    "same_person": "同人连续",
    "nobody": "无人可办",
    "drafter": "只有拟稿人可办",
    "next_level": "上一级岗位",
    "skip_outcome": "跳过时的结论",
    "requires": "办理前提",
    "quorum": "会签方式",
    "pass_on": "转交相关领导",
    "rule": "依据条款",
    "clause": "条款原文",
    "variables": "流程变量",
    "flow": "流程用途",
}

_VALUES: Mapping[str, Mapping[str, str]] = {
    "opinion": {"required": "必填", "optional": "可不填"},
    "stage": {"review": "审批", "handling": "办理"},
    "choose": {"one": "选一人", "many": "选多人"},
    "same_person": {"ask": "照常办理", "skip": "按规则跳过"},
    "nobody": {"stop": "停下，交流程管理员", "skip": "按规则跳过", "next_level": "送上一级岗位"},
    "drafter": {
        "ask": "由本人办理并注明自核",
        "skip": "按规则跳过",
        "next_level": "送上一级岗位",
        "stop": "停下，交流程管理员",
    },
    "requires": {
        "unsigned": "尚未签发",
        "signed": "已签发",
        "numbered": "已编号",
        "sealed": "已用印",
        "dispatched": "已发文",
    },
    "quorum": {
        "approve:1/1": "全体同意",
        "approve:2/3": "三分之二同意",
        "approve:1/2": "半数同意",
        "approve:1/1000": "任一人同意",
        "read:1/1": "全体阅毕",
    },
    "flow": {"request": "审批事项"},
}
_YES_NO = {"yes": "是", "no": "否"}
ABSENT: Mapping[str, str] = {
    "limit": "不限时",
    "opinion": "必填",
    "return_to": "任一已办环节",
    "requires": "不限",
}
"""How a property reads that is not there; others are 未设."""

KINDS: Mapping[str, str] = {
    "userTask": "步骤",
    "serviceTask": "自动步骤",
    "callActivity": "调用流程",
    "subProcess": "子流程",
    "exclusiveGateway": "选择网关",
    "parallelGateway": "并行网关",
    "inclusiveGateway": "包容网关",
    "startEvent": "开始",
    "endEvent": "结束",
    "boundaryEvent": "定时器",
    "intermediateCatchEvent": "等待",
}
_QUOTED = re.compile("(“[^”]*”)")
_TOUCHING = re.compile(r"(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z$])|(?<=[0-9A-Za-z}])(?=[\u4e00-\u9fff])")
_DURATION = re.compile(r"P(?:(\d+)D|T(?:(\d+)H)?(?:(\d+)M)?)\Z")


def value(name: str, text: str | None, roles: Mapping[str, str], steps: Mapping[str, str]) -> str:
    """A property as people read it; ``roles`` and ``steps`` are labels by key."""
    if not text:
        return ABSENT.get(name, "未设")
    if name == "limit":
        return duration(text)
    if name == "return_to":
        return "不能退回" if text == "none" else _listed(text.split(), steps)
    if name == "next_level":
        return people(text, roles)
    return _VALUES.get(name, _YES_NO).get(text, text)


def people(keys: str, roles: Mapping[str, str]) -> str:
    """Role keys separated by commas, by their labels."""
    listed = [each.strip() for each in keys.split(",") if each.strip()]
    return "或".join(roles.get(each, each) for each in listed)


def duration(text: str) -> str:
    """``P1D`` is one working day; what is counted otherwise stays as it is drawn."""
    match = _DURATION.match(text)
    if match is None:
        return text
    days, hours, minutes = match.groups()
    if days:
        return f"{days} 个工作日"
    parts = [f"{hours} 小时" if hours else "", f"{minutes} 分钟" if minutes else ""]
    return "".join(parts) or text


def acting(node: Node, roles: Mapping[str, str]) -> str:
    """Who acts at a step."""
    assignee, groups = node.camunda.get("assignee", ""), node.camunda.get("candidateGroups", "")
    if groups:
        return people(groups, roles)
    if assignee == "${drafter}":
        return "拟稿人"
    return assignee or "未设"


def repeat(found: Repeat | None) -> str:
    if found is None:
        return "单人办理"
    order = "依次" if found.sequential else "同时"
    over = f"按“{found.collection}”" if found.collection else f"共 {found.cardinality} 份"
    until = f"，{found.condition} 时结束" if found.condition else ""
    return f"{over}{order}办理{until}"


def spaced(sentence: str) -> str:
    """Digits and letters set off from Chinese, as on all pages; names stay as they are."""
    parts = _QUOTED.split(sentence)
    parts[::2] = [_TOUCHING.sub(" ", each) for each in parts[::2]]
    return "".join(parts)


def _listed(keys: list[str], labels: Mapping[str, str]) -> str:
    return "、".join(labels.get(each, each) for each in keys)
