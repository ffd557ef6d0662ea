"""The same documents in other lengths and with other seals: where pages end by chance."""

from dataclasses import replace

from app.documents.layout import Sheet

from .documents import NOTICE, REPORT
from .formats import LONG_LETTER, MINUTES, TYPED_ORDER
from .joint import FOUR, SEALED
from .texts import FLOOD_NOTICE, LETTER_MORE, LETTER_TEXT

LENGTHS: dict[str, Sheet] = {
    "typed order": TYPED_ORDER,
    "four seals": replace(SEALED, issuers=FOUR, letterheads=FOUR),
    **{
        f"notice of {n} paragraphs": replace(
            NOTICE, paragraphs=FLOOD_NOTICE[:n], attachments=(), seal_diameter=diameter
        )
        for n, diameter in zip(range(2, 17), (42, 45, 50, 60) * 4, strict=False)
    },
    **{
        f"letter of {n} paragraphs": replace(
            LONG_LETTER, paragraphs=(*LETTER_TEXT, *LETTER_MORE)[:n], attachments=()
        )
        for n in range(1, 10)
    },
    **{
        f"joint of {n} paragraphs": replace(SEALED, paragraphs=FLOOD_NOTICE[:n])
        for n in range(3, 14, 2)
    },
    **{
        f"on both sides, {n} paragraphs": replace(
            NOTICE, paragraphs=FLOOD_NOTICE[:n], attachments=(), duplex_colophon=True
        )
        for n in range(2, 17, 3)
    },
    "minutes without observers": replace(MINUTES, observers="", excused=""),
    "sealed report": replace(REPORT, sealed=True),
}
