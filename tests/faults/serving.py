"""The real web server whose workers die by the fault hook, each at the next step in turn.

usage: python -m tests.faults.serving STEP,…
gunicorn's master starts a worker anew when one has died, and the new one is armed for the step
after; so one start of the server goes round all steps.
"""

import multiprocessing
import os
import random
import sys
from dataclasses import replace
from typing import Any

from app import create_app
from app.commands.server import Server
from app.config import Config

FILE_STEPS = ("after-file-write", "after-file-rename")


class Dying(Server):
    """As ``gongwen serve``; ``load`` runs once in each worker, after the fork."""

    def __init__(self, config: Config, steps: list[str]) -> None:
        self.steps = steps
        self.started = multiprocessing.Value("i", 0)
        super().__init__(config, access_log=False)

    def load(self) -> Any:
        with self.started:
            step = self.steps[self.started.value % len(self.steps)]
            self.started.value += 1
        return create_app(replace(self.config, fault=f"{step}:kill:{_nth(step)}"))


def _nth(step: str) -> int:
    """Files are rare, so that theirs is the first or second; an act is one of the next eight."""
    return random.randint(1, 2 if step in FILE_STEPS else 8)  # noqa: S311  (no secret)


if __name__ == "__main__":
    random.seed(os.getpid())
    config = Config.from_environment(os.environ)
    create_app(config)  # the workers find everything imported: they are many
    Dying(config, sys.argv[1].split(",")).run()
