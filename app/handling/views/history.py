"""流转记录: what happened to a case, from the record itself, and the diagram it runs on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit, organization
from app.deadlines import load, working_minutes
from app.handling.models import Case
from app.workflow import queries as routes
from app.workflow.models import WorkflowCase

ACTIONS = {
    "case.started": "发起",
    "case.blocked": "停下：无人可办",
    "case.cancelled": "撤销",
    "case.intervention_proposed": "提请管理措施",
    "case.intervention_refused": "不同意管理措施",
    "case.intervention_withdrawn": "撤回提请",
    "case.intervention_done": "管理措施",
    "incident.raised": "故障",
    "incident.repaired": "排除故障",
    "incident.dismissed": "放弃故障",
    "task.opened": "打开",
    "task.completed": "办理",
    "task.skipped": "按规则跳过",
    "task.returned": "退回",
    "task.withdrawn": "撤回",
    "task.assigned": "指定办理人",
    "task.handed_over": "转办",
    "task.consulted": "征求意见",
    "task.answered": "回复意见",
    "task.asked_no_more": "不再征求意见",
    "case.voided": "作废",
    "task.signers_added": "加签",
    "task.signer_removed": "减签",
    "task.restaffed": "办理人随岗位变动",
    "task.taken_over": "岗位交接接办",
    "case.taken_over": "岗位交接接管",
    "task.agents": "代办人变动",
    "task.overdue": "超时",
    "task.limit_moved": "时限随工作日历调整",
    "task.urged": "催办",
    "task.urged_in_vain": "催办无果，报督办",
    "supervision.opened": "立项督办",
    "supervision.reported": "督办反馈",
    "supervision.extension_asked": "申请督办延期",
    "supervision.extension_granted": "同意督办延期",
    "supervision.extension_refused": "不同意督办延期",
    "supervision.urged": "催办督办件",
    "supervision.paused": "督办暂停",
    "supervision.resumed": "督办恢复",
    "supervision.closed": "督办办结",
    "supervision.reminded": "督办提醒",
    "supervision.overdue": "督办超期",
    "supervision.escalated": "督办升级催办",
    "receipt_check.answered": "核查接收情况",
    "receipt_check.done": "核查接收完毕",
    "receipt_check.overdue": "核查接收超时",
    "receipt_check.limit_moved": "核查时限随工作日历调整",
    "receipt_check.taken_over": "岗位交接接办核查",
    "checkin.missed": "未按时查收",
    "timer.fired": "定时器到时",
    "timer.moved": "定时器随工作日历调整",
    "document.circulated": "传阅",
    "circulation.read": "阅读",
    "circulation.recalled": "收回传阅",
    "circulation.urged": "催读",
    "document.created": "建立公文",
    "document.registered": "登记来文",
    "document.scan_registered": "登记扫描件（签发人为手工录入）",
    "document.scan_entered": "照纸质件登记字号和签发人（手工录入）",
    "document.revised": "修改公文",
    "document.restored": "恢复旧版本",
    "document.attached": "添加附件",
    "document.detached": "移除附件",
    "picture.added": "上传正文图片",
    "letterhead.made": "制作红头模板",
    "letterhead.revised": "修改红头模板",
    "letterhead.withdrawn": "停用红头模板",
    "letterhead.restored": "恢复启用红头模板",
    "document.takeover_asked": "请求接手修改",
    "document.takeover_refused": "不同意接手",
    "document.handed_over": "同意接手",
    "document.taken_over": "接手修改",
    "document.signed": "写入签发人",
    "number.taken": "取得发文字号",
    "document.numbered": "编号",
    "number.voided": "发文字号作废",
    "number.reserved": "预留文号",
    "number.released": "解除文号预留",
    "number.skipped": "跳过文号",
    "number.series_defined": "设置文号序列",
    "number.series_changed": "改动文号序列",
    "number.series_ended": "停用文号序列",
    "document.sealed": "用印",
    "document.dispatched": "发送",
    "document.closed": "办结",
    "document.returned": "退回来文单位",
    "document.cancelled": "撤销公文",
    "document.marks_taken_back": "签发、用印失效",
    "definition.submitted": "提交流程",
    "definition.put_in_force": "启用流程",
    "calendar.day_entered": "改动工作日历",
    "calendar.hours_set": "改动工作时间",
    "calendar.year_proposed": "提交全年日历",
    "calendar.year_confirmed": "确认全年日历",
    "due.retried": "重试到期事项",
    "due.dismissed": "放弃到期事项",
    "unit.created": "建立单位",
    "department.created": "建立部门",
    "role.created": "建立角色",
    "person.created": "登记人员",
    "person.deactivated": "停用人员",
    "policy.chosen": "选定时限规则",
    "preflight.chosen": "选定发前检查规则",
    "attachments.chosen": "选定附件规则",
    "contact.set": "登记联系方式",
    "message.retried": "重发消息",
    "message.dropped": "不再发送消息",
    "post.given": "任职",
    "post.ended": "免职",
    "delegation.given": "委托代办",
    "delegation.ended": "结束委托",
    "handover.prepared": "提交岗位交接",
    "handover.done": "签字确认岗位交接",
    "handover.dropped": "撤销岗位交接",
    "absence.set": "登记外出",
    "absence.ended": "结束外出",
    "signed.in": "登录",
    "signed.out": "退出",
    "sign-in.refused": "登录被拒绝",
    "password.changed": "修改密码",
    "password.reset": "重置密码",
    "account.unlocked": "解锁账号",
    "token.created": "建立令牌",
    "token.ended": "停用令牌",
    "request.refused": "请求被拒绝",
    "audit.verified": "校验记录",
    "clock.confirmed": "确认系统时钟",
    "demo.documents": "装入演示公文",
}
"""What the record calls an act, in the words that people read."""

KINDS = {"self": "本人", "agent": "代办", "rule": "自动", "administrator": "管理员"}
BY_ADMINISTRATORS = {
    *("case.intervention_proposed", "case.intervention_refused", "case.intervention_done"),
    *("case.intervention_withdrawn", "task.assigned", "incident.repaired", "incident.dismissed"),
}
"""Acts that process administrators do to a case that is not theirs."""


@dataclass(frozen=True)
class Line:
    """One act. ``minutes`` counts working minutes from arrival to the act.

    principal  name of the person for whom an agent acted (代)
    kind    self, agent, rule or administrator; see KINDS
    clause  what an administrator's act rests on
    reasons why findings of 发前检查 were let pass, each with its finding
    """

    entry: audit.Entry
    label: str
    principal: str | None
    step_name: str | None
    outcome: str | None
    outcome_label: str | None
    opinion: str | None
    minutes: int | None
    self_review: bool
    kind: str = "self"
    clause: str = ""
    reasons: Sequence[tuple[str, str]] = ()


def lines(session: Session, case: Case) -> list[Line]:
    """Every act of the case in order, automatic ones signed by their rule."""
    calendar = load(session, case.unit_id)
    entries = audit.case_entries(session, case.id, case.document_id)
    names = organization.names_of(session, {each.principal for each in entries if each.principal})
    found = []
    for entry in entries:
        detail = entry.detail
        arrived = detail.get("arrived_at")
        minutes = None
        if arrived:
            minutes = working_minutes(datetime.fromisoformat(arrived), entry.at, calendar)
        found.append(
            Line(
                entry=entry,
                label=_label(entry),
                principal=names.get(entry.principal or ""),
                step_name=detail.get("step_name"),
                outcome=detail.get("outcome"),
                outcome_label=detail.get("outcome_label"),
                opinion=detail.get("opinion") or _given_to(entry),
                minutes=minutes,
                self_review=bool(detail.get("self_review")),
                kind=_kind(entry),
                clause=str(detail.get("clause") or ""),
                reasons=[(each["sentence"], each["text"]) for each in detail.get("explained", ())],
            )
        )
    return found


def _label(entry: audit.Entry) -> str:
    """The act in words, with whom it concerns where that is more than who acted."""
    label = ACTIONS.get(entry.action, entry.action)
    whom = entry.detail.get("whom")
    return f"{label}：{whom}" if whom else label


def _given_to(entry: audit.Entry) -> str | None:
    """Who got copies of a circulated document, or lost them, with the words of who did it."""
    names = entry.detail.get("names")
    return f"送{'、'.join(names)}。{entry.reason or ''}" if names else None


def _kind(entry: audit.Entry) -> str:
    if entry.actor_login == "rule":
        return "rule"
    if entry.action in BY_ADMINISTRATORS:
        return "administrator"
    return "agent" if entry.principal else "self"


@dataclass(frozen=True)
class Drawn:
    """The diagram of a case: its own file, and those of other processes by their id."""

    xml: str
    called: Mapping[str, str]
    sha256: str


def diagram(session: Session, case: Case) -> Drawn:
    """The files of the very version that the case runs on."""
    run = session.get_one(WorkflowCase, case.id)
    found = routes.case_diagram(session, run)
    called = {name: data.decode() for name, data in found.called.items()}
    return Drawn(found.own.decode(), called, run.sha256)
