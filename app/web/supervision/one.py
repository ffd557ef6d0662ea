"""One supervision: what was asked, how far it is, its ladder, and what the person may do."""

from flask.typing import ResponseReturnValue

from app.database import current_session
from app.handling.supervision import holding
from app.handling.supervision.sheet import Sheet, sheet
from app.web import looking
from app.web.current import current_actor
from app.web.supervision.blueprint import blueprint, draw


@blueprint.get("/<int:id>", endpoint="one")
def one(id: int) -> ResponseReturnValue:
    return draw("one.html", sheet=opened(id))


def opened(id: int) -> Sheet:
    """The person has the document before him: what was told of it is read."""
    session, actor = current_session(), current_actor()
    looking.note(holding.look(session, actor, id).act.case.id)
    return sheet(session, actor, id)
