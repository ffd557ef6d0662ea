"""What people write beside a document: opinions, reasons, drafts of them. Bounded and showable."""

import re

from app.documents import wording
from app.documents.errors import Classified
from app.errors import Invalid

MOST = 2000
"""Characters; longer texts belong into an attachment."""

SHORT = 200
"""Characters of what is read in a list: the words with a circulation, the reason of an urge."""


def read(field: str, label: str, text: str, most: int = MOST) -> str:
    """The text without the blanks around it, line ends as LF; empty when nothing can be seen.

    field  its name in the API
    most   characters it may have
    Raises Invalid when it is too long or cannot be shown, Classified for a mark of secrecy.
    """
    found = re.sub("\r\n?", "\n", text).strip()
    if len(found) > most:
        raise Invalid.at(field, f"{label}最多 {most} 字，现有 {len(found)} 字，请精简。")
    point = wording.control_character(found, allowed="\n\t\u2028\u2029")
    if point:
        raise Invalid.at(field, f"{label}中有不能显示的控制字符 {point}，请删去。")
    if wording.bears_secrecy_mark(found):
        raise Classified(field)
    return "" if wording.is_blank(found) else found
