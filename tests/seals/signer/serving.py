"""The real process of the keys, with doubles in the place of acts and papers, started fast.

A server of forks has everything imported once, so that a process begins in no time.
"""

import multiprocessing
import os
import signal
from contextlib import suppress
from dataclasses import replace
from multiprocessing.process import BaseProcess

from sqlalchemy.orm import sessionmaker

from app.commands.authority import certifying
from app.commands.signer import Work, serve_as, signing
from app.config import Config
from app.database import db
from app.documents.storage import Store
from app.seals.keys import KeyKeeper
from app.seals.keys.places import Places
from app.seals.signer.identity import Identities
from app.seals.signer.signing import Signer
from tests.seals.signer.doubles import PlainPen, Rehearsal, need_signatures

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.seals.signer.serving"])


def work(config: Config, places: Places, per_hour: int = 20, **keepers: KeyKeeper) -> Work:
    need_signatures()
    sessions = sessionmaker(db.engine)
    store = Store(config.data / "files")
    made = Signer(
        sessions,
        Rehearsal(),
        {"software": places.software(os.environ), **keepers},
        PlainPen(),
        store,
        Identities(sessions),
        per_hour,
        check=lambda *_: None,
    )
    return made.operations(), lambda _sessions: 0


def start_office(config: Config) -> list[BaseProcess]:
    """Signer and authority as their commands start them, with nothing in the place of anything."""
    processes = [FORKS.Process(target=target, args=(config,)) for target in (_sign, _certify)]
    for each in processes:
        each.start()
    return processes


def _sign(config: Config) -> None:
    serve_as("signer", signing, config)


def _certify(config: Config) -> None:
    serve_as("authority", certifying, config)


def start(config: Config, fault: str | None = None, socket: str = "") -> BaseProcess:
    """``fault`` as the setting GONGWEN_FAULT has it; ``socket``: another one than usual."""
    if socket:
        other = config.socket("signer").parents[1] / socket / "socket"
        config = replace(config, sockets={**config.sockets, "signer": other})
    process = FORKS.Process(target=_serve, args=(replace(config, fault=fault),))
    process.start()
    return process


def kill(process: BaseProcess) -> None:
    """It may be dying by itself at this very moment."""
    if process.pid is not None and process.is_alive():
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
    process.join()


def _serve(config: Config) -> None:
    serve_as("signer", work, config)
