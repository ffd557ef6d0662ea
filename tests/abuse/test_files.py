"""B: hostile and broken attachments. Each leaves neither a row nor a byte."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from flask import Flask
from pikepdf import String

from tests.abuse.conftest import Office
from tests.abuse.standing import ensure_no_trace, ensure_problem, files_below, unchanged
from tests.documents import files
from tests.documents.files import action, on_root, pdf
from tests.documents.files import office as word
from tests.web.conftest import Caller
from tests.world import NOTICE

Call = Callable[[str], Caller]
RIGHT_TO_LEFT = "\N{RIGHT-TO-LEFT OVERRIDE}"


@dataclass(frozen=True)
class Hostile:
    """An upload, its status and code, and how many refusals it leaves on record."""

    name: str
    content: Callable[[], bytes]
    status: int
    code: str
    recorded: int


def launching() -> bytes:
    return pdf(on_root(OpenAction=action("Launch", F=String("calc.exe"))))


def bomb() -> bytes:
    """200 KB that unpack to 200 MB."""
    return word(parts={"word/media/a.bin": b"\0" * (200 << 20)})


HOSTILE = {
    "b1 exe named pdf": Hostile("x.pdf", lambda: b"MZ\x90\0" * 99, 415, "attachment_type", 1),
    "b1 html named pdf": Hostile("x.pdf", lambda: b"<html>" * 99, 415, "attachment_type", 1),
    "b1 exe": Hostile("x.exe", lambda: b"MZ" * 99, 415, "attachment_type", 1),
    "b1 svg": Hostile("x.svg", lambda: b"<svg/>", 415, "attachment_type", 1),
    "b1 html": Hostile("x.html", lambda: b"<script>1</script>", 415, "attachment_type", 1),
    "b1 docx is only a zip": Hostile("x.docx", lambda: b"PK\x03\x04", 422, "", 0),
    "b1 without a name": Hostile(" ", pdf, 415, "attachment_type", 1),
    "b1 double ending": Hostile("x.pdf.exe", pdf, 415, "attachment_type", 1),
    "b1 hidden ending": Hostile(
        f"fdp.{RIGHT_TO_LEFT}exe", lambda: b"MZ", 415, "attachment_type", 1
    ),
    "b2 javascript": Hostile(
        "x.pdf",
        lambda: pdf(on_root(OpenAction=action("JavaScript", JS=String("app.alert(1)")))),
        422,
        "attachment_active",
        1,
    ),
    "b2 launch": Hostile("x.pdf", launching, 422, "attachment_active", 1),
    "b2 embedded file": Hostile(
        "x.pdf", lambda: pdf(files.with_embedded_file), 422, "attachment_active", 1
    ),
    "b3 bomb": Hostile("x.docx", bomb, 413, "attachment_too_large", 1),
    "b3 lying archive": Hostile("x.docx", files.lying_archive, 422, "", 0),
    "b3 picture of a billion points": Hostile(
        "x.png", lambda: files.png_claiming(60_000, 60_000), 413, "attachment_too_large", 1
    ),
    "b5 nothing": Hostile("x.pdf", lambda: b"", 422, "attachment_unreadable", 0),
    "b5 truncated": Hostile("x.pdf", lambda: pdf()[:200], 422, "attachment_unreadable", 0),
    "b5 text that is none": Hostile("x.txt", lambda: b"\xff\xfe\0\xd8", 415, "", 1),
}


def upload(caller: Caller, document: int, name: str, content: bytes, **more: Any) -> Any:
    data = {"file": (io.BytesIO(content), name), **more}
    path = f"/api/v1/documents/{document}/attachments"
    return caller.post(path, data=data, content_type="multipart/form-data")


@pytest.mark.parametrize("name", HOSTILE)
def test_b_a_hostile_file_leaves_nothing(office: Office, name: str) -> None:
    given = HOSTILE[name]
    with unchanged(office.app, recorded=given.recorded):
        caller, document = office.call("drafter"), office.documents["draft"]
        answer = upload(caller, document, given.name, given.content())
        ensure_problem(answer, given.status, given.code or None)


class Endless(io.RawIOBase):
    """An upload that pretends to go on: read only as far as the server reads."""

    def __init__(self, head: bytes, size: int) -> None:
        self.head, self.left, self.read_bytes = head, len(head) + size, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self.head or b"\0" * min(len(buffer), self.left)
        data = data[: len(buffer)]
        self.head = self.head[len(data) :]
        self.left -= len(data)
        self.read_bytes += len(data)
        buffer[: len(data)] = data
        return len(data)


def test_b5_far_too_large_is_stopped_at_its_length(office: Office) -> None:
    """Declared: refused before a byte is read. One byte over the limit: while it streams."""
    head = (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n"
    )
    caller = office.call("drafter")
    path = f"/api/v1/documents/{office.documents['draft']}/attachments"
    for size, status, most in ((500 << 20, 413, 1 << 20), (51 << 20, 413, 60 << 20)):
        tail = b"\r\n--b--\r\n" if size < 52 << 20 else b""
        stream = Endless(head, size)
        with unchanged(office.app, recorded=None):
            answer = caller.client.post(
                path,
                input_stream=_Chain(stream, tail),
                content_type="multipart/form-data; boundary=b",
                headers={"Authorization": f"Bearer {caller.token}"},
            )
            ensure_problem(answer, status)
        assert stream.read_bytes <= most


class _Chain(io.RawIOBase):
    """An upload and the end of its form; says its length when asked for its end."""

    def __init__(self, first: Endless, tail: bytes) -> None:
        self.first, self.tail = first, tail
        self.length, self.place = first.left + len(tail), 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self.place = self.length if whence == 2 else offset
        return self.place

    def tell(self) -> int:
        return self.place

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        done = self.first.readinto(buffer) if self.first.left > 0 else 0
        if done:
            return done
        data, self.tail = self.tail[: len(buffer)], self.tail[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)


@pytest.mark.parametrize("place", ["review", "signed", "done"])
def test_b7_files_of_others_or_after_sign_off_stay_as_they_are(office: Office, place: str) -> None:
    """Not in hand: 403 for who sees it."""
    with unchanged(office.app, recorded=1, orphans=True):
        answer = upload(office.call("drafter"), office.documents[place], "x.pdf", pdf())
        ensure_problem(answer, 403)


def test_b8_files_of_what_one_cannot_see(office: Office) -> None:
    with unchanged(office.app, recorded=1):
        answer = upload(office.call("east.drafter"), office.documents["draft"], "x.pdf", pdf())
        ensure_problem(answer, 404, "not_found")


def test_a_form_without_a_file_is_refused(office: Office) -> None:
    caller, document = office.call("drafter"), office.documents["draft"]
    path = f"/api/v1/documents/{document}/attachments"
    with unchanged(office.app):
        for data in ({}, {"file": "x"}, {"other": (io.BytesIO(b"x"), "x.pdf")}):
            answer = caller.post(path, data=data, content_type="multipart/form-data")
            ensure_problem(answer, 400)
        ensure_problem(caller.post(path, {"file": "x"}), 400)
        many = {f"f{place}": "x" for place in range(600)}
        answer = caller.post(path, data=many, content_type="multipart/form-data")
        ensure_problem(answer, 413)


NAMES = {
    "../../etc/passwd.pdf": "passwd.pdf",
    "C:\\Windows\\x.pdf": None,
    "CON.pdf": "_CON.pdf",
    f"a{RIGHT_TO_LEFT}fdp.pdf": "afdp.pdf",
    "甲" * 60 + ".pdf": None,
    'a"; filename="b.pdf': None,
    "<script>alert(1)</script>.pdf": None,
}


def test_b4_b6_names_and_contents_are_tamed(app: Flask, call: Call) -> None:
    """Stored under the hash; sent as a download of its own type, never sniffed, never run."""
    drafter = call("drafter")
    document = drafter.post("/api/v1/documents", NOTICE).json["id"]
    polyglot = pdf() + b"\n<html><script>alert(1)</script></html>"
    for name, shown in NAMES.items():
        answer = upload(drafter, document, name, polyglot)
        assert answer.status_code == 201, (name, answer.json)
        found = answer.json["attachments"][-1]
        if shown:
            assert found["name"] == shown
        assert not set(found["name"]) & set('/\\"<>|:*?\0\r\n'), found["name"]
        assert len(found["name"].encode()) <= 210
        got = drafter.get(f"/api/v1/documents/{document}/attachments/{found['id']}")
        assert got.data == polyglot
        assert got.content_type == "application/pdf"
        assert got.headers["Content-Disposition"].startswith("attachment")
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.headers["Content-Security-Policy"] == "sandbox"
        ensure_no_trace(answer)
    folder: Path = app.config["SETTINGS"].data / "files"
    assert [len(each.name) for each in files_below(folder)] == [64]


def test_b4_a_name_that_no_file_system_takes_is_refused(app: Flask, call: Call) -> None:
    """NUM-06: nothing is cut off behind the sender's back."""
    drafter = call("drafter")
    document = drafter.post("/api/v1/documents", NOTICE).json["id"]
    answer = upload(drafter, document, "甲" * 300 + ".pdf", pdf())
    assert answer.status_code == 422
    assert "文件名过长" in answer.json["errors"][0]["message"]


