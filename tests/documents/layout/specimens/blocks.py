"""文件 with tables, pictures and page breaks in the text."""

import hashlib
import io
from dataclasses import replace

from PIL import Image as Pillow
from PIL import ImageDraw

from app.documents.text import Block, Cell, Image, PageBreak, Paragraph, Table, Title

from .documents import NOTICE, REPORT


def words(*lines: str) -> tuple[Block, ...]:
    return tuple(Paragraph(type="paragraph", text=line) for line in lines)


def row(*texts: str, right: int = 99) -> tuple[Cell, ...]:
    """Cells; from the column ``right`` on they are numbers, flush right."""
    return tuple(
        Cell(text=text, align="right" if i >= right else "left") for i, text in enumerate(texts)
    )


def picture(mode: str = "RGB") -> bytes:
    """A sketch of a gauge: hills, a river and its level."""
    drawn = Pillow.new("RGB", (900, 520), "#eef4f8")
    pen = ImageDraw.Draw(drawn)
    pen.polygon(
        [(0, 520), (0, 220), (220, 60), (430, 300), (640, 120), (900, 330), (900, 520)], "#9ab973"
    )
    pen.polygon([(0, 520), (200, 380), (700, 400), (900, 470), (900, 520)], "#3f7fb5")
    for y in range(120, 480, 40):
        pen.line([(60, y), (100, y)], "#c00", 6)
    out = io.BytesIO()
    drawn.convert(mode).save(out, "PNG")
    return out.getvalue()


SKETCH = picture()
SHA = hashlib.sha256(SKETCH).hexdigest()

STATIONS = Table(
    type="table",
    head=2,
    widths=(2, 5, 4, 4, 6),
    rows=(
        (
            Cell(text="序号", down=2),
            Cell(text="站名", down=2),
            Cell(text="24小时雨量（毫米）", across=2),
            Cell(text="备注", down=2),
        ),
        row("7月14日", "7月15日"),
        *(
            row(
                f"{n}",
                f"第{n}雨量站",
                f"{(n * 37) % 190}.5",
                f"{(n * 53) % 160}.0",
                "超过该站有记录以来同期最大值，请加密观测并及时报告。" if n % 7 == 0 else "",
            )
            for n in range(1, 41)
        ),
    ),
)

JOINED = Table(
    type="table",
    head=1,
    rows=(
        row("乡镇", "水库", "责任人"),
        (Cell(text="青石镇", down=2), *row("龙潭水库", "张志远")),
        row("三汊水库", "刘喆"),
        (Cell(text="白石乡"), Cell(text="金沙水库\n（小Ⅱ型）"), Cell(text="陈堃")),
    ),
)

MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
WIDE = Table(
    type="table",
    head=1,
    widths=(3, 8, *(4,) * 12, 5),
    rows=(
        row("序号", "项目名称", *(f"{month}月" for month in MONTHS), "合计", right=2),
        *(
            row(
                f"{n}",
                f"第{n}标段堤防加固",
                *(f"{(n * 97 + m * 131) % 900}.{m % 10}" for m in range(12)),
                f"{n * 731 % 9000}.6",
                right=2,
            )
            for n in range(1, 27)
        ),
    ),
)

WITH_TABLE = replace(
    NOTICE,
    title="江洲县水务局关于通报7月中旬强降雨雨情水情的通知",
    paragraphs=(),
    attachments=(),
    urgency=None,
    blocks=(
        *words(
            "受西南暖湿气流影响，7月14日至15日我县普降大到暴雨，局部大暴雨。现将各站雨量通报如下。",
            "一、各站雨量",
        ),
        STATIONS,
        *words("二、责任分工", "各水库责任人如下表，请对照落实。"),
        JOINED,
        *words("三、河道现状", "青溪河水位观测断面见下图。"),
        Image(type="image", sha256=SHA, width=120, alt="青溪河水位观测断面示意图"),
        *words("请各单位密切关注后续雨情水情变化。"),
    ),
    pictures={SHA: SKETCH},
)

WITH_WIDE_TABLE = replace(
    REPORT,
    title="江洲县水务局关于2026年堤防加固工程投资完成情况的报告",
    paragraphs=(),
    sealed=True,
    blocks=(
        *words("现将2026年堤防加固工程分月投资完成情况报告如下。", "特此报告。"),
        Title(type="title", text="2026年堤防加固工程分月投资完成情况"),
        *words("单位：万元。各标段分月完成情况如下。"),
        WIDE,
        *words("注：以上数据截至2026年12月20日。"),
        PageBreak(type="page_break"),
        *words("另页说明：合计数因四舍五入可能与分项之和略有出入。"),
    ),
)

BLOCKS = {"with table": WITH_TABLE, "with wide table": WITH_WIDE_TABLE}
