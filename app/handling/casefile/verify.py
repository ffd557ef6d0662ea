"""核对卷宗包: whether a case file is whole, bound to the record, and signed. Standard library only.

    python -I verify.py 卷宗包.zip … [--key 公钥]

Needs neither server nor network nor any package, Python 3.9 or later. Status 0: all whole; 1: not.
The same file makes the archive (:func:`pack`), so that every byte of it can be compared. Long,
because one file is what somebody outside takes along; ``check.html`` does the same in a browser.
"""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import sys
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

Files = dict[str, bytes]
Point = tuple[int, int, int, int]

MANIFEST, SIGNATURE, RECORD = "manifest.json", "manifest.sig", "record.json"
WITNESSES = "witnesses.json"
PURPOSE, CHECKPOINT = b"gongwen case file\n", b"gongwen audit checkpoint\n"
LAST_SECOND = 253402300800
UTF8, STORED, ON_1980_01_01 = 0x800, 0, 0x21
LOCAL, CENTRAL, END = 0x04034B50, 0x02014B50, 0x06054B50


class Broken(Exception):
    """The first thing that does not fit, in a sentence."""


def verify(data: bytes, key: str | None = None) -> list[str]:
    """What was checked, a sentence each. Raises Broken naming what does not fit.

    data  the bytes of the archive; key  the public key that must have signed, hexadecimal
    """
    files = unpack(data)
    manifest = _manifest(files, key)
    _listed(files, manifest)
    record, checkpoint = _record(files, manifest)
    entries = _proved(record, "entries", checkpoint)
    basis = _proved(record, "basis", checkpoint)
    witnessed = _witnessed(files, checkpoint)
    _of_this_case(manifest, entries)
    bound = _bound(files, entries)
    if pack(files) != data:
        raise Broken("压缩包里有不属于任何文件的字节，包被改动。")
    return [
        f"清单签名成立，{len(manifest['files'])} 个文件与清单一致。",
        f"记录 {len(entries)} 条、所依据的规定 {len(basis)} 条"
        f"都在 {checkpoint['at']} 的检查点之内。",
        bound,
        f"签名公钥 {manifest['public_key']}，{'与给出的一致' if key else '请另行核实'}。",
        *witnessed,
    ]


def _manifest(files: Files, key: str | None) -> dict[str, Any]:
    if MANIFEST not in files or SIGNATURE not in files:
        raise Broken("缺少清单或者清单的签名。")
    manifest: dict[str, Any] = _json(files[MANIFEST], MANIFEST)
    public = manifest.get("public_key", "")
    if key and public != key.lower():
        raise Broken(f"卷宗包由另一把密钥签署：{public}。")
    if not signed(public, files[SIGNATURE].decode("ascii", "replace"), PURPOSE + files[MANIFEST]):
        raise Broken("清单的签名不符，清单被改动。")
    return manifest


def _listed(files: Files, manifest: dict[str, Any]) -> None:
    inside = set(files) - {MANIFEST, SIGNATURE}
    for name in sorted(inside - set(manifest["files"])):
        raise Broken(f"清单里没有“{name}”，它是后来放进去的。")
    for name, digest in sorted(manifest["files"].items()):
        if name not in files:
            raise Broken(f"缺少“{name}”。")
        if hashlib.sha256(files[name]).hexdigest() != digest:
            raise Broken(f"“{name}”被改动，与清单中的散列值不符。")


