"""Signed notes and cosignatures, against what others have written; and our own name in them."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.audit.cosigning import notes
from app.audit.cosigning.notes import LOG, WITNESS, NoNote, Note, TreeHead, VerifierKey
from app.config import Config, UnsafeSettings

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
AT = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
HEAD = TreeHead("county.example/gongwen", 7, "ab" * 32)


def test_the_example_of_another_program_holds() -> None:
    """The note in the documentation of golang.org/x/mod/sumdb/note."""
    key = VerifierKey.read("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    signed = (
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN"
        "1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    line = f"— PeterNeumann {signed}\n"
    (signature,) = notes.signatures(line)
    assert signature.is_by(key)
    assert notes._holds(key.public, signature.data, text.encode())
    assert not notes._holds(key.public, signature.data, text.upper().encode())


def test_a_checkpoint_is_read_as_it_was_written() -> None:
    note = notes.sign(HEAD, KEY)
    key = VerifierKey.of(HEAD.origin, LOG, KEY)
    assert Note.read(notes.whole(note)) == note
    assert note.signed_by(key)
    assert not note.signed_by(VerifierKey.of("other.example", LOG, KEY))
    assert VerifierKey.read(str(key)) == key


def test_a_cosignature_is_over_body_and_time() -> None:
    key = VerifierKey.of("city.example/w", WITNESS, KEY)
    line = notes.cosign(HEAD.text, key.name, KEY, AT)
    (read,) = notes.signatures(line.line)
    assert notes.cosigned_at(HEAD.text, read, key) == AT
    assert notes.cosigned_at(HEAD.text.replace("7", "8"), read, key) is None
    later = notes.Signature(read.name, read.identity, bytes(7) + b"\1" + read.data[8:])
    assert notes.cosigned_at(HEAD.text, later, key) is None
    own = VerifierKey.of(key.name, LOG, KEY)
    assert notes.cosigned_at(HEAD.text, read, own) is None


def test_extension_lines_are_signed_too() -> None:
    text = HEAD.text + "more\n"
    key = VerifierKey.of("city.example/w", WITNESS, KEY)
    line = notes.cosign(text, key.name, KEY, AT)
    note = Note.read(f"{text}\n{line.line}")
    assert note.head == HEAD
    assert note.text == text
    assert notes.cosigned_at(note.text, note.signatures[0], key) == AT


GOOD = notes.whole(notes.sign(HEAD, KEY))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        GOOD[:-1],
        GOOD.replace("\n7\n", "\n07\n"),
        GOOD.replace("\n7\n", "\n٧\n"),
        GOOD.replace("\n7\n", "\n" + "9" * 30 + "\n"),
        GOOD.replace("\n7\n", "\n\n"),
        GOOD.replace("q6ur", "q6u", 1),
        GOOD.replace("\n7", "\r\n7"),
        GOOD.replace("— ", "- "),
        GOOD.replace("county.example/gongwen", "county example", 1),
        GOOD.partition("\n\n")[0] + "\n\n" + GOOD.partition("\n\n")[2] * 17,
    ],
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoNote):
        Note.read(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a+b+c",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoNote):
        VerifierKey.read(text)


NAMES = [
    ({}, "127.0.0.1:8000/gongwen"),
    ({"GONGWEN_HOSTS": "oa.example.gov.cn,other.example"}, "oa.example.gov.cn/gongwen"),
    ({"GONGWEN_LOG_NAME": "county.example/log"}, "county.example/log"),
]


@pytest.mark.parametrize(("given", "origin"), NAMES)
def test_the_name_of_our_log(tmp_path: Path, given: dict[str, str], origin: str) -> None:
    config = Config.from_environment({"GONGWEN_DATA": str(tmp_path), **given})
    config.check()
    assert config.origin == origin
    assert notes.is_name(config.origin)
    assert notes.is_name(config.witness_name)
    assert config.witness_name != config.origin
    assert config.cosigning_key == tmp_path / "witness-key.pem"


@pytest.mark.parametrize("name", ["two words", "one+two", "line\nend", "水务局"])
def test_a_name_that_stands_in_no_line_is_refused(tmp_path: Path, name: str) -> None:
    given = {"GONGWEN_DATA": str(tmp_path), "GONGWEN_LOG_NAME": name}
    with pytest.raises(UnsafeSettings, match="GONGWEN_LOG_NAME"):
        Config.from_environment(given).check()
