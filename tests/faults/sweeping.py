"""Sweeps one after the other, each in a process of its own that dies by the fault hook.

usage: python -m tests.faults.sweeping STEP:N,…
The last sweep, after those named, is left alive.
"""

import os
import sys
from dataclasses import replace

from sqlalchemy.orm import sessionmaker

from app import create_app
from app.config import Config
from app.database import db
from app.deadlines.sweep import sweep
from app.handling.effects import EFFECTS


def sweep_once(config: Config) -> None:
    with create_app(config).app_context():
        sweep(sessionmaker(db.engine), EFFECTS)


def main(config: Config, places: list[str]) -> None:
    create_app(config)  # the children find everything imported
    for place in [*places, ""]:
        child = os.fork()
        if child == 0:
            step, _, nth = place.partition(":")
            sweep_once(replace(config, fault=f"{step}:kill:{nth}" if place else None))
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(Config.from_environment(os.environ), sys.argv[1].split(","))
