"""Files that somebody sends to be looked at: bounded in size, number and pace, kept nowhere."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import request
from werkzeug.datastructures import FileStorage

from app import clock
from app.database import current_session
from app.errors import Invalid
from app.seals import verification
from app.seals.verification import Expected, Trust, Verdict, VerificationStopped
from app.web.pace import Pace, TooFast

MOST_FILES = 5
MOST_BYTES = 20 << 20
"""Bytes of one file; a paper of forty pages with seals has less than one million."""

AT_ONCE = 2
"""Files that one worker reads at a time: each takes a process and a second."""
PATIENCE = 5.0

_pace = Pace(20, timedelta(minutes=1))
_places = threading.BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Examined:
    """One file by the name that it came under; without a verdict, ``refusal`` says why."""

    name: str
    verdict: Verdict | None
    refusal: str = ""

    @property
    def ok(self) -> bool:
        return self.verdict is not None and self.verdict.ok


def examine(uploads: Sequence[FileStorage]) -> list[Examined]:
    """The verdict on each file. Raises Invalid, TooFast.

    What the office trusts is read first; while the files are looked at, no session is held.
    """
    _pace.ensure(request.remote_addr, clock.nearby())
    files = [(upload.filename or "未命名", _content(upload)) for upload in _chosen(uploads)]
    session = current_session()
    at, trust = clock.now(session), verification.trust(session)
    known = [verification.expected(session, content) for _, content in files]
    session.rollback()
    if not _places.acquire(timeout=PATIENCE):
        raise TooFast(10)
    try:
        return [
            _examined(name, content, trust, at, expected)
            for (name, content), expected in zip(files, known, strict=True)
        ]
    finally:
        _places.release()


def _examined(
    name: str, content: bytes, trust: Trust, at: datetime, expected: Expected | None
) -> Examined:
    try:
        verdict = verification.verify(
            content, trust, at, expected=expected, on_record=expected is not None
        )
    except VerificationStopped as stopped:
        return Examined(name, None, stopped.message)
    return Examined(name, verdict)


def _chosen(uploads: Sequence[FileStorage]) -> list[FileStorage]:
    chosen = [upload for upload in uploads if upload.filename]
    if not chosen:
        raise Invalid.at("file", "没有选择文件。请选择收到的 PDF 原件，再按“核验”。")
    if len(chosen) > MOST_FILES:
        raise Invalid.at("file", f"一次最多核验 {MOST_FILES} 个文件，请分几次。")
    return chosen


def _content(upload: FileStorage) -> bytes:
    content = upload.stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        megabytes = MOST_BYTES >> 20
        raise Invalid.at("file", f"“{upload.filename}”超过 {megabytes} MB，不能在这里核验。")
    return content
