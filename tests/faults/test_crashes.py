"""Processes are killed at every named step: nothing acknowledged is lost, nothing is half done."""

import random
import time
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app import clock
from app.database import db
from app.deadlines.models import Due
from app.deadlines.sweep import BATCH
from app.handling.models import Task
from tests.conftest import LONG
from tests.faults.clients import Caller, Client, encoded
from tests.faults.comparison import KINDS, Outcome, compare
from tests.faults.conftest import Office, Start
from tests.faults.invariants import violations
from tests.faults.ledger import Answer, Ledger, Request
from tests.faults.processes import Process
from tests.world import World

ACT_STEPS = (
    *("before-begin", "after-load", "after-engine-step"),
    *("after-audit", "before-commit", "after-commit"),
)
SWEEP_STEPS = ("sweep-taken", "sweep-effect", "after-audit", "before-commit")
FILE_STEPS = ("after-file-write", "after-file-rename")
KILLS, ACTS, SECONDS = (20, 1000, 3600) if LONG else (1, 40, 60)
"""At each step; acknowledged at least; after which the test gives up."""
CLIENTS = 4
STAYS = BATCH + 10
"""A batch of the sweep and a little more, so that one dies between two batches."""


def test_no_acknowledged_act_is_lost_and_none_is_half_done(
    office: Office, started: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    """R1, R2 and R4: the web server's workers die at each step in turn while people work."""
    steps = ACT_STEPS + FILE_STEPS
    server = started("web", "-m", "tests.faults.serving", ",".join(steps), web=True)
    server.until_ready()
    ledger = Ledger(office.folder / "ledger.jsonl")
    seed = random.randrange(2**32)  # noqa: S311  (no secret)
    begun = time.monotonic()
    work(office, server, ledger, seed)
    lasted, struck = time.monotonic() - begun, server.struck()
    server.kill()
    lines = ledger.read()
    ledger.close()
    first = judged(office, lines)
    second = judged(office, [*sent_again(office, lines)])
    with capsys.disabled():
        print(f"\nseed {seed}, {lasted:.0f} s, kills {dict(struck)}\n{first}\n{second}")
    assert min(struck[step] for step in steps) >= KILLS
    assert first.acknowledged >= ACTS
    assert not LONG or first.acts.keys() == KINDS
    assert (first.faults, second.faults) == ([], [])


def work(office: Office, server: Process, ledger: Ledger, seed: int) -> None:
    """People act until every step has killed often enough."""
    end = time.monotonic() + SECONDS

    def enough() -> bool:
        struck = server.struck()
        killed = min(struck[step] for step in ACT_STEPS + FILE_STEPS)
        done = killed >= KILLS and ledger.acknowledged >= ACTS
        return done or time.monotonic() > end

    caller = Caller(server.port, office.tokens)
    engine = sa.create_engine(office.config.database_url)
    clients = [Client(caller, engine, ledger, seed + n, enough) for n in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    engine.dispose()
    assert [client.failure for client in clients if client.failure] == []


def judged(office: Office, lines: list[tuple[Request, Answer | None]]) -> Outcome:
    with office.app.app_context():
        until_quiet(office)
        outcome = compare(db.session(), lines)
        found = violations(db.session(), office.store)
        db.session.remove()
    assert found == {}
    return outcome


def until_quiet(office: Office) -> None:
    """A backend whose client has died may still be ending its transaction."""
    busy = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state <> 'idle'"
    )
    while office.on_postgres and db.session.scalar(busy):
        time.sleep(0.05)
        db.session.rollback()


def sent_again(
    office: Office, lines: list[tuple[Request, Answer | None]]
) -> list[tuple[Request, Answer]]:
    """What got no answer, and each tenth that got one, sent with the same key as before.

    An act that is known has the answer it had; one that is not is done now, or refused now.
    """
    again = [line for number, line in enumerate(lines) if line[1] is None or number % 10 == 0]
    client = office.app.test_client()
    answers = []
    for request, before in again:
        body, kind = encoded(request)
        headers = {
            "Authorization": f"Bearer {office.tokens[request.login]}",
            "Idempotency-Key": request.key,
        }
        response = client.post(
            f"/api/v1{request.path}", data=body, content_type=kind, headers=headers
        )
        now = Answer(response.status_code, response.get_data(as_text=True))
        if before is not None and before.acknowledged:
            assert now == before, request
        answers.append((request, now))
    return answers


def test_no_limit_is_lost_or_doubled_when_sweeps_die(office: Office, started: Start) -> None:
    """R5 in small: sweeps die before, in and after each effect, and between two batches."""
    with office.app.app_context():
        overdue(STAYS)
    steps = [step for step in SWEEP_STEPS for _ in range(KILLS)]
    places = [f"{step}:{_nth(step)}" for step in steps] + [f"sweep-effect:{BATCH + 5}"]
    sweeps = started("sweep", "-m", "tests.faults.sweeping", ",".join(places))
    assert sweeps.wait(SECONDS) == 0
    assert sweeps.struck() == Counter([*steps, "sweep-effect"])
    with office.app.app_context():
        marked = sa.select(sa.func.count()).where(Task.overdue_since.is_not(None))
        assert db.session.scalar(marked) == STAYS
        found = violations(db.session())
        db.session.remove()
    assert found == {}


def _nth(step: str) -> int:
    """In the first batch, which is then undone: the next sweep finds it as it was."""
    return random.randint(1, BATCH) if step == "sweep-effect" else 1  # noqa: S311  (no secret)


def overdue(count: int) -> None:
    """So many stays whose limit ran out an hour ago."""
    session = db.session()
    world = World(session)
    for _ in range(count):
        world.register()
    past = clock.now(session) - timedelta(hours=1)
    session.execute(sa.update(Task).where(Task.due_at.is_not(None)).values(due_at=past))
    session.execute(sa.update(Due).values(due_at=past, next_try_at=past))
    session.commit()
    db.session.remove()
