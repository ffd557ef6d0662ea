"""The house of the tests in the tables of an office: as if its certificates were issued there."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from cryptography import x509
from sqlalchemy.orm import Session

from app.documents.models import Document
from app.seals import papers
from app.seals.digests import digests
from app.seals.models import Certificate, Paper, RevocationList
from tests.world import World

from .house import House
from .issued import NUMBER, Stages


def put_house(session: Session, house: House, at: datetime) -> None:
    """Root, issuing authority, time-stamp keys, and lists as of ``at``."""
    chain = [("root", house.chain()[1]), ("issuing", house.chain()[0])]
    authorities = [_certificate(role, der) for role, der in chain]
    session.add_all(authorities)
    session.flush()
    put_stamps(session, house)
    put_lists(session, house, at)


def put_stamps(session: Session, house: House) -> None:
    """The time-stamp certificates that are not in the table yet."""
    known = set(session.scalars(sa.select(Certificate.sha256)))
    for each in house.stamps:
        row = _certificate("timestamp", each.certificate)
        if row.sha256 not in known:
            session.add(row)
    session.flush()


def put_lists(session: Session, house: House, at: datetime) -> None:
    """New lists of both authorities, as their scheduler would make them."""
    for role, der in (("root", house.root_list(at)), ("issuing", house.crl(at))):
        issuer = session.scalars(sa.select(Certificate.id).where(Certificate.role == role)).one()
        list_ = RevocationList(
            issuer_id=issuer,
            number=int(at.timestamp()),
            this_update=at,
            next_update=at + timedelta(days=7),
            der=der,
        )
        session.add(list_)
    session.flush()


def put_paper(session: Session, paper: Stages, at: datetime) -> Paper:
    """The sealed file as the newest paper of a document with its number."""
    document = session.get_one(Document, World(session).draft().case.document_id)
    document.number = NUMBER
    own = digests(paper.sealed)
    row = Paper(
        document_id=document.id,
        content_sha256=document.content_sha256,
        stage="sealed",
        sha256=own.sha256,
        sm3=own.sm3,
        size=len(paper.sealed),
        fields=papers.stored(paper.fields),
        at=at,
    )
    session.add(row)
    session.flush()
    return row


def _certificate(role: str, der: bytes) -> Certificate:
    own, read = digests(der), x509.load_der_x509_certificate(der)
    return Certificate(
        role=role,
        subject=read.subject.rfc4514_string(),
        serial=f"{read.serial_number:x}",
        der=der,
        sha256=own.sha256,
        sm3=own.sm3,
        not_before=read.not_valid_before_utc,
        not_after=read.not_valid_after_utc,
        issued_at=read.not_valid_before_utc,
        keep_until=read.not_valid_after_utc + timedelta(days=3650),
    )
