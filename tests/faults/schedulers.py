"""Schedulers as an office runs them, kept running: whichever dies is started again.

usage: python -m tests.faults.schedulers COUNT EVERY IDLE [FAULT…]
EVERY  seconds between two sweeps, in place of the fifteen of an office
IDLE   seconds after which PostgreSQL ends the transaction of a sweep that does nothing
FAULT  of the fault hook, for the first one, the second one and so on; ``-`` for none. The last
       one counts for all that follow.
"""

import os
import sys
import threading
import time
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import sessionmaker

from app import create_app, database
from app.config import Config
from app.database import db
from app.deadlines import scheduler
from app.handling.effects import EFFECTS


def hurry(every: int, idle: int) -> None:
    """What an office has in settings of its own code, shorter."""
    scheduler.SWEEP_SECONDS, scheduler.SWEEP_JITTER = every, 0
    options = database.engine_options

    def impatient(url: str) -> dict[str, Any]:
        found = options(url)
        arguments = found["connect_args"]
        if "options" in arguments:
            usual, wanted = "session_timeout=30s", f"session_timeout={idle}s"
            arguments["options"] = arguments["options"].replace(usual, wanted)
        return found

    database.engine_options = impatient
    if "LD_PRELOAD" in os.environ:  # libfaketime 0.9.10 refuses to sleep by a true monotonic clock
        time.sleep = lambda seconds: threading.Event().wait(seconds) and None


def serve(config: Config) -> None:
    with create_app(config).app_context():
        scheduler.run(sessionmaker(db.engine), EFFECTS)


def main(config: Config, count: int, faults: list[str]) -> None:
    create_app(config)  # the children find everything imported
    running: set[int] = set()
    while True:
        while len(running) < count:
            fault = faults.pop(0) if len(faults) > 1 else faults[0]
            child = os.fork()
            if child == 0:
                serve(replace(config, fault=None if fault == "-" else fault))
                os._exit(0)
            running.add(child)
        running.discard(os.wait()[0])
        time.sleep(0.1)


if __name__ == "__main__":
    hurry(int(sys.argv[2]), int(sys.argv[3]))
    main(Config.from_environment(os.environ), int(sys.argv[1]), sys.argv[4:] or ["-"])
