"""What takes its time is played before an act begins, while nobody waits for the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.database import current_session, reading
from app.handling import administering
from app.handling.migrating import drawn, targets
from app.handling.whatif import saved
from app.handling.whatif.playing import play
from app.handling.whatif.saved import Run
from app.handling.whatif.scenario import Scenario
from app.web.current import current_actor
from app.workflow.models import ProcessTerm


@contextmanager
def only_reading() -> Iterator[None]:
    """A request that only shows, whatever its method: it keeps nobody from writing."""
    current_session().rollback()
    with reading():
        try:
            yield
        finally:
            current_session().rollback()


def tests_of_term(term_id: int) -> Run | None:
    """All saved tests on what was proposed; None where nothing is: the act says so."""
    with only_reading():
        session = current_session()
        administering.units(current_actor())
        term = session.get(ProcessTerm, term_id)
        if term is None:
            return None
        return saved.run_all(session, targets.target(session, term.sha256))


def tests_of(key: str) -> Run:
    """All saved tests on a version or draft. Raises NotFound, NotAllowed, BadDraft."""
    with only_reading():
        session = current_session()
        return saved.run_all(session, drawn.of_key(session, current_actor(), key))


def expected(key: str, supposed: Scenario) -> dict[str, object]:
    """What comes of a scenario, as a test keeps it. Raises what ``play`` does."""
    with only_reading():
        session = current_session()
        return play(session, drawn.of_key(session, current_actor(), key), supposed).plain()
