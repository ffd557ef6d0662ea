"""Routes come into force: those of the program at once, an office's own by two people."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app import audit, organization
from app.audit import Signature
from app.errors import NotAllowed
from app.handling.equipment import equipment
from app.organization import Actor, roles
from app.workflow import publishing
from app.workflow.models import DefinitionRow

SHIPPED = {
    "outgoing": ("outgoing", "countersign"),
    "outgoing_free": ("outgoing_free",),
    "incoming": ("incoming",),
    "scan": ("scan",),
}
"""Each route of the program with the files that it is made of."""
INSTALLED = audit.signed_by_rule("随程序安装的流程")


def publish_shipped(session: Session, folder: Path, at: datetime) -> list[str]:
    """Publish the diagrams of the program; those in force already with the same content stay.

    Returns what is in force now, as ``name 第 n 版``. Raises BadDiagram with every fault.
    """
    found = []
    for names in SHIPPED.values():
        files = {f"{name}.bpmn": (folder / f"{name}.bpmn").read_bytes() for name in names}
        row = _publish(session, files, INSTALLED, at, shipped=True)
        found.append(f"{row.name}第 {row.version} 版")
    return found


def submit(
    session: Session,
    actor: Actor,
    files: Mapping[str, bytes],
    at: datetime,
    authority: str | None = None,
) -> DefinitionRow:
    """Check a route of one's own and keep it as a version; a second person puts it in force.

    authority  what the right rests on, where it is not the post alone (the command line)
    Raises NotAllowed for anybody but a process administrator, BadDiagram with every fault.
    """
    _ensure_administers(actor)
    return _publish(session, files, actor.signature(authority), at)


def put_in_force(
    session: Session, actor: Actor, sha256: str, at: datetime, authority: str | None = None
) -> DefinitionRow:
    """New cases run on it from now on; SecondPersonNeeded for who submitted it (C8)."""
    _ensure_administers(actor)
    return publishing.put_in_force(session, sha256, actor.signature(authority), at)


def _ensure_administers(actor: Actor) -> None:
    if not actor.holds(roles.PROCESS_ADMIN):
        raise NotAllowed(f"{actor.name}（{actor.login}）不是流程管理员，不能发布流程。")


def _publish(
    session: Session,
    files: Mapping[str, bytes],
    by: Signature,
    at: datetime,
    *,
    shipped: bool = False,
) -> DefinitionRow:
    known = organization.role_labels(session).keys()
    forms = equipment().forms
    return publishing.publish(session, files, by, at, roles=known, forms=forms, shipped=shipped)
