"""Where files lie: under the SHA-256 of their bytes, in a folder or in an object store.

Files come before rows: the bytes are safely there when the transaction first names them. A crash
leaves an orphan, never a dangling reference.
"""

import hashlib
import os
import re
import uuid
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

import fsspec
from fsspec.implementations.local import LocalFileSystem

from app import faults
from app.documents.errors import FileMissing

CHUNK = 1 << 20
"""Bytes copied at a time."""

_HASH = re.compile("[0-9a-f]{64}")


class Store:
    """Files of one installation.

    address  a folder, or an fsspec URL such as ``s3://bucket/prefix`` or ``memory://files``
    """

    def __init__(self, address: str | Path) -> None:
        files, root = fsspec.core.url_to_fs(str(address))
        self._files: Any = files
        self._root: str = root.rstrip("/")
        self._local = isinstance(files, LocalFileSystem)

    def put(self, content: bytes | BinaryIO) -> str:
        """Keep the bytes and return their SHA-256; a seekable stream is read from its beginning.

        When this returns, the file survives a crash (reliability, files before rows).
        """
        stream = BytesIO(content) if isinstance(content, bytes) else content
        stream.seek(0)
        digest = _digest(stream)
        if not self.exists(digest):
            stream.seek(0)
            if self._local:
                self._put_in_folder(stream, Path(self._path(digest)))
            else:
                self._put_in_bucket(stream, self._path(digest))
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes. Raises FileMissing when they are not there or are no longer the same."""
        with self.open(digest) as stream:
            content = stream.read()
        if hashlib.sha256(content).hexdigest() != digest:
            raise FileMissing("文件的内容与登记的校验码不符，已停止打开。请联系系统管理员。")
        return content

    def open(self, digest: str) -> BinaryIO:
        """A stream for a download. Raises FileMissing."""
        try:
            stream: BinaryIO = self._files.open(self._path(digest), "rb")
        except FileNotFoundError:
            raise FileMissing("没有找到这个文件的内容。请联系系统管理员从备份恢复。") from None
        return stream

    def exists(self, digest: str) -> bool:
        return bool(self._files.exists(self._path(digest)))

    def _path(self, digest: str) -> str:
        if not _HASH.fullmatch(digest):
            raise ValueError("a file is named by the SHA-256 of its bytes, in hexadecimal")
        return f"{self._root}/{digest[:2]}/{digest}"

    def _put_in_folder(self, stream: BinaryIO, path: Path) -> None:
        """Temporary name, fsync, rename, fsync of the folder: whole or not there (S8)."""
        new_folder = not path.parent.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{uuid.uuid4().hex}")
        try:
            with temporary.open("xb") as file:
                while chunk := stream.read(CHUNK):
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            faults.reach("after-file-write")
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        faults.reach("after-file-rename")
        _sync_folder(path.parent)
        if new_folder:
            _sync_folder(path.parent.parent)

    def _put_in_bucket(self, stream: BinaryIO, path: str) -> None:
        """An object store shows an object only when it was written to its end."""
        self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
        with self._files.open(path, "wb") as file:
            while chunk := stream.read(CHUNK):
                file.write(chunk)


def _digest(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
