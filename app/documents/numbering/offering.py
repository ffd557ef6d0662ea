"""What the registrar may choose from at the registration: next numbers and reserved ones."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.clock import SHANGHAI
from app.documents.models import Document
from app.documents.numbering import register
from app.documents.numbering.choosing import fitting
from app.documents.numbering.forms import FORMS
from app.documents.numbering.rights import may_number
from app.organization import Actor


def offers(session: Session, document: Document, by: Actor, at: datetime) -> list[tuple[str, str]]:
    """(value for ``take``, words) of each; nothing for a document that has its number."""
    if document.number is not None:
        return []
    series = [
        each
        for each in fitting(session, document.unit_id, document.kind)
        if each.role_key is None or may_number(by, each)
    ]
    year = at.astimezone(SHANGHAI).year
    found = [(each.code, f"{each.name}：{_pattern(each.form, each.code, year)}") for each in series]
    codes = {code for code, _ in found}
    kept = register.reserved(session, document.unit_id, year, at)
    return found + [
        (f"{code}:{line.number}", f"预留的{line.text}（{line.purpose}）")
        for code, line in kept
        if code in codes
    ]


def _pattern(form: str, code: str, year: int) -> str:
    return FORMS[form].pattern.format(code=code, year=year, number="下一个")
