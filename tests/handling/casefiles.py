"""Case files of an office at work, and what forgers make of them."""

import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app import clock
from app.audit import Checkpoint, checkpoints
from app.audit.cosigning import notes
from app.audit.cosigning.models import Cosignature, Witness
from app.documents.attachments import Upload
from app.handling.acts import editing
from app.handling.casefile import packing, verify
from app.handling.casefile.verify import Files
from app.handling.equipment import equipment
from tests.world import MONDAY, World

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
OTHER = Ed25519PrivateKey.from_private_bytes(b"o" * 32)
WITNESS = Ed25519PrivateKey.from_private_bytes(b"w" * 32)
PUBLIC = KEY.public_key().public_bytes_raw().hex()
Change = Callable[[Files], None]


def sign(world: World) -> Checkpoint:
    found = checkpoints.make(world.session, KEY, world.at, now=True)
    world.session.commit()
    assert found is not None
    return found


def taken(world: World, case_id: int, checkpoint: Checkpoint) -> bytes:
    store = equipment().store
    return packing.case_file(world.session, case_id, checkpoint, KEY, store, world.at)


def shelf(world: World, count: int) -> list[bytes]:
    """So many whole case files: documents on their way, taken after every act of the office."""
    found: list[bytes] = []
    begun: list[int] = []
    while len(found) < count:
        done = world.draft()
        digest = equipment().store.put(b"annex %d" % len(begun))
        with clock.moved_to(world.at):
            upload = Upload("附表 一.tif", "image/tiff", 7, digest)
            editing.attach_all(world.session, world.actor("drafter"), done, [upload])
            world.session.commit()
        begun.append(done.case.id)
        for until in ("dept_review", "office_check", "leader_sign", "seal", None):
            task = world.run(done, until)
            if task is not None and until == "office_check" and len(begun) % 2:
                world.send_back(task, "office.head", "dept_review", opinion="请补充依据。")
            checkpoint = sign(world)
            found += [taken(world, each, checkpoint) for each in begun]
    return found[:count]


def resigned(files: Files, change: Change, key: Ed25519PrivateKey | None = KEY) -> bytes:
    """Changed by somebody who makes the list anew; with no key the old signature stays."""
    changed = dict(files)
    change(changed)
    manifest = json.loads(changed.pop(verify.MANIFEST))
    signature = changed.pop(verify.SIGNATURE)
    manifest["files"] = {n: hashlib.sha256(d).hexdigest() for n, d in changed.items()}
    if key is not None:
        manifest["public_key"] = key.public_key().public_bytes_raw().hex()
    text = json.dumps(manifest).encode()
    changed[verify.MANIFEST] = text
    if key is not None:
        signature = key.sign(verify.PURPOSE + text).hex().encode()
    changed[verify.SIGNATURE] = signature
    return verify.pack(changed)


@dataclass(frozen=True)
class Damage:
    """What was done to a case file, in words, and the bytes that came of it."""

    what: str
    data: bytes


def damages(good: bytes, stranger: bytes) -> Iterator[Damage]:
    """Every kind of damage to one case file.

    stranger  the case file of another case of the same office, made at the same time or later
    """
    files, other = verify.unpack(good), verify.unpack(stranger)
    yield from _flips(good, files)
    yield from _cuts(good)
    yield from _tricks(good, files)
    yield from _files_changed(files, other)
    for what, change in _record_changes(other):
        yield Damage(f"signed again: {what}", resigned(files, change))
    yield from _lists_changed(files, other)


def _flipped(data: bytes, place: int, bit: int = 0) -> bytes:
    damaged = bytearray(data)
    damaged[place] ^= 1 << bit
    return bytes(damaged)


