"""What clients were told: each line is on the disk before the client goes on."""

import json
import os
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Request:
    """One act as it was sent; ``key`` is its Idempotency-Key and stands in its text too.

    kind  as in :mod:`tests.faults.comparison`, which counts what it left
    """

    key: str
    kind: str
    login: str
    path: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    status: int
    text: str

    @property
    def acknowledged(self) -> bool:
        return self.status < 300


class Ledger:
    """Requests and answers, appended and synced one at a time."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._path = path
        self._lock = threading.Lock()
        self.acknowledged = 0

    def sending(self, request: Request) -> None:
        self._write({"sent": asdict(request)})

    def answered(self, request: Request, answer: Answer) -> None:
        self._write({"key": request.key, **asdict(answer)})
        self.acknowledged += answer.acknowledged

    def read(self) -> list[tuple[Request, Answer | None]]:
        """Each request with its answer; None where none ever came."""
        requests: dict[str, Request] = {}
        answers: dict[str, Answer] = {}
        for line in self._path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            if "sent" in row:
                requests[row["sent"]["key"]] = Request(**row["sent"])
            else:
                answers[row["key"]] = Answer(row["status"], row["text"])
        return [(each, answers.get(key)) for key, each in requests.items()]

    def close(self) -> None:
        self._file.close()

    def _write(self, row: Mapping[str, Any]) -> None:
        with self._lock:
            self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
