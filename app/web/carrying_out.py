"""After a plan was confirmed, or is undone, its cases follow while the person waits a moment."""

import logging
import time

from sqlalchemy.orm import sessionmaker

from app.database import current_session, db, reading
from app.deadlines.scheduler import do_chores
from app.handling.migrating.carrying_out import carry_out

AT_ONCE = 5.0
"""Seconds before the answer goes out; what is left then is the scheduler's."""

log = logging.getLogger(__name__)


def begin() -> None:
    """After the commit of the decision; a fault here takes nothing of it back."""
    until = time.monotonic() + AT_ONCE
    try:
        current_session().rollback()
        with reading(False):
            do_chores(sessionmaker(db.engine), (carry_out,), lambda: time.monotonic() > until)
    except Exception:  # the decision is committed: whoever took it is not told that it failed
        log.exception("moving cases is left to the scheduler")
