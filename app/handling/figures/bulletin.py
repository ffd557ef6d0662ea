"""通报: the figures of a period as the text of an outgoing document, to be completed."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.deadlines import wording
from app.documents.fields import OutgoingFields
from app.handling.acts import starting
from app.handling.acts.done import Done
from app.handling.figures.accountability import Proposal, proposals
from app.handling.figures.asking import FLOWS, Wanted
from app.handling.figures.measuring import measure
from app.handling.figures.tables import Figures, Tables, tables
from app.handling.receipts.delays import Delay, delays
from app.handling.supervision import rights
from app.organization import Actor

RECIPIENTS = ["各部门"]


def draft(session: Session, actor: Actor, wanted: Wanted) -> Done:
    """Begin a 通报 with the figures as its text (DDL-17); its case opens at the drafting step.

    It takes the route of any other document: it is reviewed, signed, numbered and sealed.
    Raises NotAllowed for who does not supervise, or may not draft; Invalid like ``measure``.
    """
    rights.ensure_supervises(actor, actor.unit_id)
    measured = measure(session, actor, wanted)
    found = tables(measured, supervises=True)
    late = proposals(session, measured, wanted)
    delayed = delays(session, rights.units(actor), wanted.begins, wanted.ends)
    fields = OutgoingFields(
        direction="downward",
        kind="通报",
        title=f"{actor.unit_name}关于{_period(wanted)}公文办理时限情况的通报",
        body="\n".join(text(found, wanted, actor.unit_name, late, delayed)),
        main_recipients=RECIPIENTS,
    )
    return starting.create_document(session, actor, fields)


def text(
    found: Tables,
    wanted: Wanted,
    own_unit: str,
    late: Sequence[Proposal] = (),
    delayed: Sequence[Delay] = (),
) -> Iterator[str]:
    """Paragraphs: the sum, every department, those that were late by name, and other units.

    late     departments whose lateness is put forward for a decision, with the proof (DDL-18)
    delayed  urgent documents that were signed for too late, and who answers (TRN-06)
    """
    numerals = iter("四五六")
    of = f"{FLOWS[wanted.flow]}（{wanted.kind}）" if wanted.kind else FLOWS[wanted.flow]
    yield f"现将{_period(wanted)}{of}办理时限情况通报如下，用时和超时均按工作时间计。"
    yield "一、总体情况"
    yield f"共{_line(found.total)}。"
    yield "二、各部门办理情况"
    yield from (f"{each.label}：{_line(each)}。" for each in found.departments)
    yield "三、未按时办理的部门"
    yield _named(found)
    if late:
        yield f"{next(numerals)}、建议核实、追究的事项"
        for each in late:
            yield from _proposed(each)
    if delayed:
        yield f"{next(numerals)}、紧急公文迟收情况"
        yield from (_delayed(place, each) for place, each in enumerate(delayed, 1))
    others = [each for each in found.units if each.label != own_unit]
    if others:
        yield f"{next(numerals)}、下级单位办理情况"
        yield from (f"{each.label}：{_line(each)}。" for each in others)


def _line(each: Figures) -> str:
    said = [f"办理{each.items}件次"]
    if each.items:
        said.append(f"平均用时{_span(each.average)}，最长{_span(each.longest)}")
        said.append(f"按时{each.on_time}件次，超时{each.late}件次")
    if each.late:
        said.append(f"平均超时{_span(each.average_delay)}，最长超时{_span(each.longest_delay)}")
    if each.waiting:
        said.append(f"到期未办{each.waiting}件")
    return "；".join(said)


def _named(found: Tables) -> str:
    late = [each for each in found.departments if each.late or each.waiting]
    if not late:
        return "各部门均按时办理，没有到期未办的公文。"
    names = "、".join(each.label for each in late)
    return f"{names}有超时或者到期未办的公文，请查明原因，抓紧办理，并报办公室。"


def _proposed(proposal: Proposal) -> Iterator[str]:
    """What was late, one by one; whether anything follows from it, people decide."""
    count = len(proposal.items)
    yield (
        f"{proposal.department}超时和到期未办共{count}件次，达到{proposal.most}件次，"
        "建议核实原因；是否追究责任，由领导研究决定。具体如下："
    )
    for place, each in enumerate(proposal.items, 1):
        number = f"（{each.number}）" if each.number else ""
        due = f"应于{_moment(each.due_at)}前办理"
        done = f"{each.person}于{_moment(each.done_at)}办理" if each.done_at else "至今未办"
        yield (
            f"{place}.《{each.title}》{number}，{each.step}环节，{due}，{done}，"
            f"超时{_span(each.delay)}。"
        )


def _delayed(place: int, each: Delay) -> str:
    number = f"（{each.number}）" if each.number else ""
    told = f"{_moment(each.notified_at)}通知" if each.notified_at else "没有通知记录"
    came = f"{_moment(each.received_at)}收到" if each.received_at else "至今未收到"
    return (
        f"{place}.《{each.title}》{number}，应于{_moment(each.due_at)}前由{each.recipient}签收，"
        f"{told}，{came}，责任在{each.liable_words}。"
    )


def _moment(at: datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def _span(minutes: int) -> str:
    """Without the blanks that pages set around figures: documents have none."""
    return wording.amount(minutes).replace(" ", "") or "不到1分钟"


def _period(wanted: Wanted) -> str:
    """``2026年11月`` for a whole month, else both days."""
    since, until = wanted.since, wanted.until
    following = date(since.year + since.month // 12, since.month % 12 + 1, 1)
    if since.day == 1 and (following - until).days == 1:
        return f"{since.year}年{since.month}月"
    return f"{_day(since)}至{_day(until)}"


def _day(of: date) -> str:
    return f"{of.year}年{of.month}月{of.day}日"
