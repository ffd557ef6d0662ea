"""查阅记录 as a page, narrowed by what stands in its address."""

import re
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for

from app.audit.accesses import KINDS, sealing
from app.database import current_session
from app.errors import Invalid
from app.handling.inspection import accesses, words
from app.handling.inspection.accesses import Wanted
from app.web.addresses import sought
from app.web.audit.blueprint import blueprint, draw

SHOWN = 50


@dataclass(frozen=True)
class Typed:
    """The fields as they were sent, to be shown again."""

    person: str
    number: str
    case: str
    kind: str
    since: str
    until: str

    def wanted(self) -> Wanted:
        """Raises Invalid for a date that is none."""
        return Wanted(
            person=self.person,
            number=self.number,
            case=int(self.case) if self.case else None,
            kind=self.kind,
            since=words.day("since", self.since),
            until=words.day("until", self.until),
        )


def typed() -> Typed:
    given = {name: sought(request.args.get(name, "")) for name in Typed.__dataclass_fields__}
    if not re.fullmatch("[1-9][0-9]{0,17}", given["case"]):
        given["case"] = ""
    if given["kind"] not in KINDS:
        given["kind"] = ""
    return Typed(**given)


@blueprint.get("/accesses", endpoint="accesses")
def show() -> Response:
    session, asked = current_session(), typed()
    shown: dict[str, Any] = {"typed": asked, "kinds": KINDS, "sealed": sealing.last_sealed(session)}
    try:
        wanted = asked.wanted()
    except Invalid as error:
        return draw("accesses.html", error=error, rows=[], **shown)
    before = request.args.get("before", "")
    number = int(before) if re.fullmatch("[1-9][0-9]{0,17}", before) else None
    rows = accesses.listed(session, wanted, SHOWN + 1, number)
    older = None
    if len(rows) > SHOWN:
        rows = rows[:SHOWN]
        fields = {name: value for name, value in vars(asked).items() if value}
        older = url_for("audit.accesses", **fields, before=rows[-1].id)
    counts = accesses.counted(session, wanted)
    return draw("accesses.html", rows=rows, older=older, counts=counts, **shown)
