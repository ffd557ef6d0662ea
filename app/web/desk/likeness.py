"""A likeness of the paper beside a form. The PDF is the real one; this shows what goes where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from app.documents import fields, kinds
from app.documents.layout.sheet import note_text, recipients_text
from app.documents.letterheads import Design
from app.documents.paragraphs import Paragraph, paragraphs
from app.documents.text import Block, Stored, of_stored
from app.errors import Invalid


@dataclass(frozen=True)
class Likeness:
    """The elements of an outgoing document as they stand on its first page; "" when not filled.

    attendance  出席, 请假, 列席 with their names; ``minutes`` have neither 署名 nor seal
    in_person   the post and 签名章 of who signs stand in the place of the 署名
    """

    letterhead: str
    unit: str
    upward: bool
    urgency: str
    title: Sequence[str]
    main_recipients: str
    paragraphs: Sequence[Paragraph]
    attachments: Sequence[str]
    note: str
    copy_recipients: str
    attendance: Sequence[tuple[str, str]] = ()
    minutes: bool = False
    in_person: bool = False


def likeness(
    design: Design, values: Mapping[str, Any], attachments: Sequence[str] = ()
) -> Likeness:
    """What the form holds, laid out as on paper, whether or not it could be saved."""
    urgency = values.get("urgency", "none")
    note = values.get("note", "")
    return Likeness(
        letterhead=design.words,
        unit=design.signature,
        upward=values.get("direction") == kinds.UPWARD,
        urgency="" if urgency == "none" else kinds.URGENCIES.get(urgency, ""),
        title=[line for line in values.get("title", "").split("\n") if line.strip()],
        main_recipients=recipients_text(tuple(values.get("main_recipients", ()))),
        paragraphs=paragraphs(_blocks(values.get("body", ""), values.get("behind", ""))),
        attachments=[name.rpartition(".")[0] or name for name in attachments],
        note=note_text(note) if note.strip() else "",
        copy_recipients=recipients_text(tuple(values.get("copy_recipients", ()))),
        attendance=_attendance(values),
        minutes=design.format == kinds.MINUTES,
        in_person=values.get("kind") in kinds.SIGNED_IN_PERSON,
    )


def _attendance(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    listed = (("出席", "present"), ("请假", "excused"), ("列席", "observers"))
    named = ((label, recipients_text(tuple(values.get(name, ())))) for label, name in listed)
    return [(label, names) for label, names in named if names]


def _blocks(body: str | Stored, behind: str) -> Sequence[Block]:
    """Nothing where the blocks cannot be read: saving says what is wrong with them.

    behind  JSON of blocks that the lines of the body were typed over
    """
    try:
        if behind and isinstance(body, str):
            return fields.retype(body, fields.blocks_of_json(behind))
        return of_stored(body)
    except (ValidationError, Invalid):
        return ()
