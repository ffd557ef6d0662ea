"""附件: added, replaced and taken off until the sign-off; never changed in place (ATT-03)."""

from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from sqlalchemy.orm import Session

from app.documents import admission, content, filenames, history, inspection, kinds, scans
from app.documents.errors import WrongState
from app.documents.models import Attachment, Document
from app.documents.storage import Store
from app.errors import Invalid, NotFound
from app.organization import Actor

MOST = 50
"""Attachments in force of one document."""


@dataclass(frozen=True)
class Upload:
    """A checked file whose bytes are in the store; ``name`` is safe to show, ``size`` in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str


def take_in(name: str, stream: BinaryIO, store: Store) -> Upload:
    """Check an upload and keep its bytes; without a session, so that no lock is held meanwhile.

    name  as the sender named the file, however dangerous
    Raises Invalid for too long a name, TooLarge (413), WrongType (415), Unreadable, ActiveContent
    or Classified; a refused file is not stored.
    """
    if filenames.is_too_long(name):
        raise Invalid("文件名过长，请改短到 60 个汉字以内再上传。（NUM-06）")
    shown = filenames.display_name(name)
    extension = inspection.ensure_name(shown)
    file, size = inspection.receive(stream)
    with file:
        inspection.inspect(file, extension)
        digest = store.put(file)
    return Upload(shown, inspection.MEDIA_TYPES[extension], size, digest)


def attach(
    session: Session,
    document: Document,
    by: Actor,
    at: datetime,
    upload: Upload,
    *,
    step: str | None = None,
    replaces: int | None = None,
    received: Document | None = None,
) -> Attachment:
    """Attach a file that was taken in; the document gets a new version.

    replaces  id of an attachment in force that this one takes the place of (ATT-03)
    received  the document whose original this is; it stays as it came (ATT-02)
    Raises WrongState from the sign-off on (S11), NotFound, WrongType or TooLarge for what the unit
    does not take (ATT-07), Invalid over the number of files or for a name that another file has
    (NUM-06).
    """
    history.hold(session, document)
    _ensure_open(document)
    scans.ensure_scan(document, upload.media_type)
    admission.ensure_admitted(session, document.unit_id, upload.media_type, upload.size)
    old = None if replaces is None else find(document, replaces)
    if old is not None and old.received_id is not None:
        raise Invalid.at(
            "file", f"“{old.name}”是来文的原件，不能替换。不用的请移除，再重新选择。（ATT-02）"
        )
    others = [each for each in content.current(document) if each is not old]
    if len(others) >= MOST:
        raise Invalid(f"附件最多 {MOST} 个，请合并后再上传。")
    if upload.name.casefold() in {each.name.casefold() for each in others}:
        raise Invalid.at("file", f"已有附件“{upload.name}”，请改名后再上传，或者替换它。（NUM-06）")
    attachment = Attachment(
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        sha256=upload.sha256,
        added_by_id=by.person_id,
        added_at=at,
        replaces_id=replaces,
        received_id=received.id if received else None,
    )
    document.attachments.append(attachment)
    if old is not None:
        old.ended_at = at
    session.flush()
    history.save(session, document, by, at, step)
    history.record(
        session,
        document,
        "document.attached",
        by,
        at,
        step=step,
        attachment=attachment.id,
        name=upload.name,
        sha256=upload.sha256,
        size=upload.size,
        replaces=replaces,
        **({"received": received_name(received)} if received else {}),
    )
    return attachment


def received_name(received: Document) -> str:
    """How a received document is called in a line: by its number, or by who sent it."""
    return received.source_number or f"{received.from_unit or ''}来文"


def remove(
    session: Session,
    document: Document,
    attachment_id: int,
    by: Actor,
    at: datetime,
    *,
    step: str | None = None,
) -> None:
    """Take an attachment off. It and earlier versions stay viewable.

    Raises NotFound, or WrongState from the sign-off on (S11).
    """
    history.hold(session, document)
    _ensure_open(document)
    attachment = find(document, attachment_id)
    attachment.ended_at = at
    history.save(session, document, by, at, step)
    history.record(
        session,
        document,
        "document.detached",
        by,
        at,
        step=step,
        attachment=attachment_id,
        name=attachment.name,
        sha256=attachment.sha256,
    )


def find(document: Document, attachment_id: int) -> Attachment:
    """An attachment in force of this document, and of no other. Raises NotFound."""
    for attachment in content.current(document):
        if attachment.id == attachment_id:
            return attachment
    raise NotFound


def kept(document: Document, attachment_id: int) -> Attachment:
    """An attachment that this document has or had, to be looked at. Raises NotFound."""
    for attachment in document.attachments:
        if attachment.id == attachment_id:
            return attachment
    raise NotFound


def _ensure_open(document: Document) -> None:
    if document.state not in history.EDITABLE:
        raise WrongState(
            f"此件{kinds.STATES[document.state]}，附件不能再改。确需修改的，请退回后重新签发。"
        )
