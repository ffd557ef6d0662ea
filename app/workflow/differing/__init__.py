"""What differs between two versions of a process, in words and by element.

Read from the files alone, so that a draft that cannot run yet can be compared too.
"""

from app.workflow.differing.comparing import Change, Differences, Kind, compare
from app.workflow.differing.drawn import Drawn

__all__ = ["Change", "Differences", "Drawn", "Kind", "compare"]
