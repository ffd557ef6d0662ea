"""The archive: what was gathered, a page to read, the verifier, and a signed list of it all."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from app.audit import Checkpoint
from app.database import reading
from app.documents.models import Document
from app.documents.storage import Store
from app.errors import Conflict, DomainError, NotFound
from app.handling.casefile import reading as to_read
from app.handling.casefile import verify
from app.handling.casefile.errors import NotItself
from app.handling.casefile.gathering import Files, Proven, acts_until, gather
from app.handling.models import Case
from app.handling.replaying.rebuilding import rebuild
from app.handling.replaying.texts import text_at
from app.handling.views import paper

VERIFIER = Path(verify.__file__)
CHECKER = VERIFIER.with_name("check.html")
MOST = 1 << 30
"""Bytes of the files of one archive."""
HOW = """卷宗包：一件公文的全部版本、附件、版式文件、流程图和流转记录，连同证明。

阅读：打开 case.html。
核对：打开 check.html，选取本包；或者运行 python -I verify.py 本包.zip --key 公钥
公钥请向制作单位的安全审计员或者见证处核实，不要采信包内所写。
不需要服务器、网络和任何软件包：浏览器即可，或者 Python 3.9 以上。

record.json      流转记录和所依据的规定，每条带有到检查点的证明；检查点有签名
versions/        办理所依据的每一版正文
attachments/     附件
page.pdf         没有用密钥签名的公文，由正文排成的版面，便于阅读
papers/          签发、用印的版式文件（PDF），签名和时间戳在文件之内
signatures.json  谁签名、用印，时间戳的时刻，所用的证书
certificates/    所用的证书和签发机构的证书、撤销清单
diagram/         办理时的流程图版本，换过版本的依次编号
limits.json      每个环节的时限、算法，算时限时所用各版本的工作日历和时限规则
witnesses.json   其他系统（见证方）为检查点的副署，及本包检查点接在其后的证明；没有见证方的没有
manifest.json    以上文件的散列值，manifest.sig 是它的签名
"""


def case_file(
    session: Session,
    case_id: int,
    checkpoint: Checkpoint,
    key: Ed25519PrivateKey,
    store: Store,
    at: datetime,
    page: bytes | None = None,
    known: Proven | None = None,
) -> bytes:
    """The archive of a case as far as the checkpoint goes, signed with the key of checkpoints.

    page   what :func:`page_of` set: to read, where no signed paper is there
    known  what files from this checkpoint share, where it was found for several cases at once

    Raises NotFound; Conflict where the case began after the checkpoint; FileMissing;
    NotItself where what was packed does not stand its own verification, saying why.
    """
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound(f"没有编号为 {case_id} 的件。")
    files = gather(session, case, checkpoint, store, known)
    entries = to_read.bodies(files)
    if not any(each["action"] == "case.started" for each in entries):
        raise Conflict("此件在最近的检查点之后才发起，请先运行 gongwen checkpoint。")
    if page is not None:
        files["page.pdf"] = page
    files["case.html"] = to_read.page(*_heading(session, case, checkpoint), entries, checkpoint)
    files["words.json"] = to_read.words(entries)
    files["verify.py"], files["check.html"] = VERIFIER.read_bytes(), CHECKER.read_bytes()
    files["说明.txt"] = HOW.encode()
    if sum(map(len, files.values())) > MOST:
        raise Conflict("此件的文件合计超过 1 GB，不能制成一个卷宗包，请分别取出附件。")
    files |= _signed_list(files, case, key, at)
    packed = verify.pack(files)
    try:
        verify.verify(packed)
    except verify.Broken as fault:
        raise NotItself(str(fault)) from fault
    return packed


def _heading(session: Session, case: Case, checkpoint: Checkpoint) -> tuple[str, str]:
    """Title and number as far as the checkpoint goes; of before the notes, as they are."""
    document = session.get_one(Document, case.document_id)
    moment = rebuild(acts_until(session, case, checkpoint.size))
    text = text_at(session, document.id, moment.version, moment.content_sha256, moment.version)
    known = moment.document.get("number") if moment.document else document.number
    title = text.title if text else ""
    return title or document.title, str(known or "")


def page_of(sessions: Callable[[], Session], case_id: int) -> bytes | None:
    """The page of a document that no key has signed; None where none can be set.

    Takes about a second, in sessions of its own: call it outside of any transaction.
    """
    with reading(), sessions() as session:
        case = session.get(Case, case_id)
        document = session.get_one(Document, case.document_id) if case is not None else None
        found = paper.unsigned(session, document) if document is not None else None
    try:
        return found.pdf() if found is not None else None
    except DomainError:
        return None


def _signed_list(
    files: Mapping[str, bytes], case: Case, key: Ed25519PrivateKey, at: datetime
) -> Files:
    content = {
        "case": case.id,
        "document": case.document_id,
        "made_at": at.isoformat(),
        "public_key": key.public_key().public_bytes_raw().hex(),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1).encode()
    signature = key.sign(verify.PURPOSE + text).hex()
    return {verify.MANIFEST: text, verify.SIGNATURE: signature.encode()}
