"""A specimen page of a letterhead, set as a real document would be."""

from app.documents.layout.sheet import Sheet
from app.documents.letterheads import LetterheadFields
from app.documents.letterheads.fields import KINDS

_TEXT = (
    "这是红头模板的样张，用来核对发文机关标志的大小和位置、分隔线、标题、署名和版记，不是公文。",
    "一、核对版头",
    "发文机关标志应与印刷厂的电子版一致：文字、字体、颜色和位置相同。发文字号在编号以后才有。",
    "二、核对版记",
    "印发机关和印发日期在最后一面的末行，分隔线与版心同宽。",
)


def specimen(given: LetterheadFields) -> Sheet:
    """A draft with this letterhead; every page of it says that it is one."""
    kind = next(iter(given.kinds or KINDS.get(given.format, ("通知",))))
    return Sheet(
        letterhead=given.words,
        mark="",
        format=given.format,
        direction="downward",
        title=f"关于红头模板样张的{kind}",
        main_recipients=() if given.format in KINDS else ("各有关单位",),
        paragraphs=_TEXT,
        signature_unit=given.signature,
        printed_by=given.printed_by,
        copy_recipients=("有关部门",),
        sealed=given.format != "纪要",
        seal_diameter=float(given.seal_diameter),
        draft=True,
    )