def test_s7_the_same_key_with_another_file_is_another_request(app: Flask, call: Call) -> None:
    drafter = call("drafter")
    document = drafter.post("/api/v1/documents", NOTICE).json["id"]
    path = f"/api/v1/documents/{document}/attachments"

    def send(content: bytes) -> Any:
        data = {"file": (io.BytesIO(content), "x.pdf")}
        return drafter.post(path, data=data, content_type="multipart/form-data", key="file-1")

    first = send(pdf())
    assert first.status_code == 201
    with unchanged(app):
        assert send(pdf_of(2)).status_code == 422


def pdf_of(pages: int) -> bytes:
    def more(made: pikepdf.Pdf) -> None:
        for _ in range(pages - 1):
            made.add_blank_page(page_size=(595, 842))

    return pdf(more)


def test_b8_an_attachment_by_the_address_of_another_document(app: Flask, call: Call) -> None:
    drafter, other = call("drafter"), call("sole.head")
    mine = drafter.post("/api/v1/documents", NOTICE).json["id"]
    theirs = other.post("/api/v1/documents", NOTICE).json["id"]
    attachment = upload(drafter, mine, "x.pdf", pdf()).json["attachments"][0]["id"]
    with unchanged(app, recorded=1):
        for document in (mine, theirs):
            path = f"/api/v1/documents/{document}/attachments/{attachment}"
            ensure_problem(other.get(path), 404, "not_found")
