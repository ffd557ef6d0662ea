"""流转记录: what happened to a case, from the record itself, and the diagram it runs on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit, organization
from app.deadlines import load, working_minutes
from app.documents import review
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
    "case.migrated": "改用流程新版本",
    "case.migration_undone": "恢复流程原版本",
    "migration.proposed": "提请迁移在办件",
    "migration.confirmed": "确认迁移在办件",
    "migration.finished": "迁移方案执行完毕",
    "migration.refused": "不同意迁移在办件",
    "migration.withdrawn": "撤回迁移方案",
    "migration.undone": "撤销迁移",
    "process_test.saved": "保存推演测试",
    "process_test.deleted": "删除推演测试",
    "process_tests.waived": "写明测试未通过仍启用的理由",
    "incident.raised": "故障",
    "incident.repaired": "排除故障",
    "incident.dismissed": "放弃故障",
    "task.opened": "打开",
    "task.completed": "办理",
    "task.sending_set": "定时发送",
    "task.sending_dropped": "取消定时发送",
    "task.sending_failed": "定时发送没有成功",
    "task.skipped": "按规则跳过",
    "task.returned": "退回",
    "task.withdrawn": "撤回",
    "task.assigned": "指定办理人",
    "task.handed_over": "转办",
    "task.consulted": "征求意见",
    "task.answered": "回复意见",
    "task.asked_no_more": "不再征求意见",
    "case.voided": "作废",
    "case.unsealed": "撤销用印",
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
    "receipt_check.notified": "通知收文单位签收",
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
    "document.requested": "提出申请",
    "document.approved": "审批通过",
    "document.refused": "审批未通过",
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
    "paper.handed_in": "登记纸质送审",
    "archive.filed": "归档",
    "archive.rearranged": "重新整理档案件",
    "archive.proposed": "列入移交清单",
    "archive.withdrawn": "撤回移交",
    "archive.accepted": "档案部门接收",
    "archive.returned": "档案部门退回",
    "document.keywords_changed": "改动主题词",
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
    "document.joint_sealed": "联合用印",
    "authority.digest_retired": "停用摘要算法",
    "document.dispatched": "发送",
    "document.closed": "办结",
    "document.returned": "退回来文单位",
    "document.cancelled": "撤销公文",
    "document.marks_taken_back": "签发、用印失效",
    "signature.ended": "签名失效",
    "seal.make": "制发印章",
    "seal.keep": "交接印章保管",
    "seal.permit": "调整用印范围",
    "seal.suspend": "停用印章",
    "seal.resume": "恢复印章",
    "seal.retire": "缴销印章",
    "seal.used": "用印登记",
    "paper.renewed": "续归档时间戳",
    "signing.chosen": "选定签发用印方式",
    "definition.submitted": "提交流程",
    "definition.put_in_force": "启用流程",
    "definition.proposed": "提请启用流程",
    "definition.scheduled": "定期启用流程",
    "definition.refused": "退回启用流程",
    "definition.not_begun": "到期未能启用流程",
    "definition.following_proposed": "提请跟随上级流程",
    "definition.following_scheduled": "定期跟随上级流程",
    "definition.following_refused": "退回跟随上级流程",
    "definition.following_put_in_force": "跟随上级流程",
    "definition.following_not_begun": "到期未能跟随上级流程",
    "process_draft.started": "新建流程草稿",
    "process_draft.submitted": "提交流程草稿",
    "process_draft.discarded": "放弃流程草稿",
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
    "person.numbered": "登记工号",
    "person.deactivated": "停用人员",
    "policy.chosen": "选定时限规则",
    "preflight.chosen": "选定发前检查规则",
    "attachments.chosen": "选定附件规则",
    "review.chosen": "选定审查清单",
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
    "proof.refused": "验证身份未通过",
    "signature.made": "签名服务签名",
    "signature.refused": "签名服务拒绝签名",
    "password.changed": "修改密码",
    "password.reset": "重置密码",
    "account.closed": "报失封锁账号",
    "account.unlocked": "解锁账号",
    "factor.chosen": "选定双因素规则",
    "factor.enrolled": "启用双因素",
    "factor.changed": "更换双因素",
    "factor.codes_renewed": "更新恢复码",
    "factor.given_up": "停用双因素",
    "factor.reset": "重置双因素",
    "alarm.settled": "处理账号告警",
    "sessions.ended": "结束其他登录",
    "token.created": "建立令牌",
    "token.ended": "停用令牌",
    "request.refused": "请求被拒绝",
    "audit.verified": "校验记录",
    "audit.exported": "导出检查点、记录证明或者卷宗包",
    "audit.sampled": "抽样",
    "audit.pack_asked": "申请制作检查包",
    "audit.packed": "制作检查包",
    "access.sealed": "封存查阅记录",
    "witness.added": "登记见证方",
    "witness.ended": "停用见证方",
    "witness.log_trusted": "登记所见证的日志",
    "witness.log_ended": "停止为日志见证",
    "witness.refused": "拒绝副署：日志前后不一",
    "witness.disagreed": "见证方不认可本系统的记录",
    "auditors.reviewed": "复核审计员操作",
    "casefile.asked": "要求制作卷宗包",
    "casefile.made": "制作卷宗包",
    "case.replayed": "回放办理过程",
    "conformance.checked": "合规检查",
    "event_log.exported": "导出事件日志",
    "clock.confirmed": "确认系统时钟",
    "database.granted": "授予数据库服务账号权限",
    "inventory.compared": "维护前后清点比对",
    "authority.root_list": "更新根证书的撤销清单",
    "certificate.asked": "申请证书",
    "certificate.reviewed": "审核证书申请",
    "certificate.granted": "同意签发证书",
    "certificate.refused": "不予通过证书申请",
    "certificate.withdrawn": "撤回证书申请",
    "certificate.issue": "签发证书",
    "certificate.accept": "签收证书",
    "certificate.renew": "更新证书",
    "certificate.extend": "延期证书",
    "certificate.change": "变更证书",
    "certificate.replace": "补办证书",
    "certificate.suspend": "冻结证书",
    "certificate.resume": "解冻证书",
    "certificate.revoke": "撤销证书",
    "certificate.carrier_returned": "确认证书载体交回",
    "certificate.key_destroyed": "销毁证书密钥",
    "certificate.records_cleared": "清理到期的证书档案",
    "certificate.policy_chosen": "选定证书规则",
    "demo.documents": "装入演示公文",
}
"""What the record calls an act, in the words that people read."""

KINDS = {"self": "本人", "agent": "代办", "rule": "自动", "administrator": "管理员"}
BY_ADMINISTRATORS = {
    *("case.intervention_proposed", "case.intervention_refused", "case.intervention_done"),
    *("case.migrated", "case.migration_undone"),
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
    checks  the 审查清单 in sentences, as the reviewer left it
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
    checks: Sequence[str] = ()


def lines(session: Session, case: Case) -> list[Line]:
    """Every act of the case in order, automatic ones signed by their rule."""
    calendar = load(session, case.unit_id)
    entries = audit.case_entries(session, case.id, case.document_id)
    names = organization.names_of(session, {each.principal for each in entries if each.principal})
    found = []
    for entry in entries:
        arrived = entry.detail.get("arrived_at")
        minutes = None
        if arrived:
            minutes = working_minutes(datetime.fromisoformat(arrived), entry.at, calendar)
        found.append(line(entry, names.get(entry.principal or ""), minutes))
    return found


def line(entry: audit.Entry, principal: str | None = None, minutes: int | None = None) -> Line:
    """One entry as a line; ``principal``: name of the person for whom an agent acted."""
    detail = entry.detail
    return Line(
        entry=entry,
        label=_label(entry),
        principal=principal,
        step_name=detail.get("step_name"),
        outcome=detail.get("outcome"),
        outcome_label=detail.get("outcome_label"),
        opinion=detail.get("opinion") or _in_words(entry),
        minutes=minutes,
        self_review=bool(detail.get("self_review")),
        kind=_kind(entry),
        clause=str(detail.get("clause") or ""),
        checks=review.words(review.read(detail.get("checked"))),
        reasons=[(each["sentence"], each["text"]) for each in detail.get("explained", ())],
    )


def _label(entry: audit.Entry) -> str:
    """The act in words, with whom it concerns where that is more than who acted."""
    label = ACTIONS.get(entry.action, entry.action)
    if entry.detail.get("set_at"):
        label += "（定时发送）"
    whom, received = entry.detail.get("whom"), entry.detail.get("received")
    if received:
        return f"{label}：来文 {received}（{entry.detail['name']}）"
    return f"{label}：{whom}" if whom else label


def _in_words(entry: audit.Entry) -> str | None:
    """Who got copies of a circulated document, or lost them, with the words of who did it.

    Of 主题词 that were changed, the old ones and the new.
    """
    if entry.action == "document.keywords_changed":
        old, new = ("、".join(entry.detail[each]) or "无" for each in ("old", "new"))
        return f"由“{old}”改为“{new}”。{entry.reason or ''}"
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
