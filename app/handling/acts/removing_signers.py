"""减签: somebody who has not signed is let off, by who sent to the signing or who added him."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.errors import Invalid, NotAllowed
from app.handling import remarks
from app.handling.act import Act, ensure_running, hold_task
from app.handling.acts import progress
from app.handling.acts.completing import returner_of
from app.handling.acts.done import Done
from app.handling.errors import NoSigningHere
from app.handling.models import Notice, Task, TaskCandidate
from app.handling.recording import record_act
from app.handling.stays.coming_back import had_by
from app.handling.stays.notices import tell
from app.handling.stays.signings import in_whose_name, not_again, people_in, sent_by, stay_of
from app.handling.stays.succession import Sending, close, close_others, open_stays
from app.handling.stays.trials import Trial, play
from app.organization import Actor, Person
from app.workflow import queries as routes
from app.workflow.errors import StepAlreadyDone
from app.workflow.moves import Move
from app.workflow.signers import Signer


def remove_signer(
    session: Session, actor: Actor, task_id: int, login: str, reason: str = ""
) -> Done:
    """Let a signer off who has not answered, whether he has opened the document or not.

    task_id  any open stay of the signing, whosever it is
    login    of whom the signing names, or of the colleague who holds his place now
    Raises NotAllowed for who has not asked him to sign, Invalid for who has signed or is the last.
    """
    act = hold_task(session, actor, task_id)
    if act.step.signing is None:
        raise NoSigningHere(act.stay.step_name)
    ensure_running(act.case)
    if act.stay.state != "open":
        raise StepAlreadyDone
    signer = _signer(act, login)
    if not may_remove(act, signer):
        raise NotAllowed(_whom_to_ask(act, signer))
    written = remarks.read("reason", "原因", reason)
    _ensure_removable(act, signer)
    taken = stay_of(act, signer.person)
    if taken is not None and taken.state == "open":
        act.task = taken
    people = [signer.person]
    name, sending = _name(act, signer.person), _sending(act)
    again = not_again(act, act.step, people)
    given = {"token_uuid": act.stay.token, "people": people, "variables": again}
    move = play(act, Trial(f"减签{name}", [("remove_signers", given)], sending.goes_on))
    closed = _close(act, move, taken)
    opened = open_stays(act, move, sending)
    progress.follow(act)
    _tell(act, taken, name)
    record_act(
        act,
        "task.signer_removed",
        opened=opened,
        closed=closed,
        reason=written or None,
        whom=name,
        people=people,
    )
    return Done(act.case, opened)


def may_remove(act: Act, signer: Signer) -> bool:
    """By who added him, by who sent the document to the signing, and by who started the case.

    An agent may what his principal may, at the stay in hand.
    """
    if signer.by in (act.actor.login, in_whose_name(act)):
        return True
    sender = sent_by(act)
    senders = {sender.done_by_id, sender.done_for_id} if sender else set()
    return act.actor.person_id in senders | {act.case.starter_id}


def _signer(act: Act, login: str) -> Signer:
    """By the name in the signing, or by who holds the place of that name now."""
    if not login:
        raise Invalid.at("login", "请选择要减签的人员。")
    standing = {
        each.person: each for each in routes.signers(act.session, act.engine, act.stay.token)
    }
    if login in standing:
        return standing[login]
    held = people_in(act).get(login)
    if held is None or held.named not in standing:
        raise Invalid.at("login", f"{login[:64]}不在本环节会签之列，请刷新后查看名单。")
    return standing[held.named]


def _ensure_removable(act: Act, signer: Signer) -> None:
    """Refused here by name; the engine refuses the last one."""
    if signer.state == "signed":
        name = _name(act, signer.person)
        raise Invalid.at("login", f"{name}已签署意见，不能减签。")


def _close(act: Act, move: Move, taken: Task | None) -> list[Task]:
    """The stay of who is let off, and others where the signing is over with this."""
    closed = close_others(act, move, "closed")
    if act.stay.token in move.closed and act.stay is not taken:
        close(act, [act.stay], "closed")
        closed.append(act.stay)
    if taken is None:
        return closed
    if taken.state == "waiting":
        taken.state = "removed"
        return closed
    close(act, [taken], "removed")
    return [taken, *closed]


def _sending(act: Act) -> Sending:
    """Where the signing is over and somebody wants the document straight back, he gets it."""
    returner = returner_of(act)
    if returner is None:
        return Sending()
    return Sending(keep_for=had_by(returner), instead_of=returner.id)


def _tell(act: Act, taken: Task | None, name: str) -> None:
    """Who had not opened it never had it; who had is told, and may still read it."""
    if taken is None:
        return
    if taken.opened_at is None:
        of_stay = (Notice.case_id == act.case.id) & (Notice.task_id == taken.id)
        act.session.execute(sa.delete(Notice).where(of_stay))
        return
    people = sa.select(TaskCandidate.person_id).where(TaskCandidate.task_id == taken.id)
    readers = [each for each in act.session.scalars(people) if each != act.actor.person_id]
    text = f"{act.actor.name}已不再请{name}会签，此件不需办理。"
    tell(act.session, readers, "recalled", act.case.id, taken.id, text, act.at)


def _whom_to_ask(act: Act, signer: Signer) -> str:
    sender = sent_by(act)
    who = signer.by
    if who is None and sender is not None and sender.done_by_id is not None:
        who = act.session.get_one(Person, sender.done_by_id).login
    whom = f"请联系{_name(act, who)}" if who else "请联系拟稿人"
    return f"只有送会签的人或加签的人可以减签，{whom}。"


def _name(act: Act, login: str) -> str:
    found = act.session.scalar(sa.select(Person.name).where(Person.login == login))
    return found or login
