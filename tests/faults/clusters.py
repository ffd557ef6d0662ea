"""A PostgreSQL of a test's own, which may be stopped in mid-work and started on another day."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from tests.faults.processes import free_port

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: each.parent.name)
FAKETIME = next(iter(Path("/usr/lib").glob("*/faketime/libfaketime.so.1")), None)


def moved_clock(by: str) -> Mapping[str, str]:
    """Environment of a process whose clock is off by so much, such as ``+3d``."""
    return {"FAKETIME": by, **_FAKED}


def clock_of(file: Path) -> Mapping[str, str]:
    """Environment of a process whose clock is off by what stands in this file at the moment."""
    return {"FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1", **_FAKED}


_FAKED = {"LD_PRELOAD": str(FAKETIME), "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


@dataclass
class Cluster:
    """Durable as in an office: what is acknowledged survives :meth:`crash`."""

    folder: Path
    port: int = field(default_factory=free_port)

    def make(self) -> None:
        self._run("initdb", "-A", "trust", "-U", "gongwen", "-E", "UTF8", "--no-locale")
        self.start()

    def start(self, environment: Mapping[str, str] | None = None) -> None:
        options = (
            f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
            " -c restart_after_crash=off -c max_connections=100"
        )
        log = str(self.folder / "server.log")
        self._run("pg_ctl", "-w", "-o", options, "-l", log, "start", environment=environment)

    def crash(self) -> None:
        """All its processes end at once, in the middle of whatever they do."""
        self._run("pg_ctl", "-w", "-m", "immediate", "stop")

    def url(self, database: str = "postgres") -> str:
        return f"postgresql+psycopg://gongwen@127.0.0.1:{self.port}/{database}"

    def create(self, database: str) -> str:
        engine = sa.create_engine(self.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {database}")
        engine.dispose()
        return self.url(database)

    def _run(
        self, program: str, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> None:
        """As the account postgres where the test runs as root, which it refuses to work for."""
        command = [str(PROGRAMS[-1] / program), "-D", str(self.folder / "data"), *arguments]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(  # noqa: S603  (the server's own programs)
            command,
            cwd=self.folder,
            env={**os.environ, **(environment or {})},
            stdout=subprocess.DEVNULL,
            check=True,
        )


@contextmanager
def new_cluster() -> Iterator[Cluster]:
    """Gone afterwards. Not below pytest's folders, which the account postgres cannot enter."""
    folder = Path(tempfile.mkdtemp(prefix="gongwen-cluster-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    cluster = Cluster(folder)
    try:
        cluster.make()
        yield cluster
        cluster.crash()
    finally:
        shutil.rmtree(folder)
