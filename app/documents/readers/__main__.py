"""``python -I app/documents/readers pdf < file`` prints null, or a code and a sentence (JSON).

With ``words`` after a type it prints what the file says instead of null, with ``preview`` and
the number of a page what a browser may show of it.
"""

import importlib
import json
import resource
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

MEMORY = 1 << 30
"""Bytes of address space."""

SECONDS = 20
"""Seconds of processor time."""


def main() -> None:
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    folder = Path(__file__).parent
    sys.path = [place for place in sys.path if place != str(folder)]
    sys.path.append(str(folder.parent))  # this package under its own name, without the room
    readers = importlib.import_module(folder.name)
    answer = None
    try:
        answer = _task(readers, *sys.argv[2:])(sys.stdin.buffer, sys.argv[1])
    except readers.Refused as refused:
        answer = {"code": refused.code, "message": refused.message}
    print(json.dumps(answer))


def _task(readers: ModuleType, name: str = "read", page: str = "") -> Callable[..., Any]:
    if name == "preview":
        return partial(readers.preview, page=int(page))
    task: Callable[..., Any] = readers.words if name == "words" else readers.read
    return task


if __name__ == "__main__":
    main()
