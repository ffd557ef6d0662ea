"""流程包: whole and unchanged there and back; whatever was tampered with is refused."""

import io
import json
import zipfile
from collections.abc import Callable

import pytest

from app.errors import Invalid
from app.workflow import packages
from app.workflow.packages import MANIFEST, Package

PACKAGE = Package(
    "p", "甲", 3, {"p.bpmn": b"<a/>", "q/q.bpmn": b"<b/>"}, {"one.json": b"{}"}, {"t.json": b"[]"}
)


def test_there_and_back() -> None:
    data = packages.write(PACKAGE)
    assert packages.read(data) == PACKAGE
    assert packages.write(PACKAGE) == data


def repacked(change: Callable[[dict[str, bytes]], object]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(packages.write(PACKAGE))) as archive:
        inside = {name: archive.read(name) for name in archive.namelist()}
    change(inside)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in inside.items():
            archive.writestr(name, data)
    return held.getvalue()


def manifest(**changed: object) -> Callable[[dict[str, bytes]], object]:
    def change(inside: dict[str, bytes]) -> None:
        found = json.loads(inside[MANIFEST]) | changed
        inside[MANIFEST] = json.dumps(found).encode()

    return change


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "不是完整的压缩文件"),
        (packages.write(PACKAGE)[:-40], "不是完整的压缩文件"),
        (b"x" * (packages.MAX_BYTES + 1), "超过 4 MiB"),
        (repacked(lambda inside: inside.pop(MANIFEST)), "清单"),
        (repacked(lambda inside: inside.update({MANIFEST: b"[" * 100_000})), "清单"),
        (repacked(manifest(version="3")), "清单"),
        (repacked(manifest(format=9)), "升级程序"),
        (repacked(manifest(files={})), "校验值"),
        (repacked(lambda inside: inside.update({"process/p.bpmn": b"<c/>"})), "校验值"),
        (repacked(lambda inside: inside.update({"process/z.bpmn": b"<c/>"})), "校验值"),
        (repacked(lambda inside: inside.update({"../etc/x": b""})), "文件名"),
        (repacked(lambda inside: inside.update({"/etc/x": b""})), "文件名"),
        (repacked(lambda inside: inside.update({"process/../x": b""})), "文件名"),
        (repacked(lambda inside: inside.update({"process/x": b"0" * 2_000_000})), "过大"),
        (
            repacked(lambda inside: inside.update({f"process/{n}.form": b"" for n in range(200)})),
            "多于",
        ),
    ],
)
def test_what_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        packages.read(data)


def test_an_archive_that_lies_about_its_sizes() -> None:
    data = bytearray(repacked(lambda inside: inside.update({"process/x": b"0" * 900_000})))
    size = (900_000).to_bytes(4, "little")
    while (place := data.find(size)) >= 0:
        data[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(Invalid, match="流程包"):
        packages.read(bytes(data))
