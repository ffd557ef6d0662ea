"""The routes that come with the program are put in force when it is installed or updated."""

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from app import audit, organization
from app.handling.equipment import equipment
from app.workflow import publishing

ROUTES = {"outgoing": ("outgoing", "countersign"), "incoming": ("incoming",)}
"""Each shipped route with the files that it is made of."""
SHIPPED = audit.signed_by_rule("随程序安装的流程")


def publish_shipped(session: Session, folder: Path, at: datetime) -> list[str]:
    """Publish the shipped diagrams; those in force already with the same content stay.

    Returns what is in force now, as ``name 第 n 版``. Raises Invalid listing every fault.
    """
    found = []
    for names in ROUTES.values():
        files = {f"{name}.bpmn": (folder / f"{name}.bpmn").read_bytes() for name in names}
        found.append(publish(session, files, SHIPPED, at, shipped=True))
    return found


def publish(
    session: Session,
    files: dict[str, bytes],
    by: audit.Signature,
    at: datetime,
    *,
    shipped: bool = False,
) -> str:
    """Check and submit a route; it takes a second person to put it in force."""
    row = publishing.publish(
        session,
        files,
        by,
        at,
        roles=_roles(session),
        forms=equipment().forms,
        shipped=shipped,
    )
    return f"{row.name}第 {row.version} 版"


def _roles(session: Session) -> Collection[str]:
    return organization.role_labels(session).keys()
