"""Codes of an authenticator (RFC 6238) and recovery codes: whether one fits, and once only."""

import base64
import hmac
import re
import secrets
import unicodedata
from datetime import datetime
from typing import Literal

import pyotp
import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.organization.factors import sealing
from app.organization.factors.models import RecoveryCode, SecondFactor
from app.organization.sessions import fingerprint

Way = Literal["totp", "recovery"]

ISSUER = "公文办理"
STEP = 30  # seconds that one code stands for
DRIFT = 1  # steps that a clock may be off, either way
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read as another


def new_secret() -> bytes:
    """160 random bits, as RFC 4226 recommends."""
    return secrets.token_bytes(20)


def spelled(secret: bytes) -> str:
    """How people type a secret where no camera is: base32 in groups of four."""
    text = base64.b32encode(secret).decode("ascii")
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def address(secret: bytes, login: str) -> str:
    """What the picture says to an authenticator."""
    return _totp(secret).provisioning_uri(name=login, issuer_name=ISSUER)


def step_of(secret: bytes, typed: str, at: datetime, after: int) -> int | None:
    """The half-minute that a code stands for; None when it is wrong or not later than ``after``."""
    code = unicodedata.normalize("NFKC", typed[:40]).replace(" ", "")
    if not re.fullmatch("[0-9]{6}", code):
        return None
    now = int(at.timestamp()) // STEP
    for step in range(now - DRIFT, now + DRIFT + 1):
        if step > after and hmac.compare_digest(_totp(secret).generate_otp(step), code):
            return step
    return None


def take(session: Session, person_id: int, typed: str, at: datetime) -> Way | None:
    """Use up a code of the authenticator or a recovery code; None when it does not fit.

    The account is under the caller's lock, so that one code at two places is taken at one.
    """
    query = sa.select(SecondFactor).where(SecondFactor.person_id == person_id).with_for_update()
    factor = session.scalar(query.execution_options(populate_existing=True))
    if factor is None or factor.sealed is None:
        return None
    step = step_of(sealing.unseal(factor.sealed, person_id), typed, at, factor.last_step)
    if step is not None:
        factor.last_step = step
        session.flush()
        return "totp"
    used = (
        sa.update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_hash == fingerprint(_plain(typed)),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=at)
        .returning(RecoveryCode.id)
    )
    return "recovery" if session.execute(used).first() else None


def renew_recovery(session: Session, person_id: int) -> list[str]:
    """Ten new recovery codes in the place of the old ones. They are shown this once only."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
    made = [_recovery_code() for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(person_id=person_id, code_hash=fingerprint(_plain(each)), used_at=None)
        for each in made
    )
    session.flush()
    return made


def left(session: Session, person_id: int) -> int:
    """How many recovery codes a person has not used."""
    unused = sa.and_(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session.scalar(sa.select(sa.func.count()).where(unused)) or 0


def _totp(secret: bytes) -> pyotp.TOTP:
    return pyotp.TOTP(base64.b32encode(secret).decode("ascii"), interval=STEP)


def _recovery_code() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def _plain(typed: str) -> str:
    """A recovery code without what people type differently: case, hyphens, blanks, width."""
    text = unicodedata.normalize("NFKC", typed[:80]).casefold()
    return re.sub(r"[\W_]", "", text)
