"""The blocks of a text. They hold words and structure only: no colours, no links, no markup."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from app.documents import wording
from app.documents.refusals import refuse, refuse_with

Stored = list[dict[str, Any]]
"""Blocks as JSON; what equals its default is left out."""

COLUMNS, ROWS, CELLS, CELL = 40, 3_000, 20_000, 2_000
"""Most columns, rows and cells of a table, and characters of a cell."""

WIDEST = 156
"""Width of the type area in mm (5.2.1)."""


def _line(text: str) -> str:
    return _showable(text, "\t\u2028\u2029")


def _lines(text: str) -> str:
    return _showable(text, "\n\t")


def _showable(text: str, allowed: str) -> str:
    point = wording.control_character(text, allowed=allowed)
    if point:
        refuse("control", point=point)
    return text


Line = Annotated[str, AfterValidator(_line)]
Lines = Annotated[str, Field(max_length=CELL), AfterValidator(_lines)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class Paragraph(_Part):
    """A paragraph; blank ones are kept, because texts are kept as typed (S2).

    level  of its heading, 1 一、 to 4 （1）, 0 for text; None goes by its numbering (7.3.3)
    """

    type: Literal["paragraph"]
    text: Line = ""
    level: Annotated[int, Field(ge=0, le=4)] | None = None


class Title(_Part):
    """Title of a text that is issued with the document, such as 办法 after a notice."""

    type: Literal["title"]
    text: Line = ""


class Cell(_Part):
    """``text`` may hold line feeds; ``across`` and ``down`` count its columns and rows."""

    text: Lines = ""
    across: Annotated[int, Field(ge=1, le=COLUMNS)] = 1
    down: Annotated[int, Field(ge=1, le=ROWS)] = 1
    align: Literal["left", "center", "right"] = "left"


class Table(_Part):
    """A table whose cells cover its grid exactly.

    rows    each with the cells that begin in it
    head    rows at the top that are repeated on every page
    widths  of the columns, in parts of their sum; equal when empty
    """

    type: Literal["table"]
    rows: Annotated[tuple[tuple[Cell, ...], ...], Field(min_length=1, max_length=ROWS)]
    head: Annotated[int, Field(ge=0, le=10)] = 0
    widths: tuple[Annotated[int, Field(gt=0, le=10_000)], ...] = ()

    @property
    def columns(self) -> int:
        return sum(cell.across for cell in self.rows[0])

    @model_validator(mode="after")
    def _covers_its_grid(self) -> "Table":
        if not 0 < self.columns <= COLUMNS or sum(map(len, self.rows)) > CELLS:
            refuse_with(f"正文中的表格最多 {COLUMNS} 列、{CELLS} 格，请拆成几个表格或者改作附件。")
        if self.widths and len(self.widths) != self.columns:
            refuse_with("正文中有表格的列宽与列数不符，请重新调整列宽。")
        if self.head > len(self.rows) or not self._fits():
            refuse_with("正文中有表格的单元格合并得不整齐，请检查合并的单元格。")
        return self

    def _fits(self) -> bool:
        """Each row is filled to the last column, cells from above counted in."""
        hanging = [0] * self.columns  # rows that a cell from above still covers, by column
        for row in self.rows:
            free = [i for i, rows in enumerate(hanging) if not rows]
            taken: list[tuple[int, int]] = []
            for cell in row:
                place, free = free[: cell.across], free[cell.across :]
                if len(place) < cell.across or place[-1] - place[0] + 1 != cell.across:
                    return False
                taken += [(column, cell.down) for column in place]
            if free:
                return False
            hanging = [max(rows - 1, 0) for rows in hanging]
            for column, rows in taken:
                hanging[column] = rows - 1
        return not any(hanging)


class Image(_Part):
    """A picture of the store, by the hash of its bytes; ``width`` in whole mm on the paper."""

    type: Literal["image"]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    width: Annotated[int, Field(ge=5, le=WIDEST)] = WIDEST
    alt: Annotated[Line, Field(max_length=200)] = ""


class PageBreak(_Part):
    """What follows begins a page."""

    type: Literal["page_break"]


Block = Annotated[Paragraph | Title | Table | Image | PageBreak, Field(discriminator="type")]


def stored(blocks: Iterable[Block]) -> Stored:
    """The blocks as the database keeps them and a hash stands for them."""
    return [block.model_dump(mode="json", exclude_defaults=True) for block in blocks]
