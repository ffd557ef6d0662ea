"""改派: an open stay gets somebody else by name, because its people cannot or do not act."""

from sqlalchemy.orm.attributes import flag_modified

from app.errors import Invalid
from app.handling.act import Act
from app.handling.acts.assigning import count_from_now, replace_people
from app.handling.acts.handing_over import ensure_not_there
from app.handling.stays.staffing import by_choice, colleague
from app.organization import Candidate


def ensure_may_get_it(act: Act, login: str, proposer_id: int) -> Candidate:
    """The person, if he may get the stay in hand. Raises Invalid at ``to``.

    Neither of the two administrators gives a document to himself.
    """
    person = colleague(act, login) if act.stay.kind == "consult" else by_choice(act, login)
    if person.person_id == proposer_id:
        raise Invalid.at("to", "流程管理员不能改派给自己，请选择其他人。")
    ensure_not_there(act, person)
    return person


def reassign(act: Act, login: str, proposer_id: int) -> Candidate:
    """Give it to him. The limit stays; only a stay that nobody could act at counts from now."""
    person = ensure_may_get_it(act, login, proposer_id)
    stopped = act.stay.blocked is not None
    replace_people(act, person, f"由流程管理员{act.actor.name}改派")
    flag_modified(act.stay, "given_by")  # a form of before is stale, whoever had it
    if stopped:
        count_from_now(act)
    return person
