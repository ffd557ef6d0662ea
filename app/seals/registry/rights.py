"""Who has seals made and suspended, and who may look into the register of their uses (SIG-12)."""

from app.errors import NotAllowed
from app.organization import Actor, roles

MAY_MANAGE = (roles.OFFICE_HEAD, roles.SECURITY_ADMIN)
"""The department that manages seals, and the administrator of security; two people by design."""

MAY_LOOK = (*MAY_MANAGE, roles.UNIT_HEAD, roles.SUPERVISOR, roles.SEAL_KEEPER, roles.AUDITOR)


def manages(actor: Actor) -> bool:
    return _holds(actor, MAY_MANAGE)


def ensure_manages(actor: Actor) -> None:
    """Raises NotAllowed."""
    if not manages(actor):
        raise NotAllowed("印章由办公室负责人和安全管理员管理，您不能办理。请联系本单位办公室。")


def ensure_may_look(actor: Actor) -> None:
    """Raises NotAllowed."""
    if not _holds(actor, MAY_LOOK):
        raise NotAllowed(
            "用印登记由办公室负责人、主要领导、督办人员、印章管理员和审计员查看。（SIG-12）"
        )


def _holds(actor: Actor, wanted: tuple[str, ...]) -> bool:
    return any(actor.holds(role, unit_id=actor.unit_id) for role in wanted)
