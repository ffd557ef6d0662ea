"""One Word file from its beginning to its end."""

from typing import Any, BinaryIO

import docx
from docx.opc.exceptions import PackageNotFoundError
from lxml import etree

from ..office import BROKEN, unpack_office
from ..refused import HEAD, Refused, ensure_unclassified
from .body import Body
from .inline import Inline
from .losses import Losses
from .numbering import Numbering
from .pictures import Pictures
from .styles import Styles
from .xml import WORD

_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
_REMARKS = ("comment", "footnote", "endnote")
_MARGINS = {"header": "页眉", "footer": "页脚"}
_BROKEN = (
    *(PackageNotFoundError, etree.XMLSyntaxError),
    *(KeyError, ValueError, AttributeError, RecursionError),
)


def read_words(file: BinaryIO, extension: str) -> dict[str, Any]:
    """Items, notes and pictures of the file; see the head of this package. Raises Refused."""
    if extension != "docx":
        raise Refused("type", "只能导入 .docx 文档，请用 Word 或 WPS 另存为 .docx 后再导入。")
    unpack_office(file, extension)
    file.seek(0)
    try:
        return _read(docx.Document(file).part)
    except _BROKEN:
        raise Refused("unreadable", BROKEN) from None


def _read(part: Any) -> dict[str, Any]:
    root = part.element
    if root.getroottree().docinfo.doctype:
        raise Refused("unreadable", BROKEN)
    losses, pictures = Losses(), Pictures(part)
    styles = Styles(part.styles.element)
    numbering = Numbering(_root_of(part, "numbering"))
    inline = Inline(styles, pictures, losses, _remarks(part))
    body = Body(styles, numbering, inline, losses)
    items = body.read(root.find(f"{WORD}body"))
    ensure_unclassified(_beginning(items))
    _note_margins(part, styles, losses)
    losses.place = ""
    for form in sorted(numbering.unknown):
        losses.add("numbering_form", form)
    return {
        "items": items,
        "notes": [vars(note) for note in losses.notes],
        "more": losses.more,
        "pictures": pictures.encoded(),
    }


def _beginning(items: list[dict[str, Any]]) -> str:
    """The words of the first page, those of its tables too: there a mark of secrecy stands."""
    text = ""
    for item in items:
        if len(text) >= HEAD:
            break
        text += str(item.get("text", ""))
        text += "".join(cell["text"] for row in item.get("rows", ()) for cell in row)
    return text[:HEAD]


def _parts(part: Any, kind: str) -> list[Any]:
    """Roots of the parts of this kind, such as ``footnotes``, that the document refers to."""
    found = []
    for relationship in part.rels.values():
        if relationship.is_external or not relationship.reltype.endswith(f"/{kind}"):
            continue
        found.append(etree.fromstring(relationship.target_part.blob, _PARSER))
    return found


def _root_of(part: Any, kind: str) -> Any | None:
    return next(iter(_parts(part, kind)), None)


def _remarks(part: Any) -> dict[str, str]:
    """Words of comments and notes by kind and id."""
    remarks = {}
    for kind in _REMARKS:
        for root in _parts(part, f"{kind}s"):
            for each in root:
                words = "".join(each.itertext(f"{WORD}t"))
                remarks[f"{kind}:{each.get(WORD + 'id', '')}"] = words
    return remarks


def _note_margins(part: Any, styles: Styles, losses: Losses) -> None:
    """Heads and feet of the pages, unless they hold nothing but a page number."""
    for kind, place in _MARGINS.items():
        for root in _parts(part, kind):
            words = "".join(
                text
                for paragraph in root.iter(f"{WORD}p")
                if not _is_ours(paragraph, styles)
                for text in paragraph.itertext(f"{WORD}t")
            )
            if words.strip(" \t—-–0123456789第页共/"):
                losses.place = place
                losses.add("margin", words)


def _is_ours(paragraph: Any, styles: Styles) -> bool:
    """Written by the export of this system, which sets heads and feet anew."""
    style = paragraph.find(f"{WORD}pPr/{WORD}pStyle")
    return style is not None and styles.name(style.get(WORD + "val")).startswith("公文")
