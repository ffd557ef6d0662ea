"""Names of the styles in a Word file that this system writes, and by which it reads one again."""

from types import MappingProxyType

OURS = "公文"
"""Every style of ours begins with it."""

TEXT = "公文正文"
NO_HEADING = "公文正文（不作标题）"
LEVELS = MappingProxyType(
    {
        0: NO_HEADING,
        1: "公文一级标题",
        2: "公文二级标题",
        3: "公文三级标题",
        4: "公文四级标题",
    }
)
"""Styles of paragraphs whose level was set by hand; 0 is text whatever its numbering."""

CHAPTER = "公文章节标题"
APPENDED = "公文附文标题"
PICTURE = "公文图片"
BREAK = "公文分页"
TABLE = "公文表格"
CELL = "公文表格文字"

TITLE = "公文标题"
RECIPIENTS = "公文主送机关"
NOTE = "公文附注"

URGENCY = "公文紧急程度"
LETTERHEAD = "公文发文机关标志"
NUMBER = "公文发文字号"
ATTACHMENTS = "公文附件说明"
LABEL = "公文附件序号"
ATTENDANCE = "公文出席人员"
UNIT = "公文署名"
DATE = "公文成文日期"
COLOPHON = "公文版记"
PLAIN_COLOPHON = "公文信函版记"
MARGIN = "公文页眉页脚"
GAP = "公文间隔"
"""Parts two tables, which Word would make one."""

SET_BY_SYSTEM = (
    *(URGENCY, LETTERHEAD, NUMBER, ATTACHMENTS, LABEL, ATTENDANCE, UNIT, DATE),
    *(COLOPHON, PLAIN_COLOPHON, GAP),
)
"""What stands on the paper without being typed: not read, whatever somebody made of it."""
