"""After a change of the calendar limits are counted again while the person waits a moment."""

import logging
import time

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from app.database import db, reading
from app.deadlines.scheduler import do_chores
from app.handling.stays.recomputing import recompute
from app.handling.stays.recomputing_timers import recompute_timers

AT_ONCE = 3.0
"""Seconds before the answer goes out; what is left then is the scheduler's."""

log = logging.getLogger(__name__)


def begin() -> None:
    """After the commit of the change; a fault here takes nothing of it back."""
    until = time.monotonic() + AT_ONCE
    try:
        with reading(False):
            chores = (recompute, recompute_timers)
            do_chores(sessionmaker(db.engine), chores, lambda: time.monotonic() > until)
    except DBAPIError as error:
        log.warning("counting limits again is left to the scheduler: %s", error)
