"""Setting the page that somebody is about to sign, before his act begins (DRF-16)."""

from app.database import current_session
from app.errors import DomainError
from app.handling.views import paper
from app.web.current import current_actor


def prove_page(task_id: int) -> None:
    """Takes a second where the stay is a sign-off; nobody waits for it on a lock."""
    session = current_session()
    try:
        printed = paper.to_sign(session, current_actor(), task_id)
    except DomainError:  # the act itself says what is wrong
        printed = None
    session.rollback()
    if printed is not None:
        printed.prove()
