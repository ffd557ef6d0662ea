"""Shapes of 归档与移交 in the API: what is asked for, items, their stages, lists of transfer."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from app.documents.refusals import refuse_with
from app.handling.filing import listing, transferring
from app.web.api import schemas
from app.web.api.schemas import Instant

Retention = Literal["permanent", "d30", "d10"]
State = Literal["", "unfiled", "filed", "proposed", "accepted"]


def _year(year: int) -> int:
    if year and year not in listing.YEARS:
        first, last = listing.YEARS[0], listing.YEARS[-1]
        refuse_with(f"年度应在 {first} 年至 {last} 年之间；不限年度的，不填或者填 0。")
    return year


class Filing(schemas.Input):
    """``retention``: "" for the proposed one; another one needs a ``reason`` (ARC-12)."""

    case: schemas.Number
    retention: Retention | Literal[""] = ""
    reason: schemas.Remark = ""


class Arrangement(schemas.Input):
    retention: Retention
    reason: schemas.Remark = ""


class Transferring(schemas.Input):
    """``items``: filed items of one department."""

    items: Annotated[list[schemas.Number], Field(max_length=1000)]
    note: schemas.Remark = ""


class Returned(schemas.Input):
    item: schemas.Number
    reason: schemas.Remark = ""


class Accepting(schemas.Input):
    """``returned``: items that go back to the department; all others are accepted (ARC-16)."""

    returned: list[Returned] = Field(default=[], max_length=transferring.MOST)


class Returning(schemas.Input):
    reason: schemas.Remark = ""


class Catalogue(BaseModel):
    """``reference``: a 档号, which finds its one entry (SRC-07); ``q``: words of title or number.

    ``year``: in which it was formed, 2000 to 2099, 0 for any; ``department``: key of the department
    that formed it.
    """

    state: State = ""
    year: Annotated[int, AfterValidator(_year)] = 0
    department: schemas.Key = ""
    retention: Retention | Literal[""] = ""
    kind: schemas.Key = ""
    reference: schemas.Key = ""
    q: schemas.Key = ""
    page: int = Field(default=1, ge=1, le=10**6)
    limit: int = Field(default=50, ge=1, le=200)


class Moment(BaseModel):
    """``at``: with its offset; without it, now."""

    at: AwareDatetime | None = None


class Line(BaseModel):
    """A finished document; ``item_id`` null while it is unfiled: ``retention`` is proposed then.

    ``returned``: why the archive has sent it back to the department's queue, "" otherwise.
    """

    case_id: int
    item_id: int | None
    state: str
    state_words: str
    department: str
    title: str
    number: str
    kind: str
    formed_on: date
    year: int
    class_code: str
    class_words: str
    retention: str
    retention_words: str
    proposed: str
    reason: str
    returned: str
    reference: str
    filed_by: str
    filed_on: date | None
    transfer: str
    transfer_id: int | None
    accepted_by: str
    accepted_on: date | None


class Counts(BaseModel):
    unfiled: int
    filed: int
    proposed: int
    accepted: int


class Lines(BaseModel):
    """``counts``: by state, of all that is asked for beside the state; ``next``: page, or null."""

    items: list[Line]
    total: int
    counts: Counts
    next: int | None


class Stage(BaseModel):
    """``at`` null and ``owner`` "" as long as the document has not come to this stage."""

    key: str
    label: str
    at: Instant | None
    owner: str
    said: str


class Item(BaseModel):
    """``entry``: null for a document that is not finished."""

    entry: Line | None
    stages: list[Stage]


class Responsible(BaseModel):
    """``side``: ``creator`` or ``archive``; ``since`` when it answers."""

    side: str
    words: str
    name: str
    person: str
    since: Instant


class Row(BaseModel):
    """The four facts of an item (ARC-15), and what became of it."""

    item_id: int
    case_id: int
    title: str
    number: str
    formed_on: date
    retention: str
    retention_words: str
    result: str
    result_words: str
    reason: str
    reference: str


class Transfer(BaseModel):
    """A list with both sides; ``decided_by`` "" while it waits."""

    id: int
    name: str
    unit: str
    department: str
    note: str
    state: str
    state_words: str
    reason: str
    made_by: str
    made_at: Instant
    decided_by: str
    decided_at: Instant | None
    may_withdraw: bool
    may_accept: bool
    rows: list[Row]


class Brief(BaseModel):
    id: int
    name: str
    department: str
    note: str
    state: str
    state_words: str
    reason: str
    made_by: str
    made_at: Instant
    count: int


class TransfersQuery(BaseModel):
    state: Literal["", "proposed", "accepted", "returned", "withdrawn"] = ""


class Briefs(BaseModel):
    items: list[Brief]
