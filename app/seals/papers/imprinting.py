"""图片印章: the picture of a seal on a page, without any key; it proves nothing (SIG-10)."""

import io

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.stamp import StaticContentStamp

from app.documents.layout import Box
from app.seals.papers.pictures import Picture


def imprint(pdf: bytes, box: Box, picture: Picture) -> bytes:
    """The page with the picture where its seal belongs; the text below stays to be read."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    left, bottom, right, top = box.points
    size = BoxConstraints(width=right - left, height=top - bottom)
    stamp = StaticContentStamp(writer=writer, style=picture.style(writer), box=size)
    stamp.apply(box.page - 1, round(left), round(bottom))
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