def _flips(good: bytes, files: Files) -> Iterator[Damage]:
    """A bit in every file, and one in every field of the archive's own structures."""
    for name, content in files.items():
        start = good.index(content)
        yield Damage(f"a bit in the middle of {name}", _flipped(good, start + len(content) // 2))
    signature = good.index(files[verify.SIGNATURE])
    letter = next(n for n in range(128) if chr(good[signature + n]).isalpha())
    yield Damage("a capital in the signature", _flipped(good, signature + letter, 5))
    local = {"version": 4, "flags": 6, "method": 8, "time": 10, "date": 12, "checksum": 14}
    local |= {"packed": 18, "size": 22, "length of the name": 26, "extra": 28, "name": 30}
    for what, place in {"mark": 0, **local}.items():
        yield Damage(f"first entry: {what}", _flipped(good, place))
    central = good.index(struct.pack("<I", verify.CENTRAL))
    fields = {"mark": 0, "made by": 4, "version": 6, "flags": 8, "method": 10, "checksum": 16}
    fields |= {"packed": 20, "size": 24, "comment": 32, "disk": 34, "kind": 36, "place": 42}
    for what, place in fields.items():
        yield Damage(f"directory: {what}", _flipped(good, central + place))
    for back, what in ((22, "mark"), (18, "disk"), (14, "count"), (10, "size"), (6, "place")):
        yield Damage(f"end: {what}", _flipped(good, len(good) - back))
    yield Damage("end: comment", _flipped(good, len(good) - 2))


def _cuts(good: bytes) -> Iterator[Damage]:
    central = good.index(struct.pack("<I", verify.CENTRAL))
    cuts = (0, 1, 29, len(good) // 2, central, central + 20, len(good) - 22, len(good) - 1)
    for length in cuts:
        yield Damage(f"cut to {length} bytes", good[:length])
    yield Damage("a byte behind", good + b"\0")
    yield Damage("a byte before", b"\0" + good)
    yield Damage("twice", good + good)
    yield Damage("no archive", b"%PDF-1.7\n%%EOF")


def _tricks(good: bytes, files: Files) -> Iterator[Damage]:
    """The same or nearly the same files in an archive that other programs read otherwise."""
    yield Damage("packed by another program", _zipped(files))
    yield Damage("compressed", _zipped(files, zipfile.ZIP_DEFLATED))
    first = sorted(files)[0]
    entry = verify.pack({first: b"other"})
    end = entry.index(struct.pack("<I", verify.CENTRAL))
    yield Damage("an entry twice", entry[:end] + good)
    central = good.index(struct.pack("<I", verify.CENTRAL))
    yield Damage("an entry that the directory does not name", good[:central] + entry + good)
    yield Damage("bytes before the directory", good[:central] + b"hidden" + good[central:])
    comment = good[:-2] + struct.pack("<H", 6) + b"hidden"
    yield Damage("a comment", comment)
    name = b"case.html"
    at = good.rindex(name)
    yield Damage("another name in the directory", good[:at] + b"case.htmX" + good[at + 9 :])
    yield Damage("no file in it", verify.pack({}))


def _zipped(files: Files, how: int = zipfile.ZIP_STORED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", how) as archive:
        for name in sorted(files):
            archive.writestr(name, files[name])
    return made.getvalue()


def _files_changed(files: Files, other: Files) -> Iterator[Damage]:
    """Files exchanged, by somebody who leaves the list alone."""
    version = next(name for name in sorted(files) if name.startswith("versions/"))
    for name in sorted(files):
        less = {each: data for each, data in files.items() if each != name}
        yield Damage(f"without {name}", verify.pack(less))
    for name in (version, "record.json", "case.html", "limits.json", "words.json"):
        yield Damage(f"{name} emptied", verify.pack({**files, name: b""}))
    for name in ("record.json", verify.MANIFEST, verify.SIGNATURE):
        yield Damage(f"{name} of another case", verify.pack({**files, name: other[name]}))
    renamed = {("versions/9.json" if n == version else n): d for n, d in files.items()}
    yield Damage("a version renamed", verify.pack(renamed))
    swapped = {**files, "case.html": files["verify.py"], "verify.py": files["case.html"]}
    yield Damage("two files swapped", verify.pack(swapped))
    yield Damage("a file more", verify.pack({**files, "versions/9.json": b"{}"}))
    easy = b"print('\xe5\x8d\xb7\xe5\xae\x97\xe5\x8c\x85\xe5\xae\x8c\xe5\xa5\xbd')"
    yield Damage("a verifier that always agrees", verify.pack({**files, "verify.py": easy}))


def _record_changes(other: Files) -> Iterator[tuple[str, Change]]:
    """By somebody who has the key of the list, but not an older checkpoint in hand."""

    def of_record(change: Callable[[dict], None]) -> Change:  # type: ignore[type-arg]
        def apply(files: Files) -> None:
            record = json.loads(files["record.json"])
            change(record)
            files["record.json"] = json.dumps(record, ensure_ascii=False).encode()

        return apply

    def put(name: str, data: bytes) -> Change:
        return lambda files: files.update({name: data})

    def spoiled(folder: str, content: bytes) -> Change:
        def apply(files: Files) -> None:
            files[next(name for name in sorted(files) if name.startswith(folder))] = content

        return apply

    def gone(folder: str) -> Change:
        def apply(files: Files) -> None:
            del files[next(name for name in sorted(files) if name.startswith(folder))]

        return apply

    def body(record: dict, place: int, old: str, new: str) -> None:  # type: ignore[type-arg]
        entry = record["entries"][place]
        assert old in entry["body"]
        entry["body"] = entry["body"].replace(old, new)

    strange = json.loads(other["record.json"])
    yield "an entry changed", of_record(lambda it: body(it, 1, "drafter", "dept.head"))
    yield "the time of an entry", of_record(lambda it: body(it, -1, "2026-", "2025-"))
    yield "the number of an entry", of_record(lambda it: body(it, 1, '"seq":', '"seq":1'))
    yield "a path cut", of_record(lambda it: it["entries"][0]["path"].pop())
    yield "a path turned", of_record(lambda it: it["entries"][0]["path"].reverse())
    yield (
        "two paths exchanged",
        of_record(
            lambda it: it["entries"].__setitem__(
                slice(0, 2),
                [
                    {"body": it["entries"][0]["body"], "path": it["entries"][1]["path"]},
                    {"body": it["entries"][1]["body"], "path": it["entries"][0]["path"]},
                ],
            )
        ),
    )
    yield "two entries swapped", of_record(lambda it: it["entries"].reverse())
    yield "an entry twice", of_record(lambda it: it["entries"].insert(0, it["entries"][0]))
    yield "the first entry left out", of_record(lambda it: it["entries"].pop(0))
    yield "an entry in the middle left out", of_record(_middle_out)
    yield "no entry", of_record(lambda it: it["entries"].clear())
    yield "no basis", of_record(lambda it: it.pop("basis"))
    yield "entries that are none", of_record(lambda it: it.update(entries=[1, 2]))
    yield "the root", of_record(lambda it: it["checkpoint"].update(root="0" * 64))
    yield "the size", of_record(lambda it: it["checkpoint"].update(size=10**6))
    yield "the time", of_record(lambda it: it["checkpoint"].update(at="2020-01-01T00:00:00+00:00"))
    forged = checkpoints.of_json({**strange["checkpoint"], "public_key": _public(OTHER)})
    another = forged.signed_by(OTHER).as_json()
    yield "a checkpoint of another key", of_record(lambda it: it.update(checkpoint=another))
    yield "entries of another case", of_record(lambda it: it.update(entries=strange["entries"]))
    yield "the record of another case", put("record.json", other["record.json"])
    yield "a record that is none", put("record.json", b"no")
    yield "a text", spoiled("versions/", b"{}")
    yield "a text left out", gone("versions/")
    yield "an attachment", spoiled("attachments/", b"other")
    yield "the diagram", spoiled("diagram/", b"<a/>")
    yield "no diagram", gone("diagram/")
    yield "a paper", put("papers/1-sealed.pdf", b"%PDF-1.7")


def _middle_out(record: dict) -> None:  # type: ignore[type-arg]
    del record["entries"][len(record["entries"]) // 2]


def _lists_changed(files: Files, other: Files) -> Iterator[Damage]:
    def nothing(_: Files) -> None:
        pass

    def page(changed: Files) -> None:
        changed["case.html"] = changed["case.html"].replace("同意".encode(), b"")

    yield Damage("a page changed and the list made anew", resigned(files, page, None))
    yield Damage("signed with another key", resigned(files, nothing, OTHER))
    yield Damage("changed and signed with another key", resigned(files, page, OTHER))
    yield Damage("no signature", verify.pack({**files, verify.SIGNATURE: b""}))
    zero = verify.pack({**files, verify.SIGNATURE: b"0" * 128})
    yield Damage("a signature of zeros", zero)
    spaced = files[verify.SIGNATURE] + b"\n"
    yield Damage("a line end after the signature", verify.pack({**files, "manifest.sig": spaced}))

    def of_another_case() -> bytes:
        manifest = json.loads(files[verify.MANIFEST])
        manifest |= {"case": 10**6, "document": 10**6}
        text = json.dumps(manifest).encode()
        signature = KEY.sign(verify.PURPOSE + text).hex().encode()
        return verify.pack({**files, verify.MANIFEST: text, verify.SIGNATURE: signature})

    yield Damage("said to be another case", of_another_case())


def _public(key: Ed25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def cosigned(world: World, checkpoint: Checkpoint, name: str = "city.example/witness") -> None:
    """As the scheduler leaves it when a witness has cosigned this checkpoint."""
    note = notes.sign(
        notes.TreeHead("county.example/gongwen", checkpoint.size, checkpoint.root), KEY
    )
    line = notes.cosign(note.text, name, WITNESS, world.at)
    row = world.session.scalar(sa.select(Witness).filter_by(name=name))
    if row is None:
        row = Witness(name=name, public_key=_public(WITNESS), address="https://city.example")
        row.added_at = row.retry_at = world.at
        world.session.add(row)
        world.session.flush()
    row.size = checkpoint.size
    given = Cosignature(witness_id=row.id, size=checkpoint.size, text=note.text)
    given.note_signature, given.signature = note.signatures[0].line, line.line
    given.cosigned_at = given.at = world.at
    world.session.add(given)
    world.session.commit()


def of_witnesses(change: Callable[[dict[str, Any]], None]) -> Change:
    """What somebody who has the key of the list does to the first cosignature."""

    def apply(files: Files) -> None:
        given = json.loads(files[verify.WITNESSES])
        change(given["cosigned"][0])
        files[verify.WITNESSES] = json.dumps(given).encode()

    return apply


def forged_cosignatures() -> Iterator[tuple[str, Change]]:
    def turned(text: str, old: str, new: str) -> str:
        assert old in text
        return text.replace(old, new)

    def of_note(old: str, new: str) -> Change:
        return of_witnesses(lambda it: it.update(note=turned(it["note"], old, new)))

    yield "another log", of_note("county.example/gongwen\n", "other.example\n")
    yield "no line of the witness", of_note("— city", "— town")
    yield "no base 64", of_note("— city.example/witness ", "— city.example/witness !")
    yield "another name", of_witnesses(lambda it: it.update(name="town.example"))
    yield "another key", of_witnesses(lambda it: it.update(public_key=_public(OTHER)))
    yield "a path more", of_witnesses(lambda it: it["path"].append("00" * 32))
    yield "a path turned", of_witnesses(lambda it: it["path"].reverse())
    yield "no path", of_witnesses(lambda it: it["path"].clear())
    yield "no note", of_witnesses(lambda it: it.pop("note"))
    yield "a cut note", of_witnesses(lambda it: it.update(note=it["note"][:40]))

    def other_root(it: dict[str, Any]) -> None:
        head = notes.TreeHead("county.example/gongwen", 3, "11" * 32)
        line = notes.cosign(head.text, it["name"], WITNESS, MONDAY)
        it["note"] = f"{head.text}\n{line.line}"

    yield "another record, truly cosigned", of_witnesses(other_root)
