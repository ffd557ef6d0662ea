"""运行 for the process administrator: where cases stand and how they go, in his units."""

from app.database import current_session
from app.errors import NotFound
from app.handling import administering
from app.handling.flow.standing import Standing, standing
from app.web import flows
from app.web.current import current_actor
from app.web.process.blueprint import blueprint, draw


@blueprint.get("/flow")
def flow() -> str:
    units = administering.units(current_actor())
    found: Standing = standing(current_session(), current_actor())
    return draw("flow.html", standing=found, **flows.flow("process", units))


@blueprint.get("/flow/cases")
def flow_cases() -> str:
    shown = flows.cases("process", administering.units(current_actor()))
    if shown is None:
        raise NotFound
    return draw("flow_cases.html", **shown)
