"""The attachments of the demonstration documents: small PDF files, made when needed."""

import io
from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name, String

_CONTENTS: dict[str, tuple[str, ...]] = {
    "汛前堤防应急加固工程量清单.pdf": (
        "序号　项目　单位　数量",
        "1　黏土截渗墙　米　860",
        "2　背水坡反滤压浸　处　5",
        "3　削坡减载　立方米　6200",
        "4　格宾石笼护脚　米　410",
    ),
    "防汛抢险演练参加单位名单.pdf": (
        "各乡镇水务站　每站 3 人",
        "石门水库管理所　全体在岗人员",
        "龙潭水库管理所　4 人",
        "县防汛物资储备中心　6 人",
    ),
    "防汛抢险演练参加单位名单（更正）.pdf": (
        "各乡镇水务站　每站 3 人",
        "石门水库管理所　全体在岗人员",
        "龙潭水库、双桥水库管理所　各 4 人",
        "县防汛物资储备中心　6 人",
    ),
    "青溪河堤防工程用地范围.pdf": (
        "拐点　纵坐标　横坐标",
        "J1　3412.06　508.11",
        "J2　3412.88　508.97",
        "J3　3411.54　509.40",
    ),
    "水利专项资金绩效自评表.pdf": (
        "项目　预算（万元）　支付（万元）　得分",
        "小型水库除险加固　1260　1188　94",
        "维修养护　210　168　88",
        "农村供水　1950　1840　96",
    ),
    "来文原件.pdf": ("（来文原件扫描件，演示用）", "原件已与登记内容核对一致。"),
}
LEFT, TOP, LINE = 72, 770, 28
"""Points: where text begins on the page, and from line to line."""


def content(name: str) -> bytes:
    """The bytes of an attachment by its name. Raises KeyError for one that is not in the table."""
    return _pdf((name.removesuffix(".pdf"), *_CONTENTS[name]))


def _pdf(lines: Sequence[str]) -> bytes:
    """One page in a font that every reader of PDF has for Chinese; nothing is embedded."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    page = pdf.pages[0]
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name("/STSong-Light"),
        Encoding=Name("/UniGB-UCS2-H"),
        DescendantFonts=Array([_descendant(pdf)]),
    )
    page.Resources = Dictionary(Font=Dictionary(F1=pdf.make_indirect(font)))
    shown = [f"BT /F1 16 Tf {LEFT} {TOP} Td {LINE} TL"]
    shown += [f"<{line.encode('utf-16-be').hex()}> Tj T*" for line in lines]
    page.Contents = pdf.make_stream("\n".join([*shown, "ET"]).encode())
    made = io.BytesIO()
    pdf.save(made, deterministic_id=True)
    return made.getvalue()


def _descendant(pdf: pikepdf.Pdf) -> pikepdf.Object:
    name = Name("/STSong-Light")
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=6,
        FontBBox=Array([-25, -254, 1000, 880]),
        ItalicAngle=0,
        Ascent=880,
        Descent=-120,
        CapHeight=880,
        StemV=93,
    )
    system = Dictionary(Registry=String("Adobe"), Ordering=String("GB1"), Supplement=4)
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType0,
        BaseFont=name,
        CIDSystemInfo=system,
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=1000,
        W=Array([1, 95, 500]),  # Latin letters and digits, in thousandths of the size
    )
    return pdf.make_indirect(font)
