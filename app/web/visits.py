"""That a person has looked at his lists, where his unit wants to know (登录查收)."""

from app import clock
from app.database import current_session, reading
from app.handling.checkins import visiting
from app.web.current import asked_at, bearer, current_actor


def note() -> None:
    """Keep the minute of it. A program with a token is nobody who looks.

    Committed before anything is answered, like what somebody has opened.
    """
    session, actor = current_session(), current_actor()
    if bearer() is not None or not visiting.is_new(session, actor, asked_at()):
        return
    session.rollback()
    with reading(False):
        visiting.note(session, actor, clock.now(session))
        session.commit()
