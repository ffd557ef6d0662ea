"""The files of a draft: what they may be called, how large they may be, which process they draw.

A draft may be as wrong as it likes; what is not on the lists of reading.py still opens and is
refused at publishing. Only what could hurt whoever reads it is refused here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from app.errors import FieldError, Invalid
from app.workflow import forms, reading
from app.workflow.allowed import SPACES
from app.workflow.forms import is_form
from app.workflow.parser import read_graphs

MOST = 60
MAX_BYTES = 4 * 1024 * 1024
FILENAME = re.compile(r"(?!\.)[^\x00-\x1f/\\:*?\"<>|]{1,80}(/[^\x00-\x1f/\\:*?\"<>|]{1,80})?\Z")


@dataclass(frozen=True)
class Named:
    """The process that a draft is about."""

    process_id: str
    name: str


def as_texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """The same as texts. Raises Invalid naming each file that cannot be taken."""
    errors = []
    found: dict[str, str] = {}
    for name, data in files.items():
        sentence = _refused(name, data)
        if sentence:
            errors.append(FieldError(name, f"“{name[:80]}”：{sentence}"))
        else:
            found[name] = data.decode().removeprefix("\ufeff")
    if not errors and len(found) > MOST:
        errors.append(
            FieldError("files", f"一个草稿最多 {MOST} 个文件，现有 {len(found)} 个，请减少。")
        )
    if not errors and sum(map(len, files.values())) > MAX_BYTES:
        errors.append(FieldError("files", "文件合计超过 4 MiB，请减少。"))
    if errors:
        raise Invalid.of(errors)
    return found


def as_bytes(files: Mapping[str, str]) -> dict[str, bytes]:
    """Raises Invalid for a text that no file can hold."""
    try:
        return {name: text.encode() for name, text in files.items()}
    except UnicodeEncodeError:
        raise Invalid.at("files", "文件中有无法保存的字符，请删除后再存。") from None


def named(files: Mapping[str, str], present: Named | None = None) -> Named:
    """The process that no other one of these files calls.

    present  what to keep while the drawing cannot be read, or draws no such process
    Raises Invalid where there is nothing to keep.
    """
    graphs, _ = read_graphs(as_bytes(files))
    called = {
        node.called
        for top in graphs.values()
        for graph in top.everywhere()
        for node in graph.nodes.values()
    }
    roots = [graph for ident, graph in graphs.items() if ident and ident not in called]
    if present is not None and (not roots or present.process_id in [root.id for root in roots]):
        name = next((root.name for root in roots if root.id == present.process_id), present.name)
        return Named(present.process_id, name or present.name)
    if not roots:
        raise Invalid.at("files", "文件中没有可以读取的流程，请选择 BPMN 2.0 流程文件（.bpmn）。")
    if len(roots) > 1:
        names = "、".join(root.name or root.id for root in roots)[:200]
        raise Invalid.at(
            "files", f"一个草稿画一个流程及其调用的流程，这里有：{names}。请分开上传。"
        )
    return Named(roots[0].id[:64], roots[0].name or roots[0].id)


def _refused(name: str, data: bytes) -> str:
    if not FILENAME.match(name):
        return "文件名含有不可用的字符，或者过长，请改名后再传。"
    if is_form(name):
        return "" if forms.is_text(data) else "不是 UTF-8 编码的表单，或超过 256 KiB，请重新导出。"
    if not name.endswith(".bpmn"):
        return "只能是流程图（.bpmn）或表单（.form），请改用这两种文件。"
    sentence = reading.refused_bytes(data)
    return f"{sentence}。" if sentence else ""


def opens(data: bytes) -> bool:
    """Whether a modeler could open it: whole XML that holds BPMN processes."""
    root, _ = reading.read("", data)
    return isinstance(root, etree._Element) and bool(root.findall("bpmn:process", SPACES))
