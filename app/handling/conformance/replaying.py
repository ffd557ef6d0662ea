"""The acts of one case played over the graph of its diagram, from the record alone.

Nothing of the engine is used and no table is read. After each act the stays that the record has
open must be what the drawing allows; the first act that it does not allow is named, and the rest is
judged from where the record goes on.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from app.audit import Entry
from app.errors import NotFound
from app.handling.conformance.entitled import Posts
from app.handling.conformance.filled import Readings
from app.handling.conformance.judging import (
    CalendarsOf,
    chosen_against,
    ensure_finished,
    judge_limit,
    judge_person,
    note_exception,
    note_givers,
    properties_of,
    unexplained,
)
from app.handling.conformance.kinds import Deviation, of_entry
from app.handling.conformance.moving import Versions, change_version
from app.handling.conformance.standing import Passes, Standing, resting
from app.workflow.errors import NoDefinition
from app.workflow.markings import EMPTY, Marking, Player, Run
from app.workflow.nets import net_of

ENDING = ("task.completed", "task.returned", "task.handed_over", "task.consulted", "task.answered")
SAME_STEP = {
    *("task.handed_over", "task.consulted", "task.answered", "task.asked_no_more"),
    "task.signers_added",
}
"""Acts after which the document is at the step where it was."""
NEVER = datetime.min.replace(tzinfo=UTC)
"""Of what has no moment: a case without a single entry."""
OVER = ("case.cancelled", "case.voided")
SKIPS = ("nobody", "drafter", "same_person")


def replay(
    entries: Sequence[Entry], versions: Versions, posts: Posts, calendars: CalendarsOf
) -> list[Deviation]:
    """Every deviation in the record of one case, oldest first; [] where all went by the diagram."""
    done = [each for each in entries if each.outcome == "done"]
    began = next((each for each in done if each.action == "case.started"), None)
    if began is None:
        return [_gone(done, "记录里没有这件公文的发起，无从核对。")]
    try:
        definition = versions(str(began.detail.get("definition_sha256")))
    except (NotFound, NoDefinition):
        return [of_entry("record", began, "记录所写的流程版本不在库中，无从核对。")]
    department = began.detail.get("department")
    standing = Standing(definition, net_of(definition), department=department)
    readings = Readings(done)
    for entry in done:
        _read(standing, entry, versions, posts, calendars, readings)
    ensure_finished(standing, done[-1])
    return standing.found


def _gone(entries: Sequence[Entry], said: str) -> Deviation:
    if entries:
        return of_entry("record", entries[-1], said)
    return Deviation("record", None, NEVER, "", "", "", "", "", said)


def _read(
    standing: Standing,
    entry: Entry,
    versions: Versions,
    posts: Posts,
    calendars: CalendarsOf,
    readings: Readings,
) -> None:
    if entry.action == "task.skipped":
        _pass(standing, entry)
        return
    if "case_state" not in entry.detail:
        return
    if entry.action in ENDING or entry.action == "task.withdrawn":
        judge_person(standing, entry, posts)
    if entry.action in ENDING:
        judge_limit(standing, entry, calendars)
    note_givers(standing, entry)
    if "definition_sha256" in entry.detail and entry.action != "case.started":
        change_version(standing, entry, versions)
    # a step that a rule passed may have changed them meanwhile, and changed them back
    standing.closed = frozenset() if standing.passes else readings.closed(standing.net, entry)
    _move(standing, entry)


def _pass(standing: Standing, entry: Entry) -> None:
    """A step that a rule passed: only where the diagram says so, and only by the rule."""
    step = entry.step or ""
    properties = properties_of(standing, step)
    allowed = any(properties.get(each) == "skip" for each in SKIPS)
    if not allowed or entry.actor_login != "rule":
        said = f"流程图没有让“{standing.name(step)}”跳过，记录里却按规则跳过了。"
        standing.found.append(of_entry("skipped", entry, said))
    standing.passes.append((step, entry.detail.get("outcome")))
    if entry.subject is not None:
        standing.seen[entry.subject[1]] = step


def _move(standing: Standing, entry: Entry) -> None:
    """What the act did to the open stays, and whether the drawing allows it."""
    stay = entry.subject[1] if entry.subject and entry.subject[0] == "task" else None
    before = dict(standing.open)
    ended = entry.action in ENDING or _is_jump(entry)
    if ended and stay not in before:
        said = f"“{entry.detail.get('step_name')}”并没有待办，记录里却办结了。"
        standing.found.append(of_entry("order", entry, said))
    elif ended and before[stay or 0] != entry.step:
        here, there = standing.name(before[stay or 0]), standing.name(entry.step or "")
        said = f"这次办理停留在“{here}”，记录里写成“{there}”。"
        standing.found.append(of_entry("order", entry, said))
    _follow_stays(standing, entry, stay if ended else None)
    standing.state = str(entry.detail["case_state"])
    changed = before != standing.open
    if not changed and entry.action not in ("case.started", "task.withdrawn"):
        return
    note_exception(standing, entry)
    passes, standing.passes = standing.passes, []
    candidates = _candidates(standing, entry, before, stay, passes)
    if standing.closed and not standing.fits(candidates):
        standing.closed = frozenset()
        candidates = _candidates(standing, entry, before, stay, passes)
        if standing.fits(candidates):
            standing.found.append(chosen_against(standing, entry, before, stay))
    if not standing.go_on_with(candidates):
        standing.found.append(unexplained(standing, entry, before, stay))


def _follow_stays(standing: Standing, entry: Entry, ended: int | None) -> None:
    opened = entry.detail.get("opened_stays", [])
    steps = entry.detail.get("opened", [])
    straight = standing.straight.get(ended or 0)
    for stay in (*entry.detail.get("closed_stays", []), ended):
        standing.open.pop(stay or 0, None)
    for stay, step in zip(opened, steps[: len(opened)], strict=False):
        standing.open[stay] = standing.seen[stay] = step
        if straight and entry.action in SAME_STEP:
            standing.straight[stay] = straight
        if entry.action == "task.returned" and entry.detail.get("then") == "back_to_me":
            standing.straight[stay] = entry.step or ""
    if entry.action == "case.started":
        standing.starter.add(entry.actor_login)
    if entry.action == "case.taken_over":
        standing.starter.add(str(entry.detail.get("to")))
    if ended is not None:
        standing.had |= {
            (entry.step or "", login) for login in (entry.actor_login, entry.principal) if login
        }


def _candidates(
    standing: Standing,
    entry: Entry,
    before: dict[int, str],
    stay: int | None,
    passes: Passes,
) -> set[Marking]:
    """Every marking that the drawing allows after this act."""
    player, action, found = standing.player, entry.action, set[Marking]()
    if action == "case.started":
        return resting(player.begin(passes))
    if action in OVER:
        return {EMPTY}
    here = before.get(stay or 0) or entry.step or ""
    for marking in standing.markings:
        if action in SAME_STEP:
            found.add(marking)
        elif action == "task.completed":
            found |= _completed(standing, player, marking, entry, here, stay, passes)
        elif action == "task.signer_removed":
            found |= {marking, *resting(_leaving(standing, player, marking, here, None, passes))}
        elif action == "timer.fired":
            found |= resting(_fired(standing, player, marking, str(entry.detail["timer"]), passes))
        elif action == "task.withdrawn":
            found |= _taken_back(standing, player, marking, entry)
        elif action == "task.returned" or _is_jump(entry) or action == "case.unsealed":
            to = str(entry.detail.get("to") or "") or _only(entry.detail.get("opened", []))
            found |= _jumped(standing, player, marking, here, to, passes)
        else:
            found.add(marking)
    return found


def _completed(
    standing: Standing,
    player: Player,
    marking: Marking,
    entry: Entry,
    here: str,
    stay: int | None,
    passes: Passes,
) -> set[Marking]:
    home = standing.straight.get(stay or 0)
    if home:
        return _jumped(standing, player, marking, here, home, passes)
    step = standing.definition.by_id.get(here)
    if step is None:
        return set()
    if step.signing is not None:
        left = resting(_leaving(standing, player, marking, here, None, passes))
        return left if passes else {marking, *left}
    return resting(
        _leaving(standing, player, marking, here, entry.detail.get("outcome"), passes),
        tuple(sorted(set(entry.detail.get("opened", [])))),
    )


def _leaving(
    standing: Standing,
    player: Player,
    marking: Marking,
    step: str,
    outcome: str | None,
    passes: Passes,
) -> list[Run]:
    keys = [spot.key for spot in standing.net.at(step) if spot.key in marking]
    return [run for key in keys for run in player.leave(marking, key, outcome, passes)]


def _jumped(
    standing: Standing,
    player: Player,
    marking: Marking,
    here: str,
    to: str,
    passes: Passes,
) -> set[Marking]:
    found: set[Marking] = set()
    for spot in standing.net.at(here):
        if spot.key in marking:
            for target in standing.net.at(to):
                found |= resting(player.jump(marking, spot.key, target, passes))
    return found


def _fired(
    standing: Standing,
    player: Player,
    marking: Marking,
    timer: str,
    passes: Passes,
) -> list[Run]:
    found: list[Run] = []
    for spot in standing.net.at(timer):
        if spot.node.attached_to:
            found += player.fire(marking, spot, passes)
        elif spot.key in marking:
            found += player.leave(marking, spot.key, None, passes)
    return found


def _taken_back(standing: Standing, player: Player, marking: Marking, entry: Entry) -> set[Marking]:
    """Back at the step it was sent from: from where it went, from a join, or never having left.

    Where a signing loses the last of its signers, the document goes on.
    """
    found = {marking}
    for step in set(entry.detail.get("closed", [])):
        found |= resting(_leaving(standing, player, marking, step, None, []))
    for target in standing.net.at(entry.step or ""):
        for token in marking:
            if token.endswith(":"):
                continue
            if ":" not in token:
                found |= resting(player.jump(marking, token, target))
            elif standing.net.way_of(token)[: len(target.way)] == target.way:
                back = [each for each in marking if each != token]
                found.add(tuple(sorted((*back, target.key))))
    return found


def _only(steps: list[str]) -> str:
    return steps[0] if len(steps) == 1 else ""


def _is_jump(entry: Entry) -> bool:
    return entry.action == "case.intervention_done" and entry.detail.get("kind") == "move"
