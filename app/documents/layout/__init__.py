"""Typesetting: a document becomes a PDF as GB/T 9704-2012 wants it.

``render(sheet, fonts)`` is the way in. Millimetres are measured from the top left corner of the
paper; an em is a cell, of which 28 fill the 156 mm of a line.
"""

from app.documents.layout.check import Finding, check
from app.documents.layout.errors import (
    DoesNotFit,
    FontsMissing,
    GlyphMissing,
    PictureUnusable,
    RenderingStopped,
    SheetTooLarge,
)
from app.documents.layout.fonts import FontBook, font_book, standard_folders
from app.documents.layout.places import (
    Line,
    Places,
    Signature,
    for_signature,
    places,
    written,
)
from app.documents.layout.printed import printed_text
from app.documents.layout.render import Rendered, render
from app.documents.layout.sheet import Box, Sheet

__all__ = [
    "Box",
    "DoesNotFit",
    "Finding",
    "FontBook",
    "FontsMissing",
    "GlyphMissing",
    "Line",
    "PictureUnusable",
    "Places",
    "Rendered",
    "RenderingStopped",
    "Sheet",
    "SheetTooLarge",
    "Signature",
    "check",
    "font_book",
    "for_signature",
    "places",
    "printed_text",
    "render",
    "standard_folders",
    "written",
]
