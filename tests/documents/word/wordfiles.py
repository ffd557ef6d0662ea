"""Word files as other programs write them, put together part by part."""

import io
import zipfile
from collections.abc import Mapping

from PIL import Image

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
KINDS = {
    "numbering": "wordprocessingml.numbering+xml",
    "styles": "wordprocessingml.styles+xml",
    "comments": "wordprocessingml.comments+xml",
    "footnotes": "wordprocessingml.footnotes+xml",
    "header": "wordprocessingml.header+xml",
}
TYPE = "application/vnd.openxmlformats-officedocument"
STYLES = (
    '<w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="T1"><w:name w:val="toc 1"/></w:style>'
)
PICTURE_ID = "rIdPicture"


def png(color: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), color).save(out, "PNG")
    return out.getvalue()


def run(text: str, properties: str = "") -> str:
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*content: str, properties: str = "") -> str:
    """A paragraph; plain words become a run."""
    inner = "".join(each if each.startswith("<") else run(each) for each in content if each)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def numbered(text: str, number: int = 1, level: int = 0) -> str:
    listed = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return p(text, properties=listed)


def centred(text: str, size: float) -> str:
    half = round(size * 2)
    return p(run(text, f'<w:sz w:val="{half}"/>'), properties='<w:jc w:val="center"/>')


def right(text: str) -> str:
    return p(text, properties='<w:jc w:val="right"/>')


def cell(*lines: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(p(line) for line in lines)}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str, widths: tuple[int, ...] = ()) -> str:
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def level(number: int, form: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>'
        f'{more}<w:lvlText w:val="{text}"/></w:lvl>'
    )


def numbering(*levels: str, more: str = "") -> str:
    """One list of these levels, with the number 1; ``more``: further lists."""
    return (
        f'<w:abstractNum w:abstractNumId="0">{"".join(levels)}</w:abstractNum>'
        f'<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>{more}'
    )


OFFICIAL = (
    level(0, "chineseCountingThousand", "%1、"),
    level(1, "chineseCounting", "（%2）"),
    level(2, "decimal", "%3."),
    level(3, "decimalEnclosedCircleChinese", "%4"),
)
"""The four levels of a 公文 as Word numbers them."""


def drawing(key: str = PICTURE_ID, width: int = 1_800_000, words: str = "平面图") -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="{width}" cy="900000"/>'
        f'<wp:docPr id="1" name="图 1" descr="{words}"/><a:graphic><a:graphicData><pic:pic>'
        f'<pic:blipFill><a:blip r:embed="{key}"/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def docx(
    *body: str,
    parts: Mapping[str, str] | None = None,
    pictures: Mapping[str, bytes] | None = None,
    files: Mapping[str, bytes] | None = None,
    main: str = f"{TYPE}.wordprocessingml.document.main+xml",
) -> bytes:
    """A whole file.

    parts     XML inside the root of each further part, by its kind in ``KINDS``
    pictures  bytes by file name; the first gets the key ``PICTURE_ID``
    files     anything else that lies in the package
    """
    given = {"styles": STYLES, **(parts or {})}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _types(given, main))
        archive.writestr(
            "_rels/.rels", _relationships([("rId1", "officeDocument", "word/document.xml")])
        )
        links = [(f"rId{kind}", kind, f"{kind}.xml") for kind in given]
        for number, (name, content) in enumerate((pictures or {}).items()):
            key = f"{PICTURE_ID}{number or ''}"
            links.append((key, "image", f"media/{name}"))
            archive.writestr(f"word/media/{name}", content)
        archive.writestr("word/_rels/document.xml.rels", _relationships(links))
        inner = "".join(each if each.startswith("<") else p(each) for each in body)
        archive.writestr(
            "word/document.xml", f"<w:document {SPACES}><w:body>{inner}</w:body></w:document>"
        )
        for kind, content in given.items():
            root = {"header": "hdr"}.get(kind, kind)
            archive.writestr(f"word/{kind}.xml", f"<w:{root} {SPACES}>{content}</w:{root}>")
        for name, data in (files or {}).items():
            archive.writestr(name, data)
    return out.getvalue()


def _types(parts: Mapping[str, str], main: str) -> str:
    overrides = "".join(
        f'<Override PartName="/word/{kind}.xml" ContentType="{TYPE}.{KINDS[kind]}"/>'
        for kind in parts
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="gif" ContentType="image/gif"/>'
        '<Default Extension="emf" ContentType="image/x-emf"/>'
        '<Default Extension="bin" ContentType="application/octet-stream"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>{overrides}</Types>'
    )


def _relationships(links: list[tuple[str, str, str]]) -> str:
    inner = "".join(
        f'<Relationship Id="{key}" Type="{R}/{kind}" Target="{target}"/>'
        for key, kind, target in links
    )
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{space}">{inner}</Relationships>'


def official() -> bytes:
    """A notice as an office types it in Word, with a good deal that a text does not hold."""
    header = "<w:p><w:r><w:t>内部资料　注意保存</w:t></w:r></w:p>"
    comments = '<w:comment w:id="5"><w:p><w:r><w:t>请核对数字</w:t></w:r></w:p></w:comment>'
    footnotes = '<w:footnote w:id="2"><w:p><w:r><w:t>指县城建成区。</w:t></w:r></w:p></w:footnote>'
    return docx(
        centred("江洲县水务局文件", 36),
        centred("江水发〔2026〕3号", 16),
        centred("江洲县水务局", 22),
        centred("关于做好冬春水利建设的通知", 22),
        p(""),
        "各镇人民政府，各街道办事处：",
        "　　现将有关事项通知如下。",
        numbered("提高认识"),
        numbered("加强领导", level=1),
        p(
            run("落实到人"),
            '<w:ins w:id="1" w:author="张"><w:r><w:t>、到岗</w:t></w:r></w:ins>',
            '<w:del w:id="2" w:author="张"><w:r><w:delText>到村</w:delText></w:r></w:del>',
            run("。"),
            '<w:r><w:commentReference w:id="5"/></w:r>',
            properties='<w:numPr><w:ilvl w:val="2"/><w:numId w:val="1"/></w:numPr>',
        ),
        numbered("落实资金"),
        p(
            run("任务见下表"),
            '<w:r><w:footnoteReference w:id="2"/></w:r>',
            run("。", '<w:color w:val="FF0000"/>'),
        ),
        table(
            row(cell("乡镇"), cell("任务（公里）"), properties="<w:tblHeader/>"),
            row(cell("东山镇"), cell("12")),
            widths=(3000, 6000),
        ),
        p(drawing()),
        p(""),
        "附件：1.任务分解表",
        "　　　2.联系人名单",
        right("江洲县水务局"),
        right("2026年11月20日"),
        "（联系人：张三，电话：0000-0000000）",
        table(
            row(cell("抄送：县政府办公室，县应急管理局。")),
            row(cell("江洲县水务局办公室　2026年11月20日印发")),
            widths=(9000,),
        ),
        parts={
            "numbering": numbering(*OFFICIAL),
            "comments": comments,
            "footnotes": footnotes,
            "header": header,
        },
        pictures={"image1.png": png()},
    )
