"""What a PDF's signatures are worth, as plain facts; nothing of it is a sentence yet.

The file may be hostile, so this runs in a process of its own with little memory and time
(``__main__``). It imports nothing else of this system and fetches nothing.
"""

from typing import Any

from .file import read

__all__ = ["read", "safely"]


def safely(job: dict[str, Any]) -> dict[str, Any]:
    """The same; whatever is raised by a file that is not sound is its rejection."""
    try:
        return read(job)
    except Exception as error:  # a damaged file fails in many places, and none of them is good
        return {"broken": "unreadable", "detail": f"{type(error).__name__}: {error}"[:300]}
