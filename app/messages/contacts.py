"""我的提醒: where somebody wants to be reached. Everyone sets his own."""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from app import audit
from app.errors import FieldError, Invalid
from app.messages.channels import in_use
from app.messages.models import Contact
from app.organization import Actor

EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{2,63}")
PHONE = re.compile(r"\+?[0-9]{5,20}")


def contact_of(session: Session, person_id: int) -> Contact:
    """What is known of a person; an empty one, not kept, when nothing is."""
    empty = Contact(person_id=person_id, email=None, phone=None, by_mail=False, by_sms=False)
    return session.get(Contact, person_id) or empty


def keep(
    session: Session,
    actor: Actor,
    at: datetime,
    *,
    email: str,
    phone: str,
    by_mail: bool,
    by_sms: bool,
) -> Contact:
    """Set one's own addresses and ways. Raises Invalid for what cannot be reached."""
    email, phone = email.strip(), re.sub(r"[\s-]", "", phone)
    _ensure_reached(email, phone, by_mail, by_sms)
    found = contact_of(session, actor.person_id)
    found.email, found.phone = email or None, phone or None
    found.by_mail, found.by_sms, found.changed_at = by_mail, by_sms, at
    session.add(found)
    audit.record(
        session,
        "contact.set",
        actor.signature(),
        at=at,
        subject=("person", actor.person_id),
        detail={"by_mail": by_mail, "by_sms": by_sms},
    )
    return found


def _ensure_reached(email: str, phone: str, by_mail: bool, by_sms: bool) -> None:
    errors = []
    if email and (len(email) > 254 or not EMAIL.fullmatch(email)):
        errors.append(FieldError("email", "邮箱地址不对，应写成 name@example.cn 的样子。"))
    elif email and not in_use().may_reach("mail", email):
        allowed = "、".join(in_use().domains)
        errors.append(FieldError("email", f"只能登记这些邮箱：{allowed}。请改用单位邮箱。"))
    if phone and not PHONE.fullmatch(phone):
        errors.append(FieldError("phone", "手机号码不对，只能有数字，可以以 + 开头。"))
    if by_mail and not email:
        errors.append(FieldError("email", "要用邮件提醒，请填写邮箱地址。"))
    if by_sms and not phone:
        errors.append(FieldError("phone", "要用短信提醒，请填写手机号码。"))
    if errors:
        raise Invalid(errors[0].message, errors)
