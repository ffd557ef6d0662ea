"""审批事项: somebody asks for something on a route that an office has for it (PAP-17)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app import clock
from app.documents import requests
from app.documents.fields import RequestFields
from app.errors import NotAllowed, NotFound
from app.handling.acts import starting
from app.handling.acts.done import Done
from app.organization import Actor, roles
from app.workflow import queries as routes
from app.workflow.definitions import Definition


@dataclass(frozen=True)
class Offer:
    """A route for requests; ``words`` say what it is for."""

    process: str
    name: str
    words: str


def offers(session: Session, unit_id: int) -> Sequence[Offer]:
    """The routes in force in a unit whose process has the property ``flow`` = ``request``."""
    found = [each for each in routes.all_in_force(session, unit_id) if _for_requests(each)]
    return [Offer(each.process_id, each.name, each.documentation) for each in found]


def offer(session: Session, process: str, unit_id: int) -> Offer:
    """Raises NotFound for a route that is not for requests."""
    found = next((each for each in offers(session, unit_id) if each.process == process), None)
    if found is None:
        raise NotFound("没有这种审批事项。请从列表中选择。")
    return found


def start_request(session: Session, actor: Actor, process: str, fields: RequestFields) -> Done:
    """A request; its case opens at the first step, for the caller, who submits it from there.

    Raises NotAllowed for the administrators of security, NotFound like :func:`offer`.
    """
    ensure_may_ask(actor)
    definition = routes.in_force(
        session, offer(session, process, actor.unit_id).process, actor.unit_id
    )
    first, at = definition.steps[0].id, clock.now(session)
    document = requests.create(session, actor, at, fields, step=first)
    return starting.start(session, actor, document, process, {"drafter": actor.login})


def ensure_may_ask(actor: Actor) -> None:
    """Raises NotAllowed, as sending would; asked before an empty form is shown."""
    if any(post.role in roles.ADMINISTRATORS for post in actor.posts):
        raise NotAllowed("系统管理员、安全管理员和审计员的账号不办理审批事项。（三员分立）")


def _for_requests(definition: Definition) -> bool:
    return definition.properties.get("flow") == "request"
