"""版本: every save, any two of them compared in one of two ways, and who wrote what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from app.documents import queries as documents
from app.documents import version_queries
from app.documents.runs import Run
from app.documents.version_queries import Comparison, Written
from app.errors import NotFound
from app.handling.act import Act
from app.handling.views import trace
from app.web.desk.reading import passages

VIEWS = {"inline": "逐字标出", "side": "左右对照", "authors": "逐段看修改人"}


@dataclass(frozen=True)
class Versions:
    """Every save, and what the ones chosen differ in.

    signed      number of the version that was signed (签发稿); None before the sign-off
    compared    None for the first version alone, before which there was nothing
    passages    lines of the text as runs, for the view inline
    written     blocks of the newest text with their authors, for the view of that name
    restorable  the person may bring an earlier version back now
    """

    lines: tuple[documents.VersionLine, ...]
    names: Mapping[str, str]
    signed: int | None
    view: str
    old: int
    new: int
    compared: Comparison | None
    passages: tuple[tuple[Run, ...], ...]
    written: tuple[Written, ...]

    @property
    def newest(self) -> int:
        return self.lines[-1].number

    @property
    def views(self) -> Mapping[str, str]:
        return VIEWS

    def line(self, number: int) -> documents.VersionLine:
        return next(each for each in self.lines if each.number == number)

    @property
    def words(self) -> Sequence[str]:
        """What changed besides the text."""
        if self.compared is None:
            return ()
        return [change.sentence for change in self.compared.difference.changes]


def versions(act: Act, _: list[trace.Stop]) -> Versions:
    """``?from=2&to=5&view=side`` compares; ``?version=5`` is the fifth and the one before it."""
    session, document = act.session, act.document
    lines = documents.version_lines(session, document.id)
    numbers = [each.number for each in lines]
    new = _asked("to", numbers) or _asked("version", numbers) or numbers[-1]
    old = _asked("from", numbers) or max(new - 1, 1)
    view = request.args.get("view", "")
    view = view if view in VIEWS else "inline"
    compared = None
    if view != "authors" and old != new:
        compared = version_queries.compare(session, document.id, old, new)
    return Versions(
        lines=lines,
        names={step.id: step.name for step in act.definition.steps},
        signed=document.version if document.signed_at else None,
        view=view,
        old=min(old, new),
        new=max(old, new),
        compared=compared,
        passages=passages(compared.difference.body) if compared else (),
        written=version_queries.authors(session, document.id) if view == "authors" else (),
    )


def _asked(name: str, numbers: Sequence[int]) -> int | None:
    """A version named in the address; None where none is. Raises NotFound for what is not there."""
    text = request.args.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        return None
    if int(text) not in numbers:
        raise NotFound
    return int(text)
