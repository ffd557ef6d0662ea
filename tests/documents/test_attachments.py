"""What may be attached: by name, by first bytes, and by opening it."""

import io
import zipfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

import pikepdf
import pytest
from pikepdf import Dictionary, Encryption, Name, String
from sqlalchemy.orm import Session

from app.documents import Document, Store, attachments, inspection, mark_signed, queries, readers
from app.documents.errors import (
    ActiveContent,
    Classified,
    TooLarge,
    Unreadable,
    WrongState,
    WrongType,
)
from app.documents.inspection import ensure_magic, ensure_name, inspect, refusal
from app.documents.models import Attachment
from app.errors import Invalid, NotFound
from app.organization import Actor
from tests.documents import files
from tests.documents.conftest import AT, DRAFTER, LEADER
from tests.documents.files import action, office, on_page, on_root, pdf, picture, relationship
from tests.documents.snapshot import snapshot

LATER = AT + timedelta(hours=1)
Upload = tuple[str, bytes]


def opened(name: str, content: bytes) -> None:
    """Name, first bytes and reader, in this process."""
    extension = ensure_name(name)
    file = io.BytesIO(content)
    ensure_magic(file, extension)
    file.seek(0)
    try:
        readers.read(file, extension)
    except readers.Refused as refused:
        raise refusal(refused.code, refused.message) from None


