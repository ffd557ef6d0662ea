"""红头模板 of the two bureaus, as their dispatchers would have made them."""

from datetime import datetime

from sqlalchemy.orm import Session

from app import organization
from app.documents import letterheads
from app.organization import demo as office

_FORMATS = (
    # name       format  words        kinds           when
    ("公文红头", "文件", "{unit}文件", (), "决定、通知、报告、请示等公文。"),
    ("函件信头", "信函", "{unit}", ("函", "批复"), "函和批复。"),
    ("纪要红头", "纪要", "{unit}会议纪要", ("纪要",), "会议纪要。"),
)


def install(session: Session, at: datetime) -> None:
    for unit in office.UNITS:
        person = organization.person_by_login(session, f"{unit.prefix}dispatcher")
        maker = organization.actor(session, person.id)
        for name, form, words, kinds, description in _FORMATS:
            given = letterheads.read(
                {
                    "name": name,
                    "description": description,
                    "format": form,
                    "words": words.format(unit=unit.name),
                    "signature": unit.name,
                    "printed_by": unit.name,
                    "kinds": list(kinds),
                    "seal_diameter": 42,
                }
            )
            letterheads.create(session, maker, at, given)
    session.commit()
