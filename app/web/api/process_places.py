"""A process in one unit through the API: its own version or the one above, and following again."""

from flask import Response

from app import clock, organization
from app.database import current_session
from app.handling import administering, following
from app.handling.views import places
from app.handling.views.definitions import VersionLine
from app.web.acts import acting
from app.web.api import answers
from app.web.api.blueprints import group
from app.web.api.process_shapes import FollowingProposal, PlacePath, ProcessInUnit, Seen, Term
from app.web.api.process_versions import CREATED, term_of, term_with_id
from app.web.current import current_actor

blueprint = group("process_places", "各单位用的流程版本")


@blueprint.before_request
def _administrators_only() -> None:
    administering.units(current_actor())


@blueprint.get(
    "/process/definitions/<process_id>/units/<unit>",
    operation_id="getProcessInUnit",
    summary="一个单位用自己的版本，还是跟随上级",
    responses={200: ProcessInUnit},
)
def get_place(path: PlacePath) -> Response:
    session = current_session()
    found = places.one(session, current_actor(), path.process_id, path.unit)
    return answers.reply(
        ProcessInUnit(
            unit=found.key,
            name=found.name,
            own=_seen(found.own, found.name),
            above=_seen(found.above, found.above_from),
            may_follow=found.may_follow,
            stops=places.stops(session, path.process_id, found),
            terms=[term_of(each) for each in found.terms],
        )
    )


@blueprint.post(
    "/process/definitions/<process_id>/units/<unit>/following",
    operation_id="proposeFollowing",
    summary="提请某一单位不再用自己的版本，改为跟随上级",
    responses={201: Term},
)
@acting
def propose_following(path: PlacePath, body: FollowingProposal) -> Response:
    session, actor = current_session(), current_actor()
    term = following.propose(
        session,
        actor,
        path.process_id,
        organization.unit_by_key(session, path.unit).id,
        body.reason,
        clock.now(session),
        in_force_from=body.in_force_from,
    )
    return answers.reply(term_with_id(term.sha256, term.id), CREATED)


def _seen(line: VersionLine | None, where: str) -> Seen | None:
    return Seen(sha256=line.sha256, version=line.version, where=where) if line else None
