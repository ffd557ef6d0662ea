"""The attachments of a document in one file, to be saved at once."""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO

from sqlalchemy.orm import Session

from app.documents import content
from app.documents.filenames import file_name
from app.errors import Invalid, NotFound
from app.handling.access import document_of
from app.handling.equipment import equipment
from app.organization import Actor

MOST_BYTES = 500 * 1024 * 1024
IN_MEMORY = 8 * 1024 * 1024
CHUNK = 1 << 20


@dataclass(frozen=True)
class Bundle:
    """What goes into the file: names as they stand in it, and what the store knows the bytes by."""

    case_id: int
    file_name: str
    entries: Sequence[tuple[str, str]]

    def zipped(self) -> IO[bytes]:
        """The file, from its beginning. Nothing of the database is needed any more."""
        file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  closed by who sends it
        with zipfile.ZipFile(file, "w") as archive:
            for name, digest in self.entries:
                entry = zipfile.ZipInfo(name)
                with equipment().store.open(digest) as stream, archive.open(entry, "w") as into:
                    while chunk := stream.read(CHUNK):
                        into.write(chunk)
        file.seek(0)
        return file


def of_document(session: Session, actor: Actor, document_id: int) -> Bundle:
    """The attachments in force, each under a name of its own (NUM-06).

    Raises NotFound for a document that the actor may not see or that has none, Invalid over
    MOST_BYTES.
    """
    document, case = document_of(session, actor, document_id)
    files = content.current(document)
    if not files:
        raise NotFound("此件没有附件。")
    if sum(each.size for each in files) > MOST_BYTES:
        raise Invalid("附件合计超过 500 MB，请逐个下载。")
    entries: dict[str, str] = {}
    for each in files:
        stem, _, ending = each.name.rpartition(".")
        name = file_name(stem, ending, entries) if stem else each.name
        entries[name] = each.sha256
    return Bundle(case.id, file_name(f"{document.title}附件", "zip"), list(entries.items()))
