"""我的提醒 of the caller, and what was sent to him."""

from flask import Response
from pydantic import BaseModel, Field

from app import clock
from app.database import current_session
from app.messages import contacts, queries
from app.messages.channels import in_use
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("reminders", "我的提醒")

SHOWN = 50


class RemindersBody(schemas.Input):
    """Addresses, and by which of them to be reminded; an empty one is none."""

    email: str = Field("", max_length=254)
    phone: str = Field("", max_length=30)
    by_mail: bool = False
    by_sms: bool = False


class Sent(BaseModel):
    """A message to the caller. ``state``: waiting, held, folded, sent or given_up."""

    kind: str
    channel: str
    subject: str
    body: str
    state: str
    attempts: int
    at: schemas.Instant
    sent_at: schemas.Instant | None


class Reminders(BaseModel):
    """``channels``: those that this office has; ``sent``: the latest messages, newest first.

    ``mail_domains``: what may stand behind the @; empty for anything.
    """

    email: str | None
    phone: str | None
    by_mail: bool
    by_sms: bool
    channels: list[str]
    mail_domains: list[str]
    sent: list[Sent]


@blueprint.get(
    "/me/reminders", operation_id="getReminders", summary="我的提醒", responses={200: Reminders}
)
def get_reminders() -> Response:
    return answers.reply(_present())


@blueprint.put(
    "/me/reminders",
    operation_id="keepReminders",
    summary="设定提醒的地址和方式",
    responses={200: Reminders},
)
@acting
def keep_reminders(body: RemindersBody) -> Response:
    session = current_session()
    contacts.keep(session, current_actor(), clock.now(session), **body.model_dump())
    return answers.reply(_present())


def _present() -> Reminders:
    session, person_id = current_session(), current_actor().person_id
    session.flush()
    known = contacts.contact_of(session, person_id)
    return Reminders(
        email=known.email,
        phone=known.phone,
        by_mail=known.by_mail,
        by_sms=known.by_sms,
        channels=sorted(in_use().open),
        mail_domains=list(in_use().domains),
        sent=[_sent(row) for row in queries.own(session, person_id, SHOWN)],
    )


def _sent(row: queries.Row) -> Sent:
    return Sent(
        kind=row.kind,
        channel=row.channel,
        subject=row.subject,
        body=row.body,
        state=row.state,
        attempts=row.attempts,
        at=row.at,
        sent_at=row.sent_at,
    )
