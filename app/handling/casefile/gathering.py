"""What belongs into the file of a case, as bytes by name.

What counts is named in the record as far as the checkpoint goes: texts by the acts done on them,
attachments and papers by the acts that added and made them, the diagrams by the acts that began the
case and moved it, ends of signatures by the acts that ended them. Limits, certificates and lists
of revocations come from rows, those of after the checkpoint left out: made again later from the
same checkpoint, the file has the same bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.audit import AuditEntry, Checkpoint, Entry, case_entries, proofs
from app.audit.cosigning import queries as witnesses
from app.documents.filenames import display_name
from app.documents.models import Attachment, Document, DocumentVersion
from app.documents.storage import Store
from app.handling.casefile import basis, certificates, verify
from app.handling.models import Case
from app.seals.models import Paper
from app.workflow.forms import is_form
from app.workflow.loading import definition

Files = dict[str, bytes]


Paths = Mapping[int, list[str]]
"""Paths of entries to the root of one checkpoint, by number."""


@dataclass(frozen=True)
class Proven:
    """What all files from one checkpoint share: see :func:`shared`.

    cosigned  what witnesses had cosigned, and how the checkpoint goes on from there; None: unread
    """

    paths: Paths
    cosigned: list[dict[str, Any]] | None


def gather(
    session: Session,
    case: Case,
    checkpoint: Checkpoint,
    store: Store,
    known: Proven | None = None,
) -> Files:
    """Raises FileMissing where the store has lost a file.

    known  from :func:`shared`, where several cases are packed; else a pass over the record finds
           what this one needs
    """
    known = known or Proven({}, None)
    document = session.get_one(Document, case.document_id)
    entries = _entries(session, case, checkpoint.size)
    chosen = basis.entries(session, case, checkpoint.size)
    proved = _proved(session, {**entries, **chosen}, checkpoint.size, known.paths)
    record = {
        "checkpoint": checkpoint.as_json(),
        "entries": [proved[seq] for seq in entries],
        "basis": [proved[seq] for seq in chosen if seq not in entries],
    }
    files: Files = {"record.json": _json(record)}
    acts = acts_until(session, case, checkpoint.size)
    files["limits.json"] = _json(basis.limits(session, case, acts, checkpoint))
    files |= _versions(session, document, entries.values())
    files |= _attachments(session, document, acts, store)
    papers = _papers(session, document, entries.values(), store)
    digests = [hashlib.sha256(data).hexdigest() for data in papers.values()]
    files |= papers | certificates.signatures(session, case, digests, acts, checkpoint.moment)
    files |= _diagrams(session, entries.values())
    cosigned = known.cosigned
    if cosigned is None:
        cosigned = witnesses.for_case_file(session, checkpoint)
    return files | ({verify.WITNESSES: _json({"cosigned": cosigned})} if cosigned else {})


def acts_until(session: Session, case: Case, size: int) -> list[Entry]:
    """The entries of the case and its document, as far as the checkpoint goes."""
    found = case_entries(session, case.id, case.document_id)
    return [each for each in found if each.seq <= size]


def shared(session: Session, cases: Iterable[Case], checkpoint: Checkpoint) -> Proven:
    """What the files of all these cases need, in one pass over the record.

    What is spoilt is left out: the file of its case fails when it is made, and the others do not.
    """
    numbers: set[int] = set()
    for case in cases:
        with suppress(*UNREADABLE):
            numbers |= {*_numbers(session, case, checkpoint.size)}
    found: Paths = {}
    with suppress(*UNREADABLE):
        found = _paths(session, sorted(numbers), checkpoint.size)
    with suppress(*UNREADABLE):
        return Proven(found, witnesses.for_case_file(session, checkpoint))
    return Proven(found, None)


UNREADABLE = (ValueError, LookupError, TypeError, AttributeError)
"""What a body raises that somebody has spoilt."""


def _numbers(session: Session, case: Case, size: int) -> Iterable[int]:
    own = sa.select(AuditEntry.seq).where(_of_case(case), AuditEntry.seq <= size)
    return [*session.scalars(own), *basis.entries(session, case, size)]


def _paths(session: Session, numbers: Sequence[int], size: int) -> Paths:
    if not numbers:
        return {}
    found = proofs.paths(session, dict.fromkeys(numbers, ""), size)
    return {seq: path for seq, (_, path) in zip(numbers, found, strict=True)}


def _proved(
    session: Session, bodies: Mapping[int, str], size: int, known: Paths
) -> dict[int, dict[str, Any]]:
    if not bodies.keys() <= known.keys():
        known = _paths(session, list(bodies), size)
    return {seq: {"body": body, "path": known[seq]} for seq, body in bodies.items()}


def _of_case(case: Case) -> sa.ColumnElement[bool]:
    return sa.or_(AuditEntry.case_id == case.id, AuditEntry.document_id == case.document_id)


def _entries(session: Session, case: Case, size: int) -> Mapping[int, str]:
    """Bodies by number, of the case and its document, as far as the checkpoint goes."""
    query = (
        sa.select(AuditEntry.seq, AuditEntry.body)
        .where(_of_case(case), AuditEntry.seq <= size)
        .order_by(AuditEntry.seq)
    )
    return {row.seq: row.body for row in session.execute(query)}


def _versions(session: Session, document: Document, bodies: Any) -> Files:
    """Those that an act was done on: a text saved and changed again before any act is in none."""
    named = "".join(bodies)
    query = sa.select(DocumentVersion).filter_by(document_id=document.id)
    return {
        f"versions/{each.number:04d}.json": each.elements.encode()
        for each in session.scalars(query.order_by(DocumentVersion.number))
        if each.sha256 in named
    }


def _attachments(
    session: Session, document: Document, acts: Iterable[Entry], store: Store
) -> Files:
    added = {each.detail["attachment"] for each in acts if each.action == "document.attached"}
    query = sa.select(Attachment).filter_by(document_id=document.id).order_by(Attachment.id)
    return {
        f"attachments/{each.id}-{display_name(each.name)}": store.get(each.sha256)
        for each in session.scalars(query)
        if each.id in added
    }


def _papers(session: Session, document: Document, bodies: Any, store: Store) -> Files:
    named = "".join(bodies)
    query = sa.select(Paper).filter_by(document_id=document.id).order_by(Paper.id)
    return {
        f"papers/{each.id}-{each.stage}.pdf": store.get(each.sha256)
        for each in session.scalars(query)
        if each.sha256 in named
    }


def _diagrams(session: Session, bodies: Iterable[str]) -> Files:
    """Every version that the case ran on, in the order in which the record names them."""
    found: Files = {}
    for turn, sha256 in enumerate(_versions_named(bodies), 1):
        files = definition(session, sha256).files.items()
        by_digest = sorted(files, key=lambda each: hashlib.sha256(each[1]).digest())
        for place, (name, data) in enumerate(by_digest, 1):
            found[f"diagram/{turn}/{place}.{'form' if is_form(name) else 'bpmn'}"] = data
    return found


def _versions_named(bodies: Iterable[str]) -> list[str]:
    details = (json.loads(body)["detail"] for body in bodies if '"definition_sha256"' in body)
    return list(dict.fromkeys(each["definition_sha256"] for each in details if "process" in each))


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, indent=1).encode()
