"""PDF, opened by qpdf."""

from typing import Any, BinaryIO

import pikepdf

from .refused import UNPACKED, Refused, active, ensure_unclassified

OBJECTS = 500_000

_ACTIVE_KEYS = {
    "/JavaScript": "JavaScript 脚本",
    "/JS": "JavaScript 脚本",
    "/AA": "自动执行的动作",
    "/EmbeddedFiles": "嵌入的文件",
    "/EF": "嵌入的文件",
    "/RichMedia": "多媒体内容",
    "/RichMediaContent": "多媒体内容",
    "/XFA": "XFA 动态表单",
}
_ACTIVE_NAMES = {
    "/JavaScript": "JavaScript 脚本",
    "/Launch": "启动外部程序的动作",
    "/ImportData": "导入外部数据的动作",
    "/SubmitForm": "向外提交数据的动作",
    "/GoToR": "打开外部文件的动作",
    "/GoToE": "打开嵌入文件的动作",
    "/RichMedia": "多媒体内容",
    "/EmbeddedFile": "嵌入的文件",
    "/Movie": "多媒体内容",
    "/Sound": "多媒体内容",
    "/Rendition": "多媒体内容",
}


def read_pdf(file: BinaryIO) -> None:
    """Not encrypted, whole, and without anything that runs, opens or sends something.

    An OpenAction that only names the page to show is no action; many office programs write it.
    """
    pikepdf.settings.set_qpdf_limits(flate_max_memory=UNPACKED)
    try:
        pdf = pikepdf.Pdf.open(file, attempt_recovery=False)
    except pikepdf.PasswordError:
        raise Refused("unreadable", "PDF 设有打开口令，请取消口令后再上传。") from None
    except Exception:  # whatever a reader raises on hostile bytes, the file cannot be read
        raise Refused("unreadable", "PDF 已损坏或不完整，请重新生成后再上传。") from None
    with pdf:
        if pdf.is_encrypted:
            raise Refused("unreadable", "PDF 设有加密保护，请取消加密后再上传。")
        if len(pdf.objects) > OBJECTS:
            raise Refused("large", f"PDF 内的对象超过 {OBJECTS} 个，请拆分后再上传。")
        if len(pdf.pages) == 0:
            raise Refused("unreadable", "PDF 没有页面，请重新生成后再上传。")
        ensure_unclassified(str(pdf.docinfo.get("/Title", "")))
        if isinstance(pdf.Root.get("/OpenAction"), pikepdf.Dictionary):
            raise active("PDF", "打开时执行的动作")
        for item in pdf.objects:
            _look_into(item)


def _look_into(item: Any) -> None:
    """Every dictionary inside one object, to any depth; other objects are looked at themselves."""
    open_items = [item]
    while open_items:
        value = open_items.pop()
        if isinstance(value, pikepdf.Array):
            open_items += [each for each in value if not _is_elsewhere(each)]
            continue
        if not isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
            continue
        for key, part in value.items():
            if key in _ACTIVE_KEYS:
                raise active("PDF", _ACTIVE_KEYS[key])
            if key in ("/S", "/Type", "/Subtype") and str(part) in _ACTIVE_NAMES:
                raise active("PDF", _ACTIVE_NAMES[str(part)])
            if not _is_elsewhere(part):
                open_items.append(part)


def _is_elsewhere(value: Any) -> bool:
    """An indirect object: it has its own turn."""
    return bool(getattr(value, "is_indirect", False))
