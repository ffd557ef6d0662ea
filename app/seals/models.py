"""Tables of keys, certificates, seals, and of the papers that they signed.

Private keys are in none of them: those lie with the signer (``signer``), which alone opens them.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.audit.guard import append_only
from app.database import Base
from app.seals import keeping

KEY_KEEPERS = {
    "software": "软件密钥",
    "token": "密码设备",
    "service": "外部密码服务",
    "holder": "持有人自管",
}
CERTIFICATE_ROLES = {
    "root": "根证书",
    "issuing": "签发机构",
    "person": "个人证书",
    "seal": "印章证书",
    "timestamp": "时间戳证书",
    "status": "状态查询证书",
    "transport": "传输证书",
}
CERTIFICATE_STATES = {"valid": "有效", "suspended": "冻结", "revoked": "已撤销"}
"""已过期 is not a state but a matter of the time one asks for: see ``Certificate.not_after``."""
CERTIFICATE_VERBS = {
    "issue": "签发",
    "accept": "签收",
    "renew": "更新",
    "extend": "延期",
    "change": "变更",
    "replace": "补办",
    "suspend": "冻结",
    "resume": "解冻",
    "revoke": "撤销",
}
SEAL_KINDS = {"unit": "单位印章", "department": "内设机构印章", "signature": "签名章"}
SEAL_STATES = {"active": "启用", "suspended": "停用", "retired": "已销毁"}
SEAL_VERBS = {
    "make": "制发",
    "keep": "交接保管",
    "permit": "调整用印范围",
    "suspend": "停用",
    "resume": "恢复",
    "retire": "缴销",
}
PAPER_STAGES = {
    "laid_out": "待签发版式文件",
    "signed": "已签发",
    "numbered": "已编号",
    "sealed": "已用印",
    "renewed": "已续时间戳",
}
DIGESTS = {"sha256": "SHA-256", "sha384": "SHA-384", "sha512": "SHA-512"}
"""Digests that archival time stamps are made with, in the order in which they follow each other."""
SIGNATURE_KINDS = {"signatory": "签发", "seal": "用印"}


def _one_of(column: str, words: dict[str, str]) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{column} IN {tuple(words)}", column)


class Key(Base):
    """A pair of keys by its public half; ``reference`` tells its keeper which one is meant.

    keeper        of ``KEY_KEEPERS``: where the private half lies
    destroyed_at  when the private half was destroyed; the row stays
    """

    __tablename__ = "signing_key"
    __table_args__ = (_one_of("keeper", KEY_KEEPERS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    keeper: Mapped[str]
    reference: Mapped[str]
    algorithm: Mapped[str]
    public_key: Mapped[bytes]
    sha256: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    destroyed_at: Mapped[datetime | None]


class Seal(Base):
    """印章 of a unit: its picture, its keeper, and what it may be put on.

    wording       印文, the name on the arc
    diameter      millimetres (国发〔1999〕25号)
    picture       SHA-256 of an uploaded picture in the store; None: drawn by ourselves
    owner_id      whose signature seal (签名章) it is; None for seals of a unit or department
    keeper_id     印章管理员 (SIG-02, SIG-04); ``deputy_id`` keeps it while he is away
    kinds         文种 that it may be put on; empty: all that the unit issues
    """

    __tablename__ = "seal"
    __table_args__ = (
        _one_of("kind", SEAL_KINDS),
        _one_of("state", SEAL_STATES),
        sa.CheckConstraint("diameter BETWEEN 10 AND 60", "diameter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    department_id: Mapped[int | None] = mapped_column(sa.ForeignKey("department.id"))
    kind: Mapped[str]
    wording: Mapped[str]
    diameter: Mapped[int] = mapped_column(sa.Integer)
    picture: Mapped[str | None]
    owner_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    keeper_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    deputy_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    kinds: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    state: Mapped[str] = mapped_column(default="active")
    made_at: Mapped[datetime]


class SealChange(Base):
    """What happened to a seal: made, handed to another keeper, suspended, retired; never erased."""

    __tablename__ = "seal_change"
    __table_args__ = (_one_of("verb", SEAL_VERBS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seal_id: Mapped[int] = mapped_column(sa.ForeignKey("seal.id"), index=True)
    verb: Mapped[str]
    reason: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]


class Certificate(Base):
    """证书: binds a key to a person, a seal or a service until ``not_after``.

    issuer_id     the certificate that signed it; None for a root, and for one from outside
    key_id        None while only the holder's request is known
    unit_id       the unit that answers for the holder; decides how long records are kept
    person_id     whose it is, for role person; ``seal_id`` for role seal
    serial        hexadecimal, lower case; unique per issuer
    state         of ``CERTIFICATE_STATES``; kept so that a suspended one refuses at once (SIG-23)
    revoked_at    since when it is revoked or suspended; signatures from then on are invalid
    revocation    reason of RFC 5280, such as ``keyCompromise``; "" while valid
    replaces_id   the certificate whose place it took (更新, 延期, 变更, 补办)
    accepted_at   when the holder took it over with the service agreement (SIG-43)
    keep_until    until when the database refuses to delete it and what belongs to it (SIG-22)
    """

    __tablename__ = "certificate"
    __table_args__ = (
        _one_of("role", CERTIFICATE_ROLES),
        _one_of("state", CERTIFICATE_STATES),
        sa.UniqueConstraint("issuer_id", "serial"),
        sa.CheckConstraint("not_before < not_after", "period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str]
    issuer_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate.id"))
    key_id: Mapped[int | None] = mapped_column(sa.ForeignKey("signing_key.id"))
    unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("unit.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    seal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("seal.id"), index=True)
    subject: Mapped[str]
    serial: Mapped[str] = mapped_column(index=True)
    der: Mapped[bytes]
    sha256: Mapped[str] = mapped_column(unique=True)
    sm3: Mapped[str]
    not_before: Mapped[datetime]
    not_after: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="valid")
    revoked_at: Mapped[datetime | None]
    revocation: Mapped[str] = mapped_column(default="")
    replaces_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate.id"))
    issued_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    keep_until: Mapped[datetime]


class CertificateChange(Base):
    """One verb on a certificate, with who asked, who checked, and why; never erased.

    case_id  the case on the route of certificates; None for what the office does by command
    """

    __tablename__ = "certificate_change"
    __table_args__ = (_one_of("verb", CERTIFICATE_VERBS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), index=True)
    verb: Mapped[str]
    reason: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    case_id: Mapped[int | None] = mapped_column(index=True)
    asked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    checked_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]


class RevocationList(Base):
    """撤销清单 (CRL) as published: every one is kept, for it may be inside a signed paper."""

    __tablename__ = "revocation_list"
    __table_args__ = (sa.UniqueConstraint("issuer_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"))
    number: Mapped[int] = mapped_column(sa.Integer)
    this_update: Mapped[datetime]
    next_update: Mapped[datetime]
    der: Mapped[bytes]


class Paper(Base):
    """版式文件 of a document as it goes through sign-off, numbering and seal: one row per file.

    content_sha256  of the version of the text that it was set from
    stage           of ``PAPER_STAGES``; a newer row of the same text takes the place of the older
    sha256, sm3     of the file, which lies in the store under ``sha256``
    fields          the expected fields in order, as ``papers.fields.Field`` in JSON
    stamp_digest    of ``DIGESTS``: what its last time stamp was made with
    """

    __tablename__ = "paper"
    __table_args__ = (_one_of("stage", PAPER_STAGES), _one_of("stamp_digest", DIGESTS))

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), index=True)
    content_sha256: Mapped[str]
    stage: Mapped[str]
    sha256: Mapped[str]
    sm3: Mapped[str]
    size: Mapped[int] = mapped_column(sa.Integer)
    fields: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, default=list)
    at: Mapped[datetime]
    stamp_digest: Mapped[str] = mapped_column(default="sha256", server_default="sha256")


class DigestEnd(Base):
    """停用 of a digest: from ``ends_at`` on it proves nothing any more; the newest row counts."""

    __tablename__ = "digest_end"
    __table_args__ = (_one_of("digest", DIGESTS),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str]
    ends_at: Mapped[datetime]
    reason: Mapped[str]
    at: Mapped[datetime]


class Signature(Base):
    """One use of a key or a seal (用印登记, SIG-12), written by the signer as it signs.

    permit       what allowed it, such as ``12:签发``: the stay and the field; used once. After a
                 change of the text the stay gets another one, ``12:签发:2``
    task_id      the stay at which the person acted
    paper_id     the file that came out of it
    signed_sha256  of the file that was signed, before the signature
    stamped_at   the time of the time stamp
    """

    __tablename__ = "signature"
    __table_args__ = (
        _one_of("kind", SIGNATURE_KINDS),
        sa.Index("ix_signature_certificate", "certificate_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    permit: Mapped[str] = mapped_column(unique=True)
    document_id: Mapped[int] = mapped_column(sa.ForeignKey("document.id"), index=True)
    task_id: Mapped[int] = mapped_column(index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    seal_id: Mapped[int | None] = mapped_column(sa.ForeignKey("seal.id"), index=True)
    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"))
    paper_id: Mapped[int] = mapped_column(sa.ForeignKey("paper.id"))
    field: Mapped[str]
    content_sha256: Mapped[str]
    signed_sha256: Mapped[str]
    stamped_at: Mapped[datetime]
    at: Mapped[datetime]


class SignatureEnd(Base):
    """A signature or seal that no longer counts: taken back with the sign-off, or taken off."""

    __tablename__ = "signature_end"

    signature_id: Mapped[int] = mapped_column(sa.ForeignKey("signature.id"), primary_key=True)
    reason: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    at: Mapped[datetime]


class PaperCheck(Base):
    """What verifying a paper has shown, before the act that sends it; gone stale it is done anew.

    standing    of what the verdict stands on, see ``registry.checks``
    sentences   why it may not be sent; none for a good one
    out_sha256  of the file that goes out: the paper itself, or the same with the archival time
                stamp that no seal has brought; "" for a bad one
    """

    __tablename__ = "paper_check"

    paper_id: Mapped[int] = mapped_column(sa.ForeignKey("paper.id"), primary_key=True)
    standing: Mapped[str]
    sentences: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    out_sha256: Mapped[str]
    at: Mapped[datetime]


for _table in (SealChange, RevocationList, Paper, DigestEnd, Signature, SignatureEnd):
    append_only(_table.__table__)
append_only(Certificate.__table__, keeping.of_certificates, keeping.FIXED)
append_only(CertificateChange.__table__, keeping.of_changes)