GOOD = {
    "plain.pdf": pdf,
    "page.pdf": lambda: pdf(files.to_page),
    "link.pdf": lambda: pdf(files.with_link),
    "报告.ＰＤＦ": pdf,
    "清单.docx": office,
    "表.xlsx": lambda: office("xlsx"),
    "稿.pptx": lambda: office("pptx"),
    "link.docx": lambda: office(relationships=relationship("hyperlink", "https://a.gov.cn")),
    "mail.docx": lambda: office(relationships=relationship("hyperlink", "mailto:a@gov.cn")),
    "图.png": lambda: picture("PNG"),
    "图.JPG": lambda: picture("JPEG"),
    "图.jpeg": lambda: picture("JPEG"),
    "扫描.tif": lambda: picture("TIFF", frames=3),
    "说明.txt": lambda: "说明：𠮷\r\n第二行\t完".encode(),
    "bom.txt": lambda: b"\xef\xbb\xbfok",
    "rumour.txt": lambda: "关于机密文件管理的说明".encode(),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_files_are_taken(name: str) -> None:
    opened(name, GOOD[name]())


def javascript() -> Dictionary:
    return action("JavaScript", JS=String("app.alert(1)"))


HOSTILE: dict[str, tuple[str, Callable[[], bytes], type[Invalid], str]] = {
    # B1: not what the name says
    "exe as pdf": ("a.pdf", lambda: b"MZ\x90\0" * 99, WrongType, "不符"),
    "html as pdf": ("a.pdf", lambda: b"<script>alert(1)</script>", WrongType, "不符"),
    "pdf not at the start": ("a.pdf", lambda: b"\n" * 9 + pdf(), WrongType, "不符"),
    "png as jpg": ("a.jpg", lambda: picture("PNG"), WrongType, "不符"),
    "gif as png": ("a.png", lambda: picture("GIF"), WrongType, "不符"),
    "exe as txt": ("a.txt", lambda: b"MZ\x90\0\3\0", WrongType, "UTF-8"),
    "gbk text": ("a.txt", lambda: "公文".encode("gbk"), WrongType, "UTF-8"),
    "utf-16 text": ("a.txt", lambda: "公文".encode("utf-16"), WrongType, "UTF-8"),
    "bare PK": ("a.docx", lambda: b"PK\x03\x04" + b"\0" * 40, Unreadable, "损坏"),
    "zip as docx": (
        "a.docx",
        lambda: office(types="application/zip"),
        WrongType,
        "不是 docx",
    ),
    "docx as xlsx": ("a.xlsx", office, WrongType, "不是 xlsx"),
    "exe": ("a.exe", lambda: b"MZ", WrongType, "不接收"),
    "svg": ("a.svg", lambda: b"<svg/>", WrongType, "不接收"),
    "html": ("a.html", lambda: b"<p>", WrongType, "不接收"),
    "docm": ("a.docm", office, WrongType, "不接收"),
    "no ending": ("README", lambda: b"x", WrongType, "不接收"),
    # B2: PDF that acts
    "OpenAction": ("a.pdf", lambda: pdf(on_root(OpenAction=javascript())), ActiveContent, "动作"),
    "OpenAction GoTo": (
        "a.pdf",
        lambda: pdf(on_root(OpenAction=action("GoTo", D=String("x")))),
        ActiveContent,
        "打开时执行",
    ),
    "named JavaScript": (
        "a.pdf",
        lambda: pdf(on_root(Names=Dictionary(JavaScript=Dictionary(Names=[])))),
        ActiveContent,
        "JavaScript",
    ),
    "hidden JavaScript": (
        "a.pdf",
        lambda: pdf(files.deep_inside(javascript())),
        ActiveContent,
        "JavaScript",
    ),
    "Launch": (
        "a.pdf",
        lambda: pdf(files.deep_inside(action("Launch", F=String("cmd.exe")))),
        ActiveContent,
        "启动外部程序",
    ),
    "SubmitForm": (
        "a.pdf",
        lambda: pdf(files.deep_inside(action("SubmitForm"))),
        ActiveContent,
        "向外提交",
    ),
    "AA": ("a.pdf", lambda: pdf(on_page("/AA", Dictionary())), ActiveContent, "自动执行"),
    "RichMedia": (
        "a.pdf",
        lambda: pdf(files.deep_inside(Dictionary(Subtype=Name("/RichMedia")))),
        ActiveContent,
        "多媒体",
    ),
    "embedded file": ("a.pdf", lambda: pdf(files.with_embedded_file), ActiveContent, "嵌入的文件"),
    "XFA": (
        "a.pdf",
        lambda: pdf(on_root(AcroForm=Dictionary(XFA=String("x")))),
        ActiveContent,
        "XFA",
    ),
    "in an object stream": (
        "a.pdf",
        lambda: pdf(files.deep_inside(javascript()), object_stream_mode=2),
        ActiveContent,
        "JavaScript",
    ),
    "password": (
        "a.pdf",
        lambda: pdf(encryption=Encryption(owner="o", user="u")),
        Unreadable,
        "口令",
    ),
    "owner password": (
        "a.pdf",
        lambda: pdf(encryption=Encryption(owner="o", user="")),
        Unreadable,
        "加密",
    ),
    "cut pdf": ("a.pdf", lambda: pdf()[:-60], Unreadable, "不完整"),
    "header only": ("a.pdf", lambda: b"%PDF-1.7\n%%EOF\n", Unreadable, "损坏"),
    # Office files that act
    "macro": (
        "a.docx",
        lambda: office(parts={"word/vbaProject.bin": b"x"}),
        ActiveContent,
        "宏",
    ),
    "macro type": (
        "a.docx",
        lambda: office(types="application/vnd.ms-word.document.macroEnabled.main+xml"),
        ActiveContent,
        "宏",
    ),
    "embedding": (
        "a.docx",
        lambda: office(parts={"word/embeddings/a.xlsx": b"x"}),
        ActiveContent,
        "嵌入对象",
    ),
    "remote template": (
        "a.docx",
        lambda: office(relationships=relationship("attachedTemplate", "http://x/a.dotm")),
        ActiveContent,
        "指向外部",
    ),
    "remote picture": (
        "a.docx",
        lambda: office(relationships=relationship("image", "file://host/a.png")),
        ActiveContent,
        "指向外部",
    ),
    "file link": (
        "a.docx",
        lambda: office(relationships=relationship("hyperlink", "file:///c:/a.exe")),
        ActiveContent,
        "指向外部",
    ),
    "external in a deeper part": (
        "a.pptx",
        lambda: office(
            "pptx",
            {"ppt/slides/_rels/s.xml.RELS": f"<R>{relationship('oleObject', 'http://x')}</R>"},
        ),
        ActiveContent,
        "指向外部",
    ),
    "DDE field": (
        "a.docx",
        lambda: office(
            body="<w:r><w:instrText> DDE</w:instrText></w:r>"
            "<w:r><w:instrText>AUTO c:\\cmd.exe</w:instrText></w:r>"
        ),
        ActiveContent,
        "DDE",
    ),
    "DDE simple field": (
        "a.docx",
        lambda: office(body='<w:fldSimple w:instr="dde cmd"/>'),
        ActiveContent,
        "DDE",
    ),
    "DDE link": (
        "a.xlsx",
        lambda: office(
            "xlsx", {"xl/externalLinks/e.xml": "<externalLink><ddeLink/></externalLink>"}
        ),
        ActiveContent,
        "DDE",
    ),
    "doctype": (
        "a.docx",
        lambda: office(parts={"word/styles.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        Unreadable,
        "文档类型声明",
    ),
    "broken xml": (
        "a.docx",
        lambda: office(parts={"word/styles.xml": "<a><b></a>"}),
        Unreadable,
        "损坏",
    ),
    "cut docx": ("a.docx", lambda: office()[:-30], Unreadable, "损坏"),
    "changed docx": (
        "a.docx",
        lambda: office(compression=zipfile.ZIP_STORED).replace(
            "工程量".encode(), "工程款".encode()
        ),
        Unreadable,
        "损坏",
    ),
    # B3: archives that unpack to more
    "bomb": (
        "a.docx",
        lambda: office(parts={"word/media/a.txt": b"0" * (20 << 20)}),
        TooLarge,
        "展开后过大",
    ),
    "many entries": (
        "a.docx",
        lambda: office(parts={f"word/media/{n}.txt": b"" for n in range(1000)}),
        TooLarge,
        "超过 1000 个部分",
    ),
    "nested": (
        "a.docx",
        lambda: office(parts={"word/media/a.png": office()}),
        TooLarge,
        "压缩包",
    ),
    "lying sizes": ("a.docx", files.lying_archive, Unreadable, "损坏"),
    "climbing name": (
        "a.docx",
        lambda: office(parts={"word/../../x.xml": "<a/>"}),
        Unreadable,
        "名称不合规范",
    ),
    "absolute name": ("a.docx", lambda: office(parts={"/etc/x": "a"}), Unreadable, "名称"),
    "drive name": ("a.docx", lambda: office(parts={"c:/x": "a"}), Unreadable, "名称"),
    "names equal after folding": (
        "a.docx",
        lambda: office(parts={"WORD/Document.xml": "<a/>"}),
        Unreadable,
        "名称",
    ),
    # pictures
    "huge png": ("a.png", lambda: files.png_claiming(60_000, 60_000), TooLarge, "5000 万像素"),
    "cut png": ("a.png", lambda: picture("PNG", (500, 500))[:-40], Unreadable, "不完整"),
    "short png": ("a.png", lambda: files.png_claiming(600, 600), Unreadable, "不完整"),
    "cut jpg": ("a.jpg", lambda: picture("JPEG", (500, 500))[:300], Unreadable, "不完整"),
    "cut tiff": ("a.tif", lambda: picture("TIFF", (90, 90))[:60], Unreadable, "损坏"),
    # state secrets
    "secret name": ("机密★1年 方案.pdf", pdf, Classified, "机要"),
    "secret text": ("a.txt", lambda: "秘 密★\n方案".encode(), Classified, "机要"),
    "secret docx": (
        "a.docx",
        lambda: office(body="<w:t>绝</w:t><w:t>密</w:t><w:t>★长期</w:t>"),
        Classified,
        "机要",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_refused_with_the_reason(case: str) -> None:
    name, build, error, words = HOSTILE[case]
    content = build()
    with pytest.raises(error, match=words) as refused:
        opened(name, content)
    assert type(refused.value) is error


CODES = [
    (TooLarge, "attachment_too_large"),
    (WrongType, "attachment_type"),
    (Unreadable, "attachment_unreadable"),
    (ActiveContent, "attachment_active"),
]


@pytest.mark.parametrize(("error", "code"), CODES)
def test_codes_are_stable(error: type[Invalid], code: str) -> None:
    assert issubclass(error, Invalid)
    assert error("一句话。").code == code


class Endless(io.RawIOBase):
    """Zeros for ever, counting how many were asked for."""

    taken = 0

    def read(self, size: int = -1) -> bytes:
        self.taken += size
        return b"\0" * size


THROUGH_THE_PROCESS: list[tuple[str, Any, type[Invalid]]] = [
    ("a.pdf", b"MZ\x90\0", WrongType),
    ("a.pdf", b"", Unreadable),
    ("a.pdf", pdf(files.with_embedded_file), ActiveContent),
    ("a.txt", "机密★".encode(), Classified),
    ("../../a.exe", b"MZ", WrongType),
    ("a.png", files.png_claiming(60_000, 60_000), TooLarge),
]


@pytest.mark.parametrize(("name", "content", "error"), THROUGH_THE_PROCESS)
def test_a_refused_file_is_not_stored(
    session: Session,
    draft: Document,
    store: Store,
    tmp_path: Path,
    name: str,
    content: bytes,
    error: type[Invalid],
) -> None:
    before = snapshot(session)
    with pytest.raises(error):
        attachments.take_in(name, io.BytesIO(content), store)
    assert snapshot(session) == before
    assert not list(tmp_path.rglob("*"))


def test_the_size_is_counted_while_it_streams(
    session: Session, draft: Document, store: Store
) -> None:
    """B5: 413 as soon as 50 MB are passed, however long the upload goes on."""
    stream = Endless()
    with pytest.raises(TooLarge, match="50 MB"):
        attachments.take_in("a.txt", stream, store)  # type: ignore[arg-type]
    assert stream.taken <= (50 << 20) + (1 << 17)


def test_a_reader_has_only_so_much_memory(tmp_path: Path) -> None:
    """Twelve million elements want more than a gigabyte; the reader is refused it and ends."""
    many = "<a/>" * 12_000_000
    content = office(parts={"word/a.xml": f"<r>{many}</r>"}, compression=zipfile.ZIP_STORED)
    with on_disk(tmp_path, content) as file, pytest.raises(Unreadable):
        inspect(file, "docx")


@pytest.mark.parametrize(
    "program", ["import os; os.abort()", "import time; time.sleep(60)", "print('no answer')"]
)
def test_a_reader_that_breaks_down_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    """S16: no check, no act."""
    readers_folder = tmp_path / "readers"
    readers_folder.mkdir()
    (readers_folder / "__main__.py").write_text(program)
    monkeypatch.setattr(inspection, "_READERS", readers_folder)
    monkeypatch.setattr(inspection, "WALL_CLOCK", 0.5)
    with on_disk(tmp_path, pdf()) as file, pytest.raises(Unreadable, match="时间和内存"):
        inspect(file, "pdf")


def on_disk(folder: Path, content: bytes) -> BinaryIO:
    path = folder / "upload"
    path.write_bytes(content)
    return path.open("rb", buffering=0)


def attached(
    session: Session,
    document: Document,
    by: Actor,
    at: datetime,
    name: str,
    content: bytes,
    *,
    store: Store,
    **more: Any,
) -> Attachment:
    """Taken in and attached, as an upload is."""
    upload = attachments.take_in(name, io.BytesIO(content), store)
    return attachments.attach(session, document, by, at, upload, **more)


def test_an_attachment_is_kept_and_makes_a_version(
    session: Session, draft: Document, store: Store
) -> None:
    """OUT-36, S11: the hash of the document stands for its attachments too."""
    before = draft.content_sha256
    content = pdf()
    added = attached(
        session,
        draft,
        DRAFTER,
        LATER,
        "C:\\x\\清\u202e单.pdf",
        content,
        store=store,
        step="draft",
    )
    assert (added.name, added.media_type, added.size) == (
        "清单.pdf",
        "application/pdf",
        len(content),
    )
    assert store.get(added.sha256) == content
    assert draft.version == 2
    assert draft.content_sha256 != before
    line = queries.version_lines(session, draft.id)[1]
    assert (line.step, line.words) == (
        "draft",
        (f"附件填为“清单.pdf（校验码 {added.sha256[:8]}）”。",),
    )
    assert queries.elements(draft)["attachments"] == ("清单",)


def test_replaced_and_taken_off_it_stays_viewable(
    session: Session, draft: Document, store: Store
) -> None:
    """ATT-03."""
    first = attached(session, draft, DRAFTER, AT, "a.txt", b"1", store=store)
    second = attached(session, draft, LEADER, LATER, "a.txt", b"2", store=store, replaces=first.id)
    attachments.remove(session, draft, second.id, DRAFTER, LATER)
    lines = queries.attachments(session, draft.id)
    assert [(line.in_force, line.replaces_id, line.added_by) for line in lines] == [
        (False, None, "拟稿人甲"),
        (False, first.id, "分管领导乙"),
    ]
    assert store.get(first.sha256) == b"1"
    assert draft.version == 4
    with pytest.raises(NotFound):
        attachments.remove(session, draft, second.id, DRAFTER, LATER)


def test_nothing_is_attached_or_taken_off_after_the_sign_off(
    session: Session, draft: Document, store: Store
) -> None:
    """B7."""
    added = attached(session, draft, DRAFTER, AT, "a.txt", b"1", store=store)
    mark_signed(session, draft, LEADER, LATER)
    before = snapshot(session)
    for replaces in (None, added.id):
        with pytest.raises(WrongState, match="附件不能再改"):
            attached(
                session,
                draft,
                DRAFTER,
                LATER,
                "b.txt",
                b"2",
                store=store,
                replaces=replaces,
            )
    with pytest.raises(WrongState):
        attachments.remove(session, draft, added.id, DRAFTER, LATER)
    assert snapshot(session) == before


def test_an_attachment_of_another_document_is_not_there(
    session: Session, draft: Document, store: Store
) -> None:
    with pytest.raises(NotFound):
        attachments.find(draft, 999_999)
    before = snapshot(session)
    with pytest.raises(NotFound):
        attached(session, draft, DRAFTER, AT, "a.txt", b"1", store=store, replaces=999_999)
    assert snapshot(session) == before


def test_an_object_stream_unpacks_to_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    content = pdf(files.deep_inside(String("x" * 9000)), object_stream_mode=2)
    opened("a.pdf", content)
    monkeypatch.setattr("app.documents.readers.pdf.UNPACKED", 4000)
    try:
        with pytest.raises(Unreadable):
            opened("a.pdf", content)
    finally:
        pikepdf.settings.set_qpdf_limits(flate_max_memory=0)
