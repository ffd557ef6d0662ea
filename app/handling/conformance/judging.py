"""What an act is judged by: who, when, to where and with what outcome."""

from collections.abc import Callable, Iterable
from datetime import datetime

from app.audit import Entry
from app.deadlines import WorkCalendar, working_minutes
from app.handling.conformance.entitled import Posts, why_not_entitled
from app.handling.conformance.kinds import Deviation, of_entry
from app.handling.conformance.standing import Standing
from app.workflow.markings import EMPTY, Player

CalendarsOf = Callable[[datetime], WorkCalendar]
"""The working calendar of the case's unit as it was at a moment."""
GIVING = {
    *("task.handed_over", "task.consulted", "task.assigned", "task.taken_over"),
    *("task.restaffed", "task.signers_added", "case.intervention_done"),
}
"""Acts that name who may act at a stay."""


def note_exception(standing: Standing, entry: Entry) -> None:
    """Withdrawals, returns that the diagram forbids, and outcomes that it does not offer."""
    name = standing.name(entry.step or "")
    if entry.action == "task.withdrawn":
        said = f"“{name}”的办理被撤回，公文回到该环节。"
        standing.found.append(of_entry("withdrawn", entry, said))
    elif entry.action == "case.unsealed":
        standing.found.append(of_entry("unsealed", entry, "撤销用印，公文回到用印环节。"))
    elif entry.action == "task.returned":
        _judge_return(standing, entry, name)
    elif entry.action == "task.completed":
        _judge_outcome(standing, entry, name)


def _judge_return(standing: Standing, entry: Entry, name: str) -> None:
    to = str(entry.detail.get("to") or "")
    allowed = properties_of(standing, entry.step or "").get("return_to", "").split()
    if allowed and to not in allowed:
        said = f"流程图没有让“{name}”退回到“{standing.name(to)}”。"
    elif to not in standing.seen.values():
        said = f"“{standing.name(to)}”此前没有办过，不能退回到该环节。"
    else:
        return
    standing.found.append(of_entry("return", entry, said))


def _judge_outcome(standing: Standing, entry: Entry, name: str) -> None:
    step = standing.definition.by_id.get(entry.step or "")
    given = entry.detail.get("outcome")
    if step is None or not step.outcomes or given in {each.key for each in step.outcomes}:
        return
    label = entry.detail.get("outcome_label") or given or "无"
    said = f"流程图没有给“{name}”这个结论：{label}。"
    standing.found.append(of_entry("outcome", entry, said))


def judge_person(standing: Standing, entry: Entry, posts: Posts) -> None:
    said = why_not_entitled(standing, entry, posts)
    if said:
        standing.found.append(of_entry("not_entitled", entry, said))


def judge_limit(standing: Standing, entry: Entry, calendars: CalendarsOf) -> None:
    """By how much it was late, in the working time of then."""
    due = entry.detail.get("due_at")
    if due is None or entry.at <= datetime.fromisoformat(due):
        return  # decision 13: at the very moment it is in time
    minutes = working_minutes(datetime.fromisoformat(due), entry.at, calendars(entry.at))
    name = standing.name(entry.step or "")
    said = f"“{name}”超过时限办结，超时 {minutes} 分钟（工作时间）。"
    standing.found.append(of_entry("late", entry, said))


def unexplained(
    standing: Standing, entry: Entry, before: dict[int, str], stay: int | None
) -> Deviation:
    """Why the act does not fit: steps that were left out, or another way than the drawing's."""
    opened = tuple(sorted(set(entry.detail.get("opened", []))))
    here = before.get(stay or 0) or entry.step or ""
    missed = _missed(standing, here, opened) if entry.action == "task.completed" else ()
    if missed:
        left_out, there = standing.names(missed), standing.names(opened)
        said = f"“{standing.name(here)}”之后没有经过“{left_out}”就到了“{there}”。"
        return of_entry("skipped", entry, said, missed[0], standing.name(missed[0]))
    now = standing.names(standing.steps())
    said = f"流程图不允许：“{standing.name(here)}”之后公文在“{now}”。"
    return of_entry("jump", entry, said)


def chosen_against(
    standing: Standing, entry: Entry, before: dict[int, str], stay: int | None
) -> Deviation:
    """The drawing has such a way, but what was filled in closed it."""
    here = before.get(stay or 0) or entry.step or ""
    now = standing.names(standing.steps())
    said = f"“{standing.name(here)}”之后公文到了“{now}”，按当时填写的内容，去那里的条件不成立。"
    return of_entry("choice", entry, said)


def _missed(standing: Standing, here: str, opened: tuple[str, ...]) -> tuple[str, ...]:
    """The fewest steps that had to be passed to come from here to there; () where none helps."""
    for most in (1, 2, 3, 4):
        player = Player(standing.net, loose=True, misses=most, within=frozenset(opened))
        for spot in standing.net.at(here):
            for run in player.leave((spot.key,), spot.key, None):
                if run.missed and tuple(sorted(set(run.opened))) == opened:
                    return run.missed
    return ()


def properties_of(standing: Standing, step: str) -> dict[str, str]:
    known = standing.definition.by_id.get(step)
    return dict(known.properties) if known else {}


def ensure_finished(standing: Standing, last: Entry) -> None:
    if standing.state != "closed":
        return
    if standing.open or EMPTY not in standing.markings:
        left = standing.names(standing.steps())
        said = f"案件已办结，流程图上还没有走完（在办：{left}）。"
        standing.found.append(of_entry("unfinished", last, said))


def note_givers(standing: Standing, entry: Entry) -> None:
    if entry.action == "case.intervention_done":
        words = entry.detail.get("outcome_label") or "管理措施"
        standing.found.append(of_entry("measure", entry, f"流程管理员{words}。"))
    if entry.action not in GIVING:
        return
    named = [entry.detail.get("to"), *entry.detail.get("people", [])]
    stays: Iterable[int] = entry.detail.get("opened_stays", [])
    own = entry.subject[1] if entry.subject and entry.subject[0] == "task" else None
    for stay in (*stays, own):
        if stay is not None:
            standing.holders.setdefault(stay, set()).update(each for each in named if each)
