"""Faces of a paragraph from its level: 一、 黑体, （一） 楷体, 1. and （1） 仿宋 (7.3.3)."""

from dataclasses import dataclass

from app.documents.layout.units import Run
from app.documents.paragraphs import Paragraph

BODY = "fangsong"
HEADING_FACES = {1: "hei", 2: "kai", 3: BODY, 4: BODY}


@dataclass(frozen=True)
class Faces:
    """A paragraph ready for the composer.

    centred    a chapter line of a regulation
    heading    stands alone and belongs to what follows: no page ends with it
    """

    runs: list[Run]
    centred: bool = False
    heading: bool = False


def faces(paragraph: Paragraph) -> Faces:
    """What stands out in its own face, the rest in 仿宋."""
    if paragraph.part == "chapter":
        return Faces([Run(paragraph.text, "hei")], centred=True, heading=True)
    if not paragraph.head:
        return Faces([Run(paragraph.rest, BODY)])
    face = "hei" if paragraph.part == "article" else HEADING_FACES[paragraph.level]
    if not paragraph.rest:
        return Faces([Run(paragraph.head, face)], heading=paragraph.part == "text")
    if face == BODY:  # one run, so that its marks and numbers meet as they do in a text
        return Faces([Run(paragraph.text, BODY)])
    return Faces([Run(paragraph.head, face), Run(paragraph.rest, BODY)])