def _record(files: Files, manifest: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    record: dict[str, Any] = _json(files.get(RECORD, b""), RECORD)
    checkpoint = record["checkpoint"]
    said = {name: value for name, value in checkpoint.items() if name != "signature"}
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    whole = signed(checkpoint["public_key"], checkpoint["signature"], CHECKPOINT + text.encode())
    if not whole or checkpoint["public_key"] != manifest["public_key"]:
        raise Broken("检查点的签名不符，检查点被改动。")
    return record, checkpoint


def _proved(record: dict[str, Any], kind: str, checkpoint: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries of a kind, each led by its path to the root of the checkpoint."""
    found = []
    for each in record[kind]:
        body = json.loads(each["body"])
        path = [bytes.fromhex(step) for step in each["path"]]
        leaf = hashlib.sha256(b"\x00" + each["body"].encode()).digest()
        root = bytes.fromhex(checkpoint["root"])
        if not includes(leaf, body["seq"] - 1, checkpoint["size"], path, root):
            raise Broken(f"第 {body['seq']} 条记录不在检查点之内，记录被改动。")
        found.append(body)
    numbers = [body["seq"] for body in found]
    if numbers != sorted(set(numbers)):
        raise Broken("记录的次序不对，或者有重复。")
    return found


def _witnessed(files: Files, checkpoint: dict[str, Any]) -> list[str]:
    """What other systems had cosigned, and that the checkpoint goes on where that ended."""
    if WITNESSES not in files:
        return []
    return [_cosigned(each, checkpoint) for each in _json(files[WITNESSES], WITNESSES)["cosigned"]]


def _cosigned(each: dict[str, Any], checkpoint: dict[str, Any]) -> str:
    text, _, below = each["note"].rpartition("\n\n")
    text += "\n"
    name, public, size = each["name"], each["public_key"], int(text.split("\n")[1])
    lines = [line for line in below.split("\n") if line.startswith(f"— {name} ")]
    data = base64.b64decode(lines[0].rpartition(" ")[2], validate=True) if lines else b""
    kind = name.encode() + b"\n\x04" + bytes.fromhex(public)
    seconds = int.from_bytes(data[4:12], "big")
    message = f"cosignature/v1\ntime {seconds}\n{text}".encode()
    held = data[:4] == hashlib.sha256(kind).digest()[:4] and seconds < LAST_SECOND
    if not held or not signed(public, data[12:].hex(), message):
        raise Broken(f"见证方 {name} 的副署不成立，副署被改动。")
    roots = base64.b64decode(text.split("\n")[2], validate=True), bytes.fromhex(checkpoint["root"])
    path = [bytes.fromhex(step) for step in each["path"]]
    if not extends(size, roots[0], checkpoint["size"], roots[1], path):
        raise Broken(f"检查点没有接在见证方 {name} 副署的第 {size} 条之后，记录被改写。")
    at = datetime.fromtimestamp(seconds, timezone.utc).isoformat()  # noqa: UP017  (Python 3.9)
    return (
        f"见证方 {name} 于 {at} 副署了第 {size} 条的检查点，本包的检查点接在其后；"
        f"见证方公钥 {public}，请另行核实。"
    )


def _of_this_case(manifest: dict[str, Any], entries: Sequence[dict[str, Any]]) -> None:
    """All of it, too: each entry names the one before it of its case and of its document.

    What was recorded before entries did so names none, and what came last can be left out.
    """
    last = {"case": 0, "document": 0}
    for body in entries:
        its = [kind for kind in last if body[kind] == manifest[kind]]
        if not its:
            raise Broken(f"第 {body['seq']} 条记录不是此件的记录。")
        for kind in its:
            if body.get("before", last)[kind] != last[kind]:
                raise Broken(f"第 {body['seq']} 条记录之前缺少此件的记录。")
            last[kind] = body["seq"]
    begun = [body["case"] for body in entries if body["action"] == "case.started"]
    if manifest["case"] not in begun:
        raise Broken("没有此件发起的记录。")


def _bound(files: Files, entries: Sequence[dict[str, Any]]) -> str:
    """Texts, attachments, papers and the diagram are those that the record names."""
    details = [body["detail"] for body in entries]
    named = {each["content_sha256"] for each in details if "content_sha256" in each}
    said = "".join(json.dumps(each) for each in details)
    versions, papers = _in(files, "versions/"), _in(files, "papers/")
    attachments, drawn = _in(files, "attachments/"), _in(files, "diagram/")
    texts = "".join(files[name].decode("utf-8", "replace") for name in versions)
    for name, digest in versions.items():
        if digest not in named:
            raise Broken(f"“{name}”不是记录里的任何一个版本。")
    for name, digest in attachments.items():
        if digest not in texts and digest not in said:
            raise Broken(f"“{name}”不是任何一个版本的附件。")
    for name, digest in papers.items():
        if digest not in said:
            raise Broken(f"“{name}”不是记录里的版式文件。")
    missing = sorted(named - set(versions.values()))
    if missing:
        raise Broken(f"缺少记录所说的一个版本（{missing[0]}）。")
    _drawn(details, drawn)
    _certified(files, entries, set(papers.values()))
    counts = f"版本 {len(versions)} 个、附件 {len(attachments)} 个、版式文件 {len(papers)} 个"
    return f"{counts}和流程图都与记录相符；时限、日历和证书由清单的签名担保。"


def _drawn(details: Sequence[dict[str, Any]], drawn: dict[str, str]) -> None:
    """Each version that the case ran on, begun or moved to, in a folder of its own."""
    begun = [each for each in details if "definition_sha256" in each and "process" in each]
    wanted = {each["definition_sha256"]: each["process"] for each in begun}
    folders = {name.rpartition("/")[0] for name in drawn}
    if len(folders) != len(wanted):
        raise Broken("流程图不是此件办理时的版本。")
    for turn, (sha256, process) in enumerate(wanted.items(), 1):
        own = {name: each for name, each in drawn.items() if name.startswith(f"diagram/{turn}/")}
        if _diagram(process, own) != sha256:
            raise Broken(f"流程图不是此件办理时的版本（第 {turn} 个）。")


def _certified(files: Files, entries: Sequence[dict[str, Any]], papers: set[str]) -> None:
    """Each signature on a paper of the file has its certificate beside it."""
    for body in entries:
        detail = body["detail"]
        if body["action"] != "signature.made" or detail["sha256"] not in papers:
            continue
        serial = detail["certificate"]
        if not any(_is_certificate(name, serial) for name in files):
            raise Broken(f"缺少第 {body['seq']} 条记录所用的证书（{serial}）。")


def _is_certificate(name: str, serial: str) -> bool:
    return name.startswith("certificates/") and name.endswith(f"-{serial}.cer")


def _in(files: Files, folder: str) -> dict[str, str]:
    """Hashes of the files in a folder, by name."""
    names = sorted(name for name in files if name.startswith(folder))
    return {name: hashlib.sha256(files[name]).hexdigest() for name in names}


def _diagram(process: str, drawn: dict[str, str]) -> str:
    digests = sorted(bytes.fromhex(each) for each in drawn.values())
    return hashlib.sha256(b"\0".join([process.encode(), *digests])).hexdigest()


def _json(data: bytes, name: str) -> Any:
    try:
        return json.loads(data.decode("utf-8"))
    except ValueError:
        raise Broken(f"“{name}”不能读取。") from None


# Limits once more, by the calendars that the file brings along; Asia/Shanghai has no summer time.

Spans = list[tuple[datetime, datetime]]
SHANGHAI, DAY = timezone(timedelta(hours=8)), timedelta(days=1)


def recounted(files: Files) -> str:
    """How many limits come out again, a sentence; "" for a file of before the calendars.

    One that does not is no proof of a change: an end is put off where a new calendar would have
    made somebody late. What counts is the end in the record.
    """
    said = _json(files["limits.json"], "limits.json")
    days = {
        each["version"]: {of["day"]: of["hours"] for of in each["days"]}
        for each in said.get("calendars", [])
        if each["known"]
    }
    limits = [each for each in said["limits"] if each["kind"] == "overdue" and each["rule"]]
    if not days or not limits:
        return ""
    same = sum(_ends(each, days.get(each["calendar_version"], {})) for each in limits)
    rest = len(limits) - same
    other = f"其余 {rest} 个另有安排，理由见该环节的算法，或者当时的日历没有附上。" if rest else ""
    return f"时限 {len(limits)} 个，用所附工作日历重新计算，{same} 个与记录一致。{other}"


def _ends(limit: dict[str, Any], days: dict[str, list[str]]) -> bool:
    """Whether the sum of a limit leads to its end by these days."""
    try:
        return _counted(limit, days) == datetime.fromisoformat(limit["due_at"])
    except KeyError:  # a day that the calendar does not say
        return False


def _counted(limit: dict[str, Any], days: dict[str, list[str]]) -> datetime | None:
    rule, pause = limit["rule"], limit["pause"]
    start, amount = datetime.fromisoformat(limit["started_at"]), int(rule["amount"])
    if pause:
        resumed, rest = datetime.fromisoformat(pause["resumed_at"]), int(pause["seconds"])
        if rest == 0:
            return None  # it had run out before it stood still
        left = timedelta(seconds=rest)
        return resumed + left if pause["by_clock"] else _after(resumed, left, days)
    if rule["count"] == "working_time":
        return _after(start, timedelta(minutes=amount), days)
    if rule["count"] == "clock_time":
        return start + timedelta(minutes=amount)
    if rule["count"] == "urgent":
        opened = any(begin <= start < end for begin, end in _spans(start, days))
        return start + timedelta(minutes=amount if opened else int(rule["offhours"]))
    if rule["count"] == "elapsed":
        return _workday(_opening(start, days), amount, days)
    if amount == 0 and any(start < end for _, end in _spans(start, days)):
        return _spans(start, days)[-1][1]
    return _spans(_workday(start, amount or 1, days), days)[-1][1]


def _spans(at: datetime, days: dict[str, list[str]]) -> Spans:
    """Working time of the day of an instant. Raises KeyError for one that is not told."""
    day = at.astimezone(SHANGHAI)
    ends = [each.split("-") for each in days[day.date().isoformat()]]
    return [(_at(day, begin), _at(day, end)) for begin, end in ends]


def _at(day: datetime, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return day.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0)


def _workday(at: datetime, count: int, days: dict[str, list[str]]) -> datetime:
    """The same clock time on the working day that comes so many later."""
    while count:
        at += DAY
        count -= bool(_spans(at, days))
    return at


def _opening(at: datetime, days: dict[str, list[str]]) -> datetime:
    """``at`` in working time, else when it begins next."""
    for begin, end in _spans(at, days):
        if at < end:
            return max(at, begin)
    return _spans(_workday(at, 1, days), days)[0][0]


def _after(at: datetime, working: timedelta, days: dict[str, list[str]]) -> datetime:
    """The first instant by which so much working time has passed."""
    while True:
        for begin, end in _spans(at, days):
            room = max(end - max(begin, at), timedelta())
            if room and working <= room:
                return max(begin, at) + working
            working -= room
        at = _at(_workday(at, 1, days).astimezone(SHANGHAI), "00:00")


def includes(leaf: bytes, place: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Audit path of RFC 6962, section 2.1.1, from a leaf at ``place`` to the root."""
    if not 0 <= place < size:
        return False
    found, at, last, rest = leaf, place, size - 1, list(path)
    while last:
        if at & 1 or at < last:
            if not rest:
                return False
            beside = rest.pop(0)
            pair = beside + found if at & 1 else found + beside
            found = hashlib.sha256(b"\x01" + pair).digest()
        at, last = at >> 1, last >> 1
    return not rest and found == root


def extends(
    earlier: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Consistency proof of RFC 6962, section 2.1.2: the tree begins with the earlier one."""
    if not 1 <= earlier <= size:
        return False
    if earlier == size:
        return not proof and old_root == new_root
    rest, at, last = list(proof), earlier - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    if at and not rest:
        return False
    old = new = rest.pop(0) if at else old_root
    while last:
        if at & 1 or at < last:
            if not rest:
                return False
            beside = rest.pop(0)
            if at & 1:
                old = hashlib.sha256(b"\x01" + beside + old).digest()
            pair = beside + new if at & 1 else new + beside
            new = hashlib.sha256(b"\x01" + pair).digest()
        at, last = at >> 1, last >> 1
    return not rest and (old, new) == (old_root, new_root)


# An archive without compression, so that the same files always give the same bytes.


def pack(files: Files) -> bytes:
    """The bytes of a ZIP archive of these files, in the order of their names."""
    body, directory = bytearray(), bytearray()
    for name in sorted(files):
        data, path = files[name], name.encode()
        fields = (UTF8, STORED, 0, ON_1980_01_01, zlib.crc32(data), len(data), len(data))
        head = struct.pack("<HHHHHIIIHH", 20, *fields, len(path), 0)
        directory += struct.pack("<IH", CENTRAL, 20) + head
        directory += struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + path
        body += struct.pack("<I", LOCAL) + head + path + data
    count = len(files)
    numbers = (0, 0, count, count, len(directory), len(body), 0)
    return bytes(body + directory) + struct.pack("<IHHHHIIH", END, *numbers)


def unpack(data: bytes) -> Files:
    """The files of such an archive. Raises Broken for any other."""
    files: Files = {}
    at = 0
    try:
        while struct.unpack_from("<I", data, at)[0] == LOCAL:
            head = struct.unpack_from("<HHHHHIIIHH", data, at + 4)
            start = at + 30
            name = data[start : start + head[8]].decode("utf-8")
            at = start + head[8] + head[6]
            content = data[start + head[8] : at]
            if name in files or len(content) != head[6]:
                raise Broken("压缩包被改动或者截断。")
            files[name] = content
    except (struct.error, UnicodeDecodeError):
        raise Broken("压缩包被改动或者截断。") from None
    if not files:
        raise Broken("这不是卷宗包。")
    return files


# Ed25519 after RFC 8032, section 6: slow, and only to verify.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def signed(public_key: str, signature: str, message: bytes) -> bool:
    """Whether the signature, both in hexadecimal, is that of the key over the message."""
    try:
        key, sign = bytes.fromhex(public_key), bytes.fromhex(signature)
    except ValueError:
        return False
    if len(key) != 32 or len(sign) != 64 or (key.hex(), sign.hex()) != (public_key, signature):
        return False  # one spelling only: no capitals, no spaces
    point, first = _point(key), _point(sign[:32])
    scalar = int.from_bytes(sign[32:], "little")
    if point is None or first is None or scalar >= ORDER:
        return False
    hashed = hashlib.sha512(sign[:32] + key + message).digest()
    times = int.from_bytes(hashed, "little") % ORDER
    return _same(_times(scalar, BASE), _add(first, _times(times, point)))


def _x(y: int, odd: int) -> int | None:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if odd else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != odd else x


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    odd, y = y >> 255, y & ((1 << 255) - 1)
    x = _x(y, odd)
    return None if x is None else (x, y, 1, x * y % P)


def _add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(count: int, point: Point) -> Point:
    found = (0, 1, 1, 0)
    while count:
        if count & 1:
            found = _add(found, point)
        point, count = _add(point, point), count >> 1
    return found


def _same(one: Point, other: Point) -> bool:
    crossed = (one[0] * other[2] - other[0] * one[2], one[1] * other[2] - other[1] * one[2])
    return not any(each % P for each in crossed)


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = _x(_BASE_Y, 0) or 0
BASE = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def main(arguments: Sequence[str]) -> int:
    names, key = list(arguments), None
    if "--key" in names:
        place = names.index("--key")
        key = names[place + 1] if place + 1 < len(names) else None
        if key is None:
            names.clear()
        del names[place : place + 2]
    if not names:
        print("用法：python -I verify.py 卷宗包.zip … [--key 公钥]")
        return 2
    return max(_judged(name, key, len(names) > 1) for name in names)


def _judged(name: str, key: str | None, several: bool) -> int:
    """Says what one archive is worth, after its name where there are several; 0 or 1."""
    before = f"{name}：" if several else ""
    try:
        with open(name, "rb") as file:
            data = file.read()
        sentences = [*verify(data, key), recounted(unpack(data))]
    except Broken as fault:
        print(f"{before}卷宗包不可信：{fault}")
        return 1
    except OSError as fault:
        print(f"{before}不能读取文件（{fault.strerror}）。")
        return 1
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as fault:
        print(f"{before}卷宗包不可信：内容不能读取（{type(fault).__name__}）。")
        return 1
    for sentence in [] if several else filter(None, sentences):
        print(sentence)
    print(f"{before}卷宗包完好。")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
