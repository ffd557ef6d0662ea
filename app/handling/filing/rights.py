"""Who files and hands over: the forming department and the dispatcher; who accepts: the archivist.

Nobody accepts what he has handed over himself: both sides are on record, and are two people.
"""

from app.errors import NotAllowed
from app.handling.access import REGISTRY
from app.organization import Actor, roles

FILES_ALL = (roles.DISPATCHER,)
ACCEPTS = (roles.ARCHIVIST,)
MAY_LOOK = (*REGISTRY, roles.DRAFTER, roles.DEPT_HEAD)
"""Whom the pages are shown to: who files, hands over and accepts, and who sees all of the unit."""


def may_file(actor: Actor, unit_id: int, department_id: int) -> bool:
    own = actor.unit_id == unit_id and actor.department_id == department_id
    return own or any(actor.holds(role, unit_id=unit_id) for role in FILES_ALL)


def ensure_may_file(actor: Actor, unit_id: int, department_id: int, department: str) -> None:
    if not may_file(actor, unit_id, department_id):
        raise NotAllowed(
            f"此件由形成部门{department}或者收发员归档移交，您不能办理，请与其联系。（REC-07）"
        )


def may_accept(actor: Actor, unit_id: int) -> bool:
    return any(actor.holds(role, unit_id=unit_id) for role in ACCEPTS)


def ensure_may_accept(actor: Actor, unit_id: int) -> None:
    if not may_accept(actor, unit_id):
        raise NotAllowed("移交清单由本单位档案员接收或者退回，请与档案员联系。（ARC-16）")
