"""The parts of an Office file that could make it fetch or run something."""

import re
from typing import Any

from lxml import etree

from .refused import HEAD, Refused, active, ensure_unclassified

_FIELDS = ("instrText", "fldSimple")
_OUTWARD = {
    "ddeLink": "动态数据交换（DDE）",
    "oleLink": "链接对象",
    "OLEObject": "嵌入对象",
    "altChunk": "嵌入的其他文档",
}
_MAIN = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}


def reaches_out(name: str) -> bool:
    """Parts that hold relationships, links to other files, or the fields and text of Word."""
    word = name.startswith("word/") and name.endswith(".xml")
    return word or name.endswith(".rels") or name.startswith("xl/externallinks/")


class Search:
    """Reads the XML of one part while it is unpacked; nothing is resolved or fetched."""

    def __init__(self) -> None:
        self._parser = etree.XMLPullParser(
            events=("end",),
            tag=[f"{{*}}{name}" for name in ("Relationship", *_OUTWARD, *_FIELDS, "t")],
            resolve_entities=False,
            no_network=True,
            huge_tree=False,
        )
        self._code, self._text = "", ""

    def feed(self, chunk: bytes) -> None:
        try:
            self._parser.feed(chunk)
        except etree.XMLSyntaxError:
            raise Refused("unreadable", "文件内容已损坏，请重新保存后再上传。") from None
        for _, element in self._parser.read_events():
            self._look_at(element, str(element.tag).rpartition("}")[2])
            element.clear(keep_tail=True)

    def finish(self) -> None:
        try:
            root = self._parser.close()
        except etree.XMLSyntaxError:
            raise Refused("unreadable", "文件内容已损坏，请重新保存后再上传。") from None
        if root.getroottree().docinfo.doctype:
            raise Refused("unreadable", "文件内部含有文档类型声明，请重新保存后再上传。")
        if re.search(r"\bDDE(AUTO)?\b", self._code, re.IGNORECASE):
            raise active("文件", "动态数据交换（DDE）")
        ensure_unclassified(self._text)

    def _look_at(self, element: Any, name: str) -> None:
        if name in _OUTWARD:
            raise active("文件", _OUTWARD[name])
        if name == "Relationship":
            _ensure_inward(element)
        elif name == "t":
            self._text += (element.text or "") if len(self._text) < HEAD else ""
        else:
            instruction = [v for k, v in element.items() if str(k).endswith("instr")]
            self._code += " ".join(instruction) + (element.text or "")


def _ensure_inward(relationship: Any) -> None:
    """Nothing is fetched on opening; a hyperlink waits for a reader's click and may stay."""
    if str(relationship.get("TargetMode", "")).casefold() != "external":
        return
    link = str(relationship.get("Type", "")).endswith("/hyperlink")
    target = str(relationship.get("Target", ""))
    if not (link and re.match("(https?|mailto):", target, re.IGNORECASE)):
        raise active("文件", "指向外部的引用")
