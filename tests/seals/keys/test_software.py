"""Keys in files: made, opened, moved to another key-encryption key, destroyed."""

import os
import shutil
import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key

from app.config import UnsafeSettings
from app.seals.keys import KeyEncryption, SoftwareKeys
from app.seals.keys.encryption import new_file
from app.seals.keys.errors import KeyUnusable

ONE = KeyEncryption(b"1" * 32)
OTHER = KeyEncryption(b"2" * 32)


@pytest.fixture
def keys(tmp_path: Path) -> SoftwareKeys:
    return SoftwareKeys(tmp_path / "keys", ONE)


def file_of(tmp_path: Path, reference: str) -> Path:
    return tmp_path / "keys" / f"{reference}.pem"


def verify(public_key: bytes, signature: bytes, data: bytes) -> None:
    public = load_der_public_key(public_key)
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(signature, data, ec.ECDSA(hashes.SHA256()))


def test_a_key_signs_and_its_public_half_verifies(keys: SoftwareKeys) -> None:
    key = keys.open(keys.make())
    signature = key.sign(b"text")
    verify(key.public_key, signature, b"text")
    with pytest.raises(InvalidSignature):
        verify(key.public_key, signature, b"Text")


def test_the_file_is_encrypted_and_its_owners_alone(keys: SoftwareKeys, tmp_path: Path) -> None:
    path = file_of(tmp_path, keys.make())
    assert b"ENCRYPTED PRIVATE KEY" in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [each.name for each in path.parent.iterdir()] == [path.name], "nothing is left beside"


def test_a_wide_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o750)
    with pytest.raises(UnsafeSettings, match="chmod 700"):
        SoftwareKeys(tmp_path / "keys", ONE)


def test_nothing_of_a_key_shows_in_print(keys: SoftwareKeys) -> None:
    key = keys.open(keys.make())
    assert "private" not in repr(key)


@pytest.mark.parametrize("harm", ["cut", "emptied", "other"])
def test_a_damaged_or_exchanged_file_is_no_key(
    harm: str, keys: SoftwareKeys, tmp_path: Path
) -> None:
    reference, second = keys.make(), keys.make()
    path = file_of(tmp_path, reference)
    match harm:
        case "cut":
            path.write_bytes(path.read_bytes()[:120])
        case "emptied":
            path.write_bytes(b"")
        case "other":
            shutil.copy(file_of(tmp_path, second), path)
    with pytest.raises(KeyUnusable, match="打不开"):
        keys.open(reference)
    keys.open(second)


def test_another_key_encryption_key_opens_nothing(keys: SoftwareKeys, tmp_path: Path) -> None:
    reference = keys.make()
    with pytest.raises(KeyUnusable, match="打不开"):
        SoftwareKeys(tmp_path / "keys", OTHER).open(reference)


@pytest.mark.parametrize("reference", ["0" * 64, "../../etc/passwd", ""])
def test_what_is_not_there_is_said(reference: str, keys: SoftwareKeys) -> None:
    with pytest.raises(KeyUnusable, match="请联系系统管理员"):
        keys.open(reference)


def test_a_destroyed_key_is_gone_and_may_be_destroyed_again(
    keys: SoftwareKeys, tmp_path: Path
) -> None:
    reference = keys.make()
    before = file_of(tmp_path, reference).read_bytes()
    keep = tmp_path / "link"
    os.link(file_of(tmp_path, reference), keep)
    keys.destroy(reference)
    keys.destroy(reference)
    assert keys.references() == []
    assert keep.read_bytes()[: len(before)] != before, "overwritten, not only unlinked"


def test_all_keys_move_to_another_key_encryption_key(keys: SoftwareKeys, tmp_path: Path) -> None:
    references = [keys.make(), keys.make()]
    old = [file_of(tmp_path, each).read_bytes() for each in references]
    assert keys.encrypt_with(OTHER) == 2
    moved = SoftwareKeys(tmp_path / "keys", OTHER)
    for each in references:
        assert keys.open(each).public_key == moved.open(each).public_key
    with pytest.raises(KeyUnusable):
        SoftwareKeys(tmp_path / "keys", ONE).open(references[0])
    assert old != [file_of(tmp_path, each).read_bytes() for each in references]


def test_a_broken_off_move_goes_on(keys: SoftwareKeys, tmp_path: Path) -> None:
    first, second = keys.make(), keys.make()
    untouched = file_of(tmp_path, second).read_bytes()
    keys.encrypt_with(OTHER)
    file_of(tmp_path, second).write_bytes(untouched)  # as if it had stopped after the first
    again = SoftwareKeys(tmp_path / "keys", ONE)
    assert again.encrypt_with(OTHER) == 1
    assert again.open(first)
    assert again.open(second)


def test_the_key_encryption_key_comes_from_a_file_or_the_environment(tmp_path: Path) -> None:
    new_file(tmp_path / "kek")
    from_file = KeyEncryption.from_environment({}, "GONGWEN_SIGNER_KEK", tmp_path / "kek")
    text = (tmp_path / "kek").read_text()
    given = {"GONGWEN_SIGNER_KEK": text}
    from_environment = KeyEncryption.from_environment(given, "GONGWEN_SIGNER_KEK", tmp_path / "no")
    assert from_file.password("a") == from_environment.password("a")
    assert from_file.password("a") != from_file.password("b")
    with pytest.raises(FileExistsError):
        new_file(tmp_path / "kek")


@pytest.mark.parametrize(
    ("content", "mode", "sentence"),
    [
        ("ab" * 32, 0o640, "chmod 600"),
        ("ab" * 32, 0o604, "chmod 600"),
        ("ab" * 31, 0o600, "64 个十六进制字符"),
        ("秘密", 0o600, "64 个十六进制字符"),
        ("", 0o600, "64 个十六进制字符"),
    ],
)
def test_an_unsafe_key_encryption_key_is_refused(
    content: str, mode: int, sentence: str, tmp_path: Path
) -> None:
    path = tmp_path / "kek"
    path.write_text(content)
    path.chmod(mode)
    with pytest.raises(UnsafeSettings, match=sentence) as refused:
        KeyEncryption.read(path)
    assert not content or content not in str(refused.value), "the sentence holds no secret"


def test_a_missing_or_linked_key_encryption_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsafeSettings, match="请从备份恢复"):
        KeyEncryption.read(tmp_path / "kek")
    new_file(tmp_path / "real")
    (tmp_path / "kek").symlink_to(tmp_path / "real")
    with pytest.raises(UnsafeSettings, match="打不开"):
        KeyEncryption.read(tmp_path / "kek")
    with pytest.raises(UnsafeSettings, match="不是普通文件"):
        KeyEncryption.read(tmp_path)
