"""Looking at an attachment without saving it; each look is read in the confined process."""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import Any, BinaryIO, cast

from app.documents import inspection
from app.documents.errors import ActiveContent, NoPreview
from app.documents.inspection import MEDIA_TYPES
from app.documents.storage import Store
from app.errors import Invalid, NotFound

FORMS = MappingProxyType(
    {
        MEDIA_TYPES[ending]: form
        for form, endings in (
            ("pdf", ("pdf",)),
            ("text", ("txt", "docx", "pptx")),
            ("picture", ("png", "jpg", "tif")),
        )
        for ending in endings
    }
)
"""How a type is shown; one that is not here can only be saved."""

_ENDINGS = {media_type: ending for ending, media_type in MEDIA_TYPES.items()}


@dataclass(frozen=True)
class Preview:
    """What may be shown of a file.

    form        pdf, picture or text
    content     the bytes that the browser gets as ``media_type``; b"" of a text
    pages       of a picture or scan
    items, cut  of a text: lines and tables, and whether there is more of them
    """

    form: str
    media_type: str = ""
    content: bytes = b""
    pages: int = 1
    items: Sequence[dict[str, Any]] = ()
    cut: bool = False


def look(store: Store, sha256: str, media_type: str, page: int = 1) -> Preview:
    """Read the file anew and say what may be shown of it. Takes up to half a minute.

    page  of a picture or scan, from 1; 0 only counts them
    Raises NoPreview for a type that is not shown and for what its reader does not open, NotFound
    for a page that is not there, FileMissing.
    """
    if media_type not in FORMS:
        raise NoPreview("这种附件不能预览，请下载后查看。")
    content = store.get(sha256)
    with cast(BinaryIO, TemporaryFile()) as file:
        file.write(content)
        file.flush()
        try:
            found = inspection.ask(file, _ENDINGS[media_type], "preview", str(page))
        except ActiveContent:
            raise NoPreview(
                "此附件含有打开时可能运行或外联的内容，不能预览，也请不要下载打开；请联系添加的人更换。"
            ) from None
        except Invalid:
            raise NoPreview("此附件在这里打不开，不能预览，请下载后查看。") from None
    if found["form"] == "pdf":
        return Preview("pdf", media_type, content)
    if found["form"] == "text":
        return Preview("text", items=found["items"], cut=found["cut"])
    if page and "picture" not in found:
        raise NotFound("没有这一页。")
    drawn = b64decode(found.get("picture", ""))
    return Preview("picture", found.get("media_type", ""), drawn, found["pages"])
