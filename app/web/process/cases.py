"""在办: the list of cases under way, and one of them without its document."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from app.database import current_session
from app.documents import queries as documents
from app.handling import administering, impartiality
from app.handling.views import faults, narrowing, proposals, running, trace, waiting
from app.handling.views.narrowing import Wanted
from app.web.addresses import page_number, sought
from app.web.current import current_actor
from app.web.desk import paper_tabs
from app.web.process.blueprint import blueprint, draw

PAGE_ROWS = 50


@dataclass(frozen=True)
class Narrowed:
    """What the list is narrowed to, as it stands in the address."""

    wanted: Wanted
    page: int

    @property
    def partly(self) -> bool:
        """Whether less than everything is shown."""
        return self.wanted != Wanted()

    def address(self, **changes: Any) -> str:
        """The same list with something changed; all but another page begins at the first one."""
        page = changes.pop("page", 1)
        given = asdict(replace(self.wanted, **changes))
        shown = {name: value for name, value in given.items() if value}
        return url_for("process.cases", **shown, **({"page": page} if page > 1 else {}))


@blueprint.get("/", endpoint="begin")
@blueprint.get("/cases")
def cases() -> str:
    session, actor, narrowed = current_session(), current_actor(), _narrowed()
    rows = running.cases(
        session, actor, narrowed.wanted, PAGE_ROWS + 1, (narrowed.page - 1) * PAGE_ROWS
    )
    page = narrowed.page
    return draw(
        "cases.html",
        rows=rows[:PAGE_ROWS],
        wanted=narrowed.wanted,
        narrowed=narrowed,
        processes=narrowing.processes(session, actor),
        steps=narrowing.steps(session, actor),
        only=narrowing.ONLY,
        days=narrowing.DAYS,
        units=narrowing.units(session, actor),
        page=page,
        previous=narrowed.address(page=page - 1) if page > 1 else None,
        following=narrowed.address(page=page + 1) if len(rows) > PAGE_ROWS else None,
    )


@blueprint.get("/cases/<int:id>")
def case(id: int) -> ResponseReturnValue:
    """Stays, people, waiting time, versions and what administrators did; no word of the text."""
    session, actor = current_session(), current_actor()
    act = administering.look(session, actor, id)
    stops = trace.stops(act)
    return draw(
        "case.html",
        case=act.case,
        title=act.document.title,
        number=act.document.number,
        state=waiting.state_of(act),
        now=act.at,
        stops=stops,
        steps=paper_tabs.diagram_rows(act, stops),
        coming=trace.ahead(act),
        versions=documents.version_lines(session, act.document.id),
        proposals=proposals.proposals(session, actor, id),
        barred=impartiality.why_not(act) if act.case.state in narrowing.LIVE else None,
        faults=faults.faults(session, actor, id),
    )


def _narrowed() -> Narrowed:
    """Words that mean nothing here are as good as none."""
    given = request.args
    only, days = given.get("only", ""), given.get("days", "")
    wanted = Wanted(
        q=sought(given.get("q", "")),
        process=sought(given.get("process", "")),
        step=sought(given.get("step", "")),
        only=only if only in narrowing.ONLY else "",
        days=int(days) if days in map(str, narrowing.DAYS) else 0,
        unit=sought(given.get("unit", "")),
        version=page_number(version) if (version := given.get("version", "")) else 0,
    )
    return Narrowed(wanted, page_number(given.get("page", "")))
