"""What of a file has no place in a text, with where it stood."""

from dataclasses import dataclass

MOST = 300
"""Notes that are kept one by one; a file with more of them is told so."""

EXCERPT = 80


@dataclass(frozen=True)
class Note:
    """``what`` is a key of the sentences outside; ``detail`` are words of the file, shortened."""

    what: str
    place: str
    detail: str


class Losses:
    """Notes in the order of the file. ``place`` is where the reader is now."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.place = ""
        self.more = 0
        self._seen: set[tuple[str, str]] = set()

    def add(self, what: str, detail: str = "", *, once: bool = False) -> None:
        """``once``: say it of a place a single time, however often it stands there."""
        if once and (what, self.place) in self._seen:
            return
        self._seen.add((what, self.place))
        if len(self.notes) >= MOST:
            self.more += 1
            return
        self.notes.append(Note(what, self.place, shortened(detail)))


def shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT else f"{words[:EXCERPT]}…"
