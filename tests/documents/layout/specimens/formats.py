"""信函, 命令 and 纪要; paper printed on both sides."""

import datetime
from dataclasses import replace

from app.documents.layout import Sheet

from .documents import BUREAU, NOTICE
from .texts import BAN_TEXT, FLOOD_NOTICE, LETTER_MORE, LETTER_TEXT, MINUTES_TEXT, ORDER_TEXT

GOVERNMENT = "江洲县人民政府"

SHORT_LETTER = Sheet(
    format="信函",
    letterhead=BUREAU,
    direction="parallel",
    title="江洲县水务局关于《青溪河流域综合治理规划（征求意见稿）》修改意见的函",
    main_recipients=("市水利规划设计院",),
    paragraphs=(*LETTER_TEXT, "专此函复。"),
    signature_unit=BUREAU,
    number="江水函〔2026〕23号",
    date=datetime.date(2026, 6, 2),
    copy_recipients=("市水务局规划计划科",),
    printed_by="江洲县水务局办公室",
    printed_on=datetime.date(2026, 6, 2),
)

LONG_LETTER = replace(
    SHORT_LETTER,
    paragraphs=(*LETTER_TEXT, *LETTER_MORE),
    urgency="加急",
    copy_number="000003",
    attachments=("白石河清淤疏浚工程投资测算表",),
    note="联系人：周文静，电话：0000-6221046",
)

JOINT_LETTER = replace(
    SHORT_LETTER,
    letterheads=(BUREAU, "江洲县生态环境分局"),
    issuers=(BUREAU, "江洲县生态环境分局"),
    title="关于商请共享青溪河水质监测数据的函",
    main_recipients=("市生态环境监测站",),
)

ORDER = Sheet(
    format="命令",
    letterhead=GOVERNMENT,
    direction="downward",
    title="江洲县河道采砂管理规定公布令",
    main_recipients=(),
    paragraphs=ORDER_TEXT,
    signature_unit=GOVERNMENT,
    number="第17号",
    signatories=("沈静波",),
    posts=("县长",),
    date=datetime.date(2026, 9, 20),
    copy_recipients=("各乡镇人民政府", "县政府各部门"),
    printed_by="江洲县人民政府办公室",
    printed_on=datetime.date(2026, 9, 21),
)

JOINT_ORDER = replace(
    ORDER,
    letterhead="江洲县防汛抗旱指挥部",
    mark="命令",
    title="关于实行紧急防汛期管制的命令",
    paragraphs=BAN_TEXT,
    number="第3号",
    signatories=("沈静波", "郭毅"),
    posts=("江洲县防汛抗旱指挥部总指挥", "江洲县人民武装部部长"),
    issuers=("江洲县防汛抗旱指挥部", "江洲县人民武装部"),
    date=datetime.date(2026, 7, 28),
)

TYPED_ORDER = replace(ORDER, sealed=False, number="第18号", signatories=("沈波",))

MINUTES = Sheet(
    format="纪要",
    letterhead="江洲县水务局局长办公会议",
    direction="downward",
    title="关于今冬明春农田水利基本建设等工作的会议纪要",
    main_recipients=(),
    paragraphs=MINUTES_TEXT,
    signature_unit=BUREAU,
    number="第9期",
    present="王建国、李明、欧阳建华（水务局），张海燕（办公室），周文静（规划计划股），"
    "刘喆、陈堃（农村水利股），赵昇（水土保持站），孙志强（建设管理股）。",
    excused="郑涛（青溪河管理所）。",
    observers="县财政局农业股吴敏，县自然资源和规划局耕地保护股何晓东。",
    date=datetime.date(2026, 10, 13),
    copy_recipients=("县委办公室", "县政府办公室", "局属各单位"),
    printed_by="江洲县水务局办公室",
    printed_on=datetime.date(2026, 10, 14),
)

BOTH_SIDES = replace(
    NOTICE,
    paragraphs=FLOOD_NOTICE,
    attachments=(),
    note=None,
    duplex_colophon=True,
)

FORMATS = {
    "short letter": SHORT_LETTER,
    "long letter": LONG_LETTER,
    "joint letter": JOINT_LETTER,
    "order": ORDER,
    "joint order": JOINT_ORDER,
    "minutes": MINUTES,
    "both sides": BOTH_SIDES,
}
