"""A process as one file to take elsewhere (流程包): drawings, forms, templates and saved tests.

A zip archive with ``manifest.json``, which names every other file with its SHA-256. What is read
from outside is only looked at: names, sizes and hashes first, and nothing is written to a disk.
"""

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import Invalid

FORMAT = 1
MAX_BYTES = 4 * 1024 * 1024
MAX_FILES = 150
MAX_FILE = 1024 * 1024
MAX_TOTAL = 16 * 1024 * 1024
MANIFEST = "manifest.json"
NAME = re.compile(
    r"(process|tests|templates)/(?!\.)[^\x00-\x1f/\\:*?\"<>|]{1,80}(/[^\x00-\x1f/\\:*?\"<>|]{1,80})?\Z"
)
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, EOFError, OSError),
    *(RuntimeError, NotImplementedError, ValueError),
)
EPOCH = (2000, 1, 1, 0, 0, 0)  # the same content is the same file, whenever it is exported


@dataclass(frozen=True)
class Package:
    """files: drawings and forms by name; tests, templates likewise; version: of who exported it."""

    process_id: str
    name: str
    version: int
    files: Mapping[str, bytes]
    tests: Mapping[str, bytes]
    templates: Mapping[str, bytes]


def write(package: Package) -> bytes:
    """The archive; the same package gives the same bytes."""
    folders = (
        ("process", package.files),
        ("tests", package.tests),
        ("templates", package.templates),
    )
    inside = {f"{folder}/{name}": data for folder, files in folders for name, data in files.items()}
    manifest = {
        "format": FORMAT,
        "process_id": package.process_id,
        "name": package.name,
        "version": package.version,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in sorted(inside.items())},
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [(MANIFEST, text), *sorted(inside.items())]:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return held.getvalue()


def read(data: bytes) -> Package:
    """Raises Invalid, saying what is wrong, for anything that :func:`write` would not write."""
    if len(data) > MAX_BYTES:
        raise _refused("超过 4 MiB，请减少内容后重新导出")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = {entry.filename: archive.read(entry) for entry in _fit(archive)}
    except BROKEN:
        raise _refused("不是完整的压缩文件，请重新导出") from None
    manifest = _manifest(inside.pop(MANIFEST, b""))
    named = manifest["files"]
    if named != {name: hashlib.sha256(each).hexdigest() for name, each in inside.items()}:
        raise _refused("内容与清单的校验值不符，可能已损坏或被改动，请重新导出")
    return Package(
        manifest["process_id"],
        manifest["name"],
        manifest["version"],
        *(_folder(inside, folder) for folder in ("process", "tests", "templates")),
    )


def _fit(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The entries, if names and sizes are what they may be; sizes that lie fail the reading."""
    entries = archive.infolist()
    names = [entry.filename for entry in entries]
    if len(entries) > MAX_FILES or len(set(names)) < len(names):
        raise _refused(f"文件多于 {MAX_FILES} 个或有同名文件，请重新导出")
    for entry in entries:
        if entry.filename != MANIFEST and not NAME.match(entry.filename):
            raise _refused("含有不该有的文件名，请重新导出")
        if entry.file_size > MAX_FILE or entry.flag_bits & 1:
            raise _refused("含有过大或加密的文件，请重新导出")
    if sum(entry.file_size for entry in entries) > MAX_TOTAL:
        raise _refused("展开后过大，请减少内容后重新导出")
    return entries


def _manifest(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise _refused("没有可以读取的清单，请重新导出") from None
    kinds = {"format": int, "process_id": str, "name": str, "version": int, "files": dict}
    if not isinstance(found, dict) or any(
        not isinstance(found.get(name), kind) for name, kind in kinds.items()
    ):
        raise _refused("没有可以读取的清单，请重新导出")
    if found["format"] != FORMAT:
        raise _refused("是另一版本的程序导出的，请升级程序后再导入")
    return found


def _folder(inside: Mapping[str, bytes], folder: str) -> dict[str, bytes]:
    prefix = f"{folder}/"
    return {
        name.removeprefix(prefix): data for name, data in inside.items() if name.startswith(prefix)
    }


def _refused(why: str) -> Invalid:
    return Invalid.at("files", f"流程包{why}。")
