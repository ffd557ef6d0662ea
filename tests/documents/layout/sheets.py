"""The two documents that every layout has to bear, and a measure without fonts."""

import datetime
from typing import Any

from app.documents.layout import Sheet

MEASURES = (
    "为规范全市电子公文传输工作，确保电子公文传输安全有效，根据国务院办公厅《电子公文传输管理办法》、"
    "《陕西省电子公文传输管理暂行办法》和《党政机关公文处理工作条例》规定，特制定本办法。",
    "第一章 总 则",
    "第一条 为提高公文日常运转的质量和效率，加快公文流转速度，确保市政府决策部署及"
    "指示政令安全快速畅通，建设延安市政府系统电子公文传输系统。",
    "第二条 本办法所称的电子公文，是指由延安市政府办公室统一配置的电子公文传输系统"
    "处理后形成的具有规范格式的公文电子数据。本办法所称的电子公文传输，是指电子公文的生成、发送、接收和打印等过程。",
    "第二章 职责分工",
    "第三条 市网信办具体职责：",
    "（一）负责党政云数据中心内网设备和链路的建设和管理；",
    "（二）负责保障服务（联系电话： 0911-2167287），符合GB/T 9704—2012的，每2小时登录1次。",
    *(
        f"第{n}条 使用单位必须确保系统工作正常，负责电子公文收发的工作人员要坚守"
        "工作岗位，每2小时必须登录1次电子公文传输系统，通讯工具要保证24小时开机。要定期"
        "对设备运行情况进行检查，并记录检查结果，发现问题及时排除。"
        for n in "四五六七八九十"
    ),
)


def notice(**changes: Any) -> Sheet:
    """A covering notice of one sentence, with the measures that it issues."""
    values: dict[str, Any] = {
        "letterhead": "延安市人民政府办公室",
        "direction": "downward",
        "title": "延安市人民政府办公室关于印发《延安市电子公文传输管理暂行办法》的通知",
        "main_recipients": (
            *("各县区人民政府", "市政府各工作部门、各直属机构"),
            *("中省驻延有关单位", "市直有关企业"),
        ),
        "paragraphs": (
            "现将修订后的《延安市电子公文传输管理暂行办法》印发你们，请遵照执行。",
            "",
            "# 延安市电子公文传输管理暂行办法",
            *MEASURES,
        ),
        "signature_unit": "延安市人民政府办公室",
        "number": "延政办函〔2017〕130号",
        "date": datetime.date(2017, 8, 9),
        "note": "此件公开发布",
        "copy_recipients": ("市委各部门", "市人大常委会办公室", "市政协办公室", "各人民团体"),
        "printed_by": "延安市人民政府办公室",
        "printed_on": datetime.date(2017, 8, 10),
    }
    return Sheet(**(values | changes))


def request(**changes: Any) -> Sheet:
    """An upward request with headings, an attachment and a contact."""
    values: dict[str, Any] = {
        "letterhead": "江洲县水务局",
        "direction": "upward",
        "title": "江洲县水务局关于提前下达汛前堤防应急加固资金的请示",
        "main_recipients": ("江洲市水务局",),
        "paragraphs": (
            "受去冬今春连续降水影响，我县青溪河左岸 3.2 公里堤段出现滑坡。现将情况请示如下。",
            "一、基本情况",
            "青溪河左岸堤防始建于 1998 年，桩号 K4+120 至 K4+380 段险情较重，防洪标准 20 年一遇。",
            "二、加固方案",
            "（一）渗水段。采用黏土截渗墙结合背水坡反滤压浸，共 5 处，长 860 米。",
            "（二）滑坡段。削坡减载后以格宾石笼护脚，共 2 处，长 410 米。",
            "妥否，请批示。",
        ),
        "signature_unit": "江洲县水务局",
        "number": "江水〔2026〕15号",
        "signatories": ("王建国", "李明", "欧阳建华"),
        "urgency": "加急",
        "copy_number": "000001",
        "attachments": ("汛前堤防应急加固工程量清单", "青溪河左岸堤防险情现场勘查报告及照片"),
        "date": datetime.date(2026, 3, 20),
        "note": "联系人：办公室值班室，电话：0000-0000000",
        "printed_by": "江洲县水务局办公室",
        "printed_on": datetime.date(2026, 3, 20),
    }
    return Sheet(**(values | changes))


class Cells:
    """One em for a full-width character, half of one for the others."""

    def width(self, text: str, face: str) -> float:
        return sum(0.5 if char <= "~" else 1.0 for char in text)
