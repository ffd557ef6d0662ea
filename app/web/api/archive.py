"""归档与移交 through the API: filing, lists of transfer, the catalogue, who answers for what."""

from flask import Response

from app import clock
from app.database import current_session
from app.handling.act import look_at_case
from app.handling.filing import filing, listing, responsibility, sheets, stages, transferring
from app.handling.filing.sheets import Sheet
from app.handling.ledger.finding import ensure_staff
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.archive_shapes import (
    Accepting,
    Arrangement,
    Brief,
    Briefs,
    Catalogue,
    Counts,
    Filing,
    Item,
    Line,
    Lines,
    Moment,
    Responsible,
    Returning,
    Stage,
    Transfer,
    Transferring,
    TransfersQuery,
)
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("archive", "归档与移交")


@blueprint.get(
    "/archive/items",
    operation_id="listArchiveItems",
    summary="办结公文的归档情况和档案目录，可按档号、年度、部门、保管期限、文种、标题查找",
    responses={200: Lines},
)
def catalogue(query: Catalogue) -> Response:
    session, actor = current_session(), current_actor()
    ensure_staff(actor)
    given = query.model_dump(exclude={"page", "limit", "q"})
    wanted = listing.Wanted(**given, words=query.q)
    total = listing.count(session, actor, wanted)
    skip = (query.page - 1) * query.limit
    found = listing.lines(session, actor, wanted, skip, query.limit)
    more = total > query.page * query.limit
    items = [Line.model_validate(each, from_attributes=True) for each in found]
    counts = Counts(**listing.counts(session, actor, wanted))
    following = query.page + 1 if more else None
    return answers.reply(Lines(items=items, total=total, counts=counts, next=following))


@blueprint.post(
    "/archive/items",
    operation_id="fileDocument",
    summary="归档一件办结的公文（形成部门、收发员）",
    responses={201: Item},
)
@acting
def file(body: Filing) -> Response:
    session = current_session()
    item = filing.file(session, current_actor(), body.case, body.retention, body.reason)
    return answers.reply(_item(item.case_id), 201)


@blueprint.get(
    "/archive/items/<int:id>",
    operation_id="getArchiveItem",
    summary="一件档案的目录条目和六个阶段",
    responses={200: Item},
)
def get_item(path: schemas.NumberPath) -> Response:
    return answers.reply(_item(filing.case_of(current_session(), path.id)))


@blueprint.get(
    "/archive/cases/<int:id>",
    operation_id="getStages",
    summary="一件公文的六个阶段，不论是否已归档",
    responses={200: Item},
)
def of_case(path: schemas.NumberPath) -> Response:
    return answers.reply(_item(path.id))


@blueprint.post(
    "/archive/items/<int:id>/arrangement",
    operation_id="rearrangeArchiveItem",
    summary="移交之前或者退回以后改定保管期限（形成部门、收发员）",
    responses={200: Item},
)
@acting
def rearrange(path: schemas.NumberPath, body: Arrangement) -> Response:
    session = current_session()
    item = filing.rearrange(session, current_actor(), path.id, body.retention, body.reason)
    return answers.reply(_item(item.case_id))


@blueprint.get(
    "/archive/transfers",
    operation_id="listTransfers",
    summary="移交清单，新的在前",
    responses={200: Briefs},
)
def transfers(query: TransfersQuery) -> Response:
    actor = current_actor()
    ensure_staff(actor)
    found = sheets.briefs(current_session(), actor, query.state)
    return answers.reply(
        Briefs(items=[Brief.model_validate(each, from_attributes=True) for each in found])
    )


@blueprint.post(
    "/archive/transfers",
    operation_id="proposeTransfer",
    summary="把一个部门的档案件列成移交清单（形成部门、收发员）",
    responses={201: Transfer},
)
@acting
def propose(body: Transferring) -> Response:
    made = transferring.propose(current_session(), current_actor(), body.items, body.note)
    return answers.reply(_transfer(made.id), 201)


@blueprint.get(
    "/archive/transfers/<int:id>",
    operation_id="getTransfer",
    summary="一份移交清单，有双方和每件的题名、文号、形成时间、保管期限",
    responses={200: Transfer},
)
def get_transfer(path: schemas.NumberPath) -> Response:
    return answers.reply(_transfer(path.id))


@blueprint.post(
    "/archive/transfers/<int:id>/withdraw",
    operation_id="withdrawTransfer",
    summary="撤回还没有接收的移交清单（移交人）",
    responses={200: Transfer},
)
@acting
def withdraw(path: schemas.NumberPath) -> Response:
    transferring.withdraw(current_session(), current_actor(), path.id)
    return answers.reply(_transfer(path.id))


@blueprint.post(
    "/archive/transfers/<int:id>/accept",
    operation_id="acceptTransfer",
    summary="接收移交清单，可以退回其中几件（档案员）",
    responses={200: Transfer},
)
@acting
def accept(path: schemas.NumberPath, body: Accepting) -> Response:
    returned = {each.item: each.reason for each in body.returned}
    transferring.accept(current_session(), current_actor(), path.id, returned)
    return answers.reply(_transfer(path.id))


@blueprint.post(
    "/archive/transfers/<int:id>/return",
    operation_id="returnTransfer",
    summary="整份退回移交清单，须写明原因（档案员）",
    responses={200: Transfer},
)
@acting
def send_back(path: schemas.NumberPath, body: Returning) -> Response:
    transferring.send_back(current_session(), current_actor(), path.id, body.reason)
    return answers.reply(_transfer(path.id))


@blueprint.get(
    "/archive/cases/<int:id>/responsibility",
    operation_id="getResponsibility",
    summary="一件公文在某一时刻由谁负责：移交前是形成部门，移交后是档案部门",
    responses={200: Responsible},
)
def responsible(path: schemas.NumberPath, query: Moment) -> Response:
    session = current_session()
    act = look_at_case(session, current_actor(), path.id)
    found = responsibility.answers_for(session, act.case.id, query.at or clock.now(session))
    return answers.reply(Responsible.model_validate(found, from_attributes=True))


def _item(case_id: int) -> Item:
    session, actor = current_session(), current_actor()
    act = look_at_case(session, actor, case_id)
    entry = listing.one(session, actor, case_id)
    found = [Stage.model_validate(each, from_attributes=True) for each in stages.stages(act)]
    shown = Line.model_validate(entry, from_attributes=True) if entry else None
    return Item(entry=shown, stages=found)


def _transfer(transfer_id: int) -> Transfer:
    found: Sheet = sheets.sheet(current_session(), current_actor(), transfer_id)
    return Transfer.model_validate(found, from_attributes=True)
