"""Work of the scheduler one time after the other, in processes that die by the fault hook.

usage: python -m tests.faults.sweeping STEP:N,… [recompute]
Sweeps, or counts limits again. The last process, after those named, is left alive.
"""

import os
import sys
from dataclasses import replace

from sqlalchemy.orm import sessionmaker

from app import create_app
from app.config import Config
from app.database import db
from app.deadlines.scheduler import do_chores
from app.deadlines.sweep import sweep
from app.handling.effects import EFFECTS
from app.handling.stays.recomputing import recompute


def work_once(config: Config, work: str) -> None:
    with create_app(config).app_context():
        sessions = sessionmaker(db.engine)
        if work == "recompute":
            do_chores(sessions, (recompute,))
        else:
            sweep(sessions, EFFECTS)


def main(config: Config, places: list[str], work: str = "sweep") -> None:
    create_app(config)  # the children find everything imported
    for place in [*places, ""]:
        child = os.fork()
        if child == 0:
            step, _, nth = place.partition(":")
            work_once(replace(config, fault=f"{step}:kill:{nth}" if place else None), work)
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Config.from_environment(os.environ), sys.argv[1].split(","), *sys.argv[2:])
