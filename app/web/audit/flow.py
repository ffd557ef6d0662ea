"""流程分析 for the auditor: every unit, every version on which cases have run."""

from flask import render_template

from app.database import current_session
from app.errors import NotFound
from app.web import flows
from app.web.audit.blueprint import blueprint


@blueprint.get("/flow")
def flow() -> str:
    return _draw("audit/flow.html", flows.flow("audit", None))


@blueprint.get("/flow/cases")
def flow_cases() -> str:
    shown = flows.cases("audit", None)
    if shown is None:
        raise NotFound
    return _draw("audit/flow_cases.html", shown)


def _draw(template: str, shown: dict[str, object]) -> str:
    html = render_template(template, **shown)
    current_session().commit()
    return html
