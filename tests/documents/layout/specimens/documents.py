"""文件 of one agency."""

import datetime

from app.documents.layout import Sheet

from .texts import COMPENSATION_REPLY, FLOOD_NOTICE, PROJECT_REPORT, REGULATION

BUREAU = "江洲县水务局"
TOWNS = ("各乡镇人民政府", "县政府各有关部门", "各水库管理所")
PRINTED = {"printed_by": "江洲县水务局办公室", "printed_on": datetime.date(2026, 7, 16)}
DAY = datetime.date(2026, 7, 15)

NOTICE = Sheet(
    letterhead=BUREAU,
    direction="downward",
    title="江洲县水务局关于切实做好2026年主汛期防汛救灾工作的通知",
    main_recipients=TOWNS,
    paragraphs=(
        *FLOOD_NOTICE,
        "# 全县小型水库防汛责任人名单",
        "一、青石镇。龙潭水库：行政责任人张志远，技术责任人刘喆，巡查责任人陈堃。",
        "二、白石乡。三汊水库：行政责任人李文博，技术责任人赵昇，巡查责任人周玥。",
        "# 防汛物资储备明细表说明",
        "本表所列物资由县防汛物资仓库统一储备，各乡镇凭调拨单领取，用后10日内补足。",
    ),
    signature_unit=BUREAU,
    number="江水发〔2026〕42号",
    urgency="特急",
    attachments=("全县小型水库防汛责任人名单", "防汛物资储备明细表说明"),
    date=DAY,
    note="此件公开发布",
    copy_recipients=("县委办公室", "县人大常委会办公室", "县政协办公室", "县纪委监委"),
    **PRINTED,
)

MEASURES = Sheet(
    letterhead=BUREAU,
    direction="downward",
    title="江洲县水务局关于印发《江洲县小型水库运行管理办法》的通知",
    main_recipients=TOWNS,
    paragraphs=(
        "《江洲县小型水库运行管理办法》已经局长办公会议审议通过，现印发给你们，请认真贯彻执行。",
        "# 江洲县小型水库运行管理办法",
        *REGULATION,
    ),
    signature_unit=BUREAU,
    number="江水发〔2026〕7号",
    date=datetime.date(2026, 2, 9),
    copy_recipients=("市水务局",),
    printed_by="江洲县水务局办公室",
    printed_on=datetime.date(2026, 2, 10),
)

REQUEST = Sheet(
    letterhead=BUREAU,
    direction="upward",
    title="江洲县水务局关于将青溪河左岸堤防应急加固工程列入2026年水利救灾资金支持项目的请示",
    main_recipients=("江洲市水务局",),
    paragraphs=(
        "青溪河左岸堤防始建于1998年，全长3.2公里，保护耕地1.4万亩、人口2.3万人。受连续强降雨影响，"
        "该堤段出现渗水点7处、滑坡2处，险情较重。为确保安全度汛，恳请将其应急加固工程列入支持项目。现将有关情况请示如下。",
        "一、工程内容",
        "（一）渗水段处理。采用黏土截渗墙结合背水坡反滤压浸，共5处，长860米。",
        "（二）滑坡段处理。削坡减载后以格宾石笼护脚，共2处，长410米。",
        "二、投资估算",
        "工程估算总投资486万元，其中县级已落实186万元，尚缺300万元，恳请市局予以支持。",
        "妥否，请批示。",
    ),
    signature_unit=BUREAU,
    number="江水〔2026〕15号",
    signatories=("王建国", "李明", "欧阳建华"),
    urgency="加急",
    copy_number="000012",
    attachments=("青溪河左岸堤防应急加固工程量清单", "青溪河左岸堤防险情现场勘查报告"),
    date=datetime.date(2026, 3, 20),
    note="联系人：张海燕，电话：0000-6221033",
    printed_by="江洲县水务局办公室",
    printed_on=datetime.date(2026, 3, 20),
)

REPORT = Sheet(
    letterhead=BUREAU,
    direction="upward",
    title="江洲县水务局关于2026年上半年农村饮水安全工程建设情况的报告",
    main_recipients=("江洲市水务局",),
    paragraphs=PROJECT_REPORT,
    signature_unit=BUREAU,
    number="江水〔2026〕38号",
    signatories=("王建国",),
    date=datetime.date(2026, 7, 6),
    sealed=False,
    **PRINTED,
)

REPLY = Sheet(
    letterhead=BUREAU,
    direction="downward",
    title="江洲县水务局关于青溪河堤防加固工程临时占地补偿问题的批复",
    main_recipients=("青石镇人民政府",),
    paragraphs=COMPENSATION_REPLY,
    signature_unit=BUREAU,
    number="江水函〔2026〕9号",
    date=datetime.date(2026, 5, 11),
    copy_recipients=("县财政局", "县自然资源和规划局"),
    **PRINTED,
)

LONG_TITLE = Sheet(
    letterhead="江洲县防汛抗旱指挥部",
    direction="downward",
    title="江洲县防汛抗旱指挥部关于转发《江洲市防汛抗旱指挥部关于进一步加强强降雨期间中小河流洪水"
    "和山洪灾害防御以及小型水库安全度汛工作的紧急通知》的通知",
    main_recipients=(
        *("各乡镇防汛抗旱指挥部", "县防汛抗旱指挥部各成员单位", "青溪河管理所", "白石河管理所"),
        *("龙潭水库、三汊水库、金沙水库管理所", "各在建水利工程项目法人"),
    ),
    paragraphs=(
        "现将《江洲市防汛抗旱指挥部关于进一步加强强降雨期间中小河流洪水和山洪灾害防御以及小型水库安全度汛工作的紧急通知》"
        "转发给你们，并提出如下要求，请一并贯彻落实。",
        *FLOOD_NOTICE[1:9],
    ),
    signature_unit="江洲县防汛抗旱指挥部",
    number="江汛〔2026〕11号",
    date=DAY,
    copy_recipients=("县委办公室", "县政府办公室"),
    printed_by="江洲县防汛抗旱指挥部办公室",
    printed_on=DAY,
)

MANY_ATTACHMENTS = Sheet(
    letterhead=BUREAU,
    direction="downward",
    title="江洲县水务局关于开展2026年度水利工程建设质量与安全监督检查的通知",
    main_recipients=("各有关单位",),
    paragraphs=(
        "根据年度工作安排，定于9月1日至9月30日开展水利工程建设质量与安全监督检查，请按照附件要求做好准备。",
        "检查采取查阅资料、现场查看、实体检测相结合的方式进行，检查结果纳入年度信用评价。",
    ),
    signature_unit=BUREAU,
    number="江水建〔2026〕5号",
    attachments=(
        "检查项目名单",
        "项目法人质量管理行为检查表",
        "勘察设计单位质量行为检查表",
        "施工单位质量保证体系和安全生产标准化建设情况检查表（含分包单位）",
        "监理单位质量控制体系检查表",
        "工程实体质量抽样检测方案",
        "危险性较大的单项工程专项施工方案编制、审查、论证和实施情况检查表",
        "检查组人员名单及分工",
        "问题整改台账（样表）",
        "检查日程安排",
        "整改报告参考文本",
    ),
    date=datetime.date(2026, 8, 25),
    **PRINTED,
)

DOCUMENTS = {
    "notice": NOTICE,
    "measures": MEASURES,
    "request": REQUEST,
    "report": REPORT,
    "reply": REPLY,
    "long title": LONG_TITLE,
    "many attachments": MANY_ATTACHMENTS,
}
