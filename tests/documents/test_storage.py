"""Files under their hash, whole or not there."""

import hashlib
import io
from pathlib import Path

import pytest

from app.documents import Store
from app.documents.errors import FileMissing

CONTENT = "公文".encode() * 1000
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["folder", "memory"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    where = {"folder": tmp_path / "files", "memory": f"memory://{tmp_path.name}"}
    return Store(where[request.param])


def test_put_and_get(any_store: Store) -> None:
    assert not any_store.exists(DIGEST)
    assert any_store.put(CONTENT) == DIGEST
    assert any_store.put(io.BytesIO(CONTENT)) == DIGEST
    assert any_store.exists(DIGEST)
    assert any_store.get(DIGEST) == CONTENT
    with any_store.open(DIGEST) as stream:
        assert stream.read(6) == CONTENT[:6]


def test_a_stream_is_read_from_its_beginning(any_store: Store) -> None:
    stream = io.BytesIO(CONTENT)
    stream.seek(77)
    assert any_store.put(stream) == DIGEST
    assert any_store.get(DIGEST) == CONTENT


def test_absent(any_store: Store) -> None:
    with pytest.raises(FileMissing, match="没有找到"):
        any_store.get(DIGEST)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", DIGEST.upper(), DIGEST + "\n", "0" * 63])
def test_only_hashes_name_files(any_store: Store, name: str) -> None:
    for ask in (any_store.get, any_store.exists, any_store.open):
        with pytest.raises(ValueError, match="SHA-256"):
            ask(name)


def test_changed_bytes_are_noticed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put(CONTENT)
    (tmp_path / DIGEST[:2] / DIGEST).write_bytes(CONTENT + b"!")
    with pytest.raises(FileMissing, match="校验码不符"):
        store.get(DIGEST)


class Breaking(io.BytesIO):
    """Whole when it is hashed, and fails when it is copied."""

    reads = 0

    def read(self, size: int | None = -1) -> bytes:
        self.reads += 1
        if self.reads > 2:
            raise OSError(28, "No space left on device")
        return super().read(size)


def test_a_broken_copy_leaves_nothing(tmp_path: Path) -> None:
    """S8."""
    with pytest.raises(OSError, match="No space"):
        Store(tmp_path).put(Breaking(CONTENT))
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
