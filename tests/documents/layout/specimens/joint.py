"""文件 of several agencies."""

import datetime
from dataclasses import replace

from .documents import NOTICE, REQUEST
from .texts import FLOOD_NOTICE

THREE = ("江洲县水务局", "江洲县应急管理局", "江洲县自然资源和规划局")
FOUR = ("江洲县水务局", "江洲县财政局", "江洲县农业农村局", "江洲县发展和改革局")

SEALED = replace(
    NOTICE,
    title="江洲县水务局 江洲县应急管理局 江洲县自然资源和规划局\n"
    "关于加强山洪灾害联防联控工作的通知",
    paragraphs=FLOOD_NOTICE[:12],
    letterheads=THREE,
    issuers=THREE,
    attachments=(),
    urgency=None,
    note=None,
)

UNSEALED = replace(
    SEALED,
    title="关于印发《江洲县山洪灾害防御协作机制》的通知",
    paragraphs=FLOOD_NOTICE[:6],
    letterheads=THREE[:2],
    issuers=THREE[:2],
    sealed=False,
    date=datetime.date(2026, 11, 30),
)

UPWARD = replace(
    REQUEST,
    title="江洲县水务局等四部门关于申报2026年省级高标准农田灌溉设施改造项目的请示",
    issuers=FOUR,
    signatories=("王建国", "孙立新", "郑涛", "欧阳建华"),
    attachments=(),
)

JOINT = {"joint sealed": SEALED, "joint unsealed": UNSEALED, "joint upward": UPWARD}
