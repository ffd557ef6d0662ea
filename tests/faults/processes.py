"""Processes of an installation under test: started with its settings, killed, counted."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from app import ROOT
from app.config import Config

STRUCK = re.compile(r"fault hook: kill at ([a-z-]+)")
READY_SECONDS = 60


@dataclass
class Process:
    """One process, in a group of its own, with what it wrote to standard error.

    environment  besides the settings, such as another clock
    """

    config: Config
    arguments: Sequence[str]
    log: Path
    port: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "GONGWEN_DATA": str(self.config.data),
            "DATABASE_URL": self.config.database_url,
            "SECRET_KEY": self.config.secret_key,
            "GONGWEN_DEMO": "1",
            "PORT": str(self.port or 8000),
            **self.environment,
        }
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603  (our own program)
                [sys.executable, *self.arguments],
                cwd=ROOT,
                env=environment,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """The whole group at once, as when the power fails."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def wait(self, seconds: float) -> int:
        assert self._process is not None
        return self._process.wait(seconds)

    def children(self) -> list[int]:
        """Ids of the processes that it has started and that are there still."""
        assert self._process is not None
        pid = self._process.pid
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def struck(self) -> Counter[str]:
        """How often the hook has killed at each step."""
        if not self.log.exists():
            return Counter()
        return Counter(STRUCK.findall(self.log.read_text(encoding="utf-8", errors="replace")))

    def until_ready(self) -> None:
        """Wait until the web server answers."""
        end = time.monotonic() + READY_SECONDS
        while time.monotonic() < end:
            assert self._process is not None
            assert self._process.poll() is None, self.log.read_text(encoding="utf-8")
            try:
                urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10)
            except HTTPError:
                return  # 503 without a scheduler: it answers
            except OSError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError(self.log.read_text(encoding="utf-8"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
