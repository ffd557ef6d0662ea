"""``python -I app/documents/readers pdf < file`` prints null, or a code and a sentence (JSON).

With ``words`` after a type it prints what the file says instead of null.
"""

import importlib
import json
import resource
import sys
from pathlib import Path

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
        task = readers.words if sys.argv[2:] == ["words"] else readers.read
        answer = task(sys.stdin.buffer, sys.argv[1])
    except readers.Refused as refused:
        answer = {"code": refused.code, "message": refused.message}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
