"""Tables of documents, their versions, attachments and numbers."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.audit.guard import append_only
from app.database import Base
from app.documents import kinds
from app.documents.text import Block, of_stored, plain

OUTGOING_STATES = ("draft", "reviewing", "signed", "numbered", "sealed", "dispatched")
"""An outgoing document passes them in this order; ``cancelled`` ends it from any but the last."""

INCOMING_STATES = ("registered", "handling", "closed", "returned")

REQUEST_STATES = ("draft", "reviewing", "approved", "refused")


def _one_of(column: str, values: tuple[str, ...]) -> sa.CheckConstraint:
    quoted = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({quoted})", name=column)


class Document(Base):
    """One 公文, drafted here (outgoing) or received (incoming), or a request, which is none.

    version         count of its DocumentVersions; ``content_sha256`` is the hash of the newest
    revision        rises with every change of the row; the loser of two changes at once gets 409
    text            正文 as blocks (``text``); ``body`` is the same as plain lines
    letterhead      name of the 红头模板, "" for the one that fits the kind
    joint_issuers   the other agencies of a joint document; its own unit leads and numbers it
    present, excused, observers   出席, 请假, 列席 of minutes, by name
    nature          公文性质, "" where none was chosen (DRF-17)
    keywords        主题词 as they were when it was signed; ``amended_keywords`` are those that took
                    their place after the sign-off, None while there are none (DRF-18)
    series          code of the 文号序列 that the drafter proposes, "" for that of the kind
    explained       reasons given at 发前检查, as ``preflight.Explanation``; they only grow
    number          发文字号, from the ledger only, which keeps it unique in its series; None until
                    registered, and again once voided
    signatory       签发人; written by ``marks.mark_signed`` and by nothing else (OUT-13), save that
                    ``scans.enter`` takes over the one typed off a scanned paper
    signatory_post  职务 of who signed, from his appointment; None until then
    copies, proofreader   份数 and 校对, of the registration (REC-03)
    source_number   the number on a paper that was finished elsewhere: the sender's of an incoming
                    document, "" when it bears none; of a scan the one to be entered in the ledger
    scanned         扫描件: a paper finished outside the system, sent out as it is (OUT-17)
    paper_signatory 签发人 read off a scanned paper by the dispatcher; None of any other document
    receipt_number  收文编号, running within ``receipt_year`` and the unit (NUM-04)
    """

    __tablename__ = "document"
    __table_args__ = (
        _one_of("flow", ("outgoing", "incoming", "request")),
        _one_of("direction", (*kinds.DIRECTIONS, kinds.INCOMING, kinds.INTERNAL)),
        _one_of("kind", tuple(kinds.KINDS)),
        _one_of("urgency", tuple(kinds.URGENCIES)),
        _one_of("nature", ("", *kinds.NATURES)),
        sa.CheckConstraint("copies >= 0", name="copies"),
        _one_of("state", (*OUTGOING_STATES, *INCOMING_STATES, "approved", "refused", "cancelled")),
        sa.CheckConstraint(
            "state NOT IN ('signed', 'numbered', 'sealed', 'dispatched')"
            " OR (signatory IS NOT NULL AND signed_at IS NOT NULL)",
            name="signed",
        ),
        sa.CheckConstraint(
            "state NOT IN ('numbered', 'sealed', 'dispatched') OR number IS NOT NULL",
            name="numbered",
        ),
        sa.UniqueConstraint("unit_id", "receipt_year", "receipt_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    drafter_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    flow: Mapped[str]
    direction: Mapped[str]
    kind: Mapped[str | None]
    title: Mapped[str]
    urgency: Mapped[str]
    state: Mapped[str]
    main_recipients: Mapped[list[str]]
    copy_recipients: Mapped[list[str]]
    joint_issuers: Mapped[list[str]]
    note: Mapped[str]
    letterhead: Mapped[str] = mapped_column(default="")
    present: Mapped[list[str]] = mapped_column(default=list)
    excused: Mapped[list[str]] = mapped_column(default=list)
    observers: Mapped[list[str]] = mapped_column(default=list)
    nature: Mapped[str] = mapped_column(default="")
    keywords: Mapped[list[str]] = mapped_column(default=list)
    amended_keywords: Mapped[list[str] | None] = mapped_column(sa.JSON(none_as_null=True))
    series: Mapped[str] = mapped_column(default="")
    text: Mapped[list[dict[str, Any]]]
    version: Mapped[int] = mapped_column(sa.Integer)
    content_sha256: Mapped[str]
    revision: Mapped[int] = mapped_column(sa.Integer)
    created_at: Mapped[datetime]
    explained: Mapped[list[dict[str, Any]]] = mapped_column(default=list)

    number: Mapped[str | None] = mapped_column(index=True)
    signatory: Mapped[str | None]
    signatory_post: Mapped[str | None]
    copies: Mapped[int | None] = mapped_column(sa.Integer)
    proofreader: Mapped[str | None]
    signed_at: Mapped[datetime | None]
    numbered_at: Mapped[datetime | None]
    sealed_at: Mapped[datetime | None]
    dispatched_at: Mapped[datetime | None]

    from_unit: Mapped[str | None]
    source_number: Mapped[str | None]
    document_date: Mapped[date | None]
    received_at: Mapped[datetime | None]
    source: Mapped[str | None]
    receipt_year: Mapped[int | None] = mapped_column(sa.Integer)
    receipt_number: Mapped[int | None] = mapped_column(sa.Integer)

    scanned: Mapped[bool] = mapped_column(default=False)
    paper_signatory: Mapped[str | None]

    attachments: Mapped[list["Attachment"]] = relationship(
        order_by="Attachment.id", foreign_keys="Attachment.document_id"
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012  (SQLAlchemy reads it)

    @property
    def blocks(self) -> tuple[Block, ...]:
        return of_stored(self.text)

    @property
    def body(self) -> str:
        """The text as plain lines."""
        return plain(self.blocks)

    @property
    def keywords_in_force(self) -> list[str]:
        return self.keywords if self.amended_keywords is None else self.amended_keywords


class DocumentVersion(Base):
    """One save (留痕, OUT-36); the database refuses to change it.

    step        BPMN id of the step at which it was saved
    elements    canonical JSON of everything that people enter, attachments by hash
    sha256      of the UTF-8 of ``elements``: what an opinion, a signature and a seal stand for
    difference  canonical JSON of ``versions.Difference`` from the version before
    """

    __tablename__ = "document_version"
    __table_args__ = (sa.UniqueConstraint("document_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    step: Mapped[str | None]
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    author_name: Mapped[str]
    at: Mapped[datetime]
    elements: Mapped[str]
    sha256: Mapped[str]
    difference: Mapped[str]


class Attachment(Base):
    """A file added to a document (ATT-02). It is never changed, only replaced (ATT-03).

    name      as shown and sent, already made safe; the bytes lie in the store under ``sha256``
    size      bytes
    ended_at  when it was replaced or taken off; it stays viewable
    """

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), index=True)
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime]
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("attachment.id"))
    received_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"))
    ended_at: Mapped[datetime | None]


class Picture(Base):
    """A picture that somebody uploaded for texts of his unit; the bytes lie under ``sha256``.

    width, height  pixels
    size           bytes
    """

    __tablename__ = "picture"

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    added_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    media_type: Mapped[str]
    width: Mapped[int] = mapped_column(sa.Integer)
    height: Mapped[int] = mapped_column(sa.Integer)
    size: Mapped[int]
    added_at: Mapped[datetime]


class DocumentPicture(Base):
    """A picture that a version of the document has or had in its text."""

    __tablename__ = "document_picture"
    __table_args__ = (sa.Index("ix_document_picture_sha256", "sha256"),)

    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)


class NumberSeries(Base):
    """序列: one running series of numbers of a unit (OUT-29), such as 江水 or 令.

    code      机关代字, or the short name of a series whose numbers bear none; unique in the office
    form      key of ``numbering.FORMS``: how a number is written, and whether it starts anew
    kinds     文种 that it fits
    role_key  who gives its numbers; None: whoever the route puts at the registration
    ended_at  no numbers are given any more; the registers stay
    """

    __tablename__ = "number_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    form: Mapped[str]
    kinds: Mapped[list[str]]
    role_key: Mapped[str | None] = mapped_column(sa.ForeignKey("role.key"))
    ended_at: Mapped[datetime | None]


class NumberBook(Base):
    """登记簿: the numbers of a series in a year. Its row lock makes the takers queue (NUM-01).

    year      0 where a series runs on over the years
    last      highest number that has a line; the lines run from 1 to it without a gap
    reserved  how many of the lines are reserved, expired ones included
    """

    __tablename__ = "number_book"
    __table_args__ = (sa.UniqueConstraint("series_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(sa.ForeignKey("number_series.id"))
    year: Mapped[int] = mapped_column(sa.Integer)
    last: Mapped[int] = mapped_column(sa.Integer)
    reserved: Mapped[int] = mapped_column(sa.Integer)


class ReceiptSeries(Base):
    """Receipt numbers (收文编号) of one unit in one year (NUM-04)."""

    __tablename__ = "receipt_series"
    __table_args__ = (sa.UniqueConstraint("unit_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"))
    year: Mapped[int] = mapped_column(sa.Integer)
    last: Mapped[int] = mapped_column(sa.Integer)


class IssuedNumber(Base):
    """A line of the number ledger. A number once entered never leaves it and is on one document.

    state       reserved: kept back for a purpose; free again once it has expired
                used: on its document, for good; void: taken and then not used (decision 7)
                skipped: left out on purpose; only the scan of the paper that bears it may claim it
    number      the running number; ``text`` is the whole 发文字号
    purpose, expires_at, reserved_…   of a reservation, kept when the number is used
    reason, struck_…                  of a number that is void or skipped
    """

    __tablename__ = "issued_number"
    __table_args__ = (
        _one_of("state", ("reserved", "used", "void", "skipped")),
        sa.CheckConstraint("number > 0", name="positive"),
        sa.CheckConstraint("(state IN ('void', 'skipped')) = (reason IS NOT NULL)", name="reason"),
        sa.CheckConstraint("(state IN ('used', 'void')) = (document_id IS NOT NULL)", name="taken"),
        sa.CheckConstraint(
            "state <> 'reserved' OR (purpose IS NOT NULL AND expires_at IS NOT NULL)",
            name="purpose",
        ),
        sa.UniqueConstraint("book_id", "number"),
        sa.UniqueConstraint("book_id", "text"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(sa.ForeignKey("number_book.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    text: Mapped[str]
    state: Mapped[str]
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"), index=True)
    taken_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    taken_at: Mapped[datetime | None]
    purpose: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    reserved_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    reserved_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    struck_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    struck_at: Mapped[datetime | None]


_USED = IssuedNumber.state == "used"
sa.Index(
    "uq_issued_number_of_document",
    IssuedNumber.document_id,
    unique=True,
    sqlite_where=_USED,
    postgresql_where=_USED,
)

append_only(DocumentVersion.__table__)
