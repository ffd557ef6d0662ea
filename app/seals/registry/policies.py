"""签发用印方式: how a unit signs off and seals, and whether handwriting is shown.

Chosen like its other rules, and inherited below.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.documents import grounds
from app.errors import FieldError, Invalid
from app.organization import Actor, choices
from app.organization.choices import Choice, Matter
from app.seals.registry.models import SigningPolicy

MATTER = Matter(SigningPolicy, "签发用印方式", "signing.chosen")

LABELS = {"sign_off": "签发", "seal": "用印", "picture": "签名图"}
WAYS: Mapping[str, Mapping[str, str]] = {
    "sign_off": {
        "record": "系统记录签发人",
        "digital": "签发人数字签名",
    },
    "seal": {
        "mark": "系统记录用印",
        "image": "图片印章",
        "digital": "电子印章（数字签名）",
        "none": "电子公文不加印鉴",
    },
    "picture": {
        "none": "不用签名图",
        "shown": "显示签发人手写签名图",
    },
}
USUAL = {"sign_off": "record", "seal": "mark", "picture": "none"}


@dataclass(frozen=True)
class Signing:
    """How a unit signs.

    picture    whether the handwriting of who signs off is shown, where it is on the register
    chosen_by  the unit that chose each way, by key; absent as shipped
    """

    sign_off: str
    seal: str
    picture: str
    chosen_by: Mapping[str, str]

    @property
    def words(self) -> dict[str, str]:
        return {key: WAYS[key][getattr(self, key)] for key in LABELS}


AS_SHIPPED = Signing(**USUAL, chosen_by={})


def in_force(
    session: Session, unit_id: int, *, inherited: bool = False, at: datetime | None = None
) -> Signing:
    """What a unit does. One statement.

    inherited  as if it had chosen nothing
    at         what it did then; None: now
    """
    links = choices.links(session, SigningPolicy, at)
    texts, chosen_by = choices.merged(links, unit_id, USUAL, inherited=inherited)
    return Signing(**{key: texts[key] for key in USUAL}, chosen_by=chosen_by)


def own(session: Session, unit_id: int) -> dict[str, str]:
    """What a unit has chosen itself, by key."""
    return choices.own(session, SigningPolicy, unit_id)


def history(session: Session, unit_id: int) -> list[Choice]:
    """Every choice of a unit, newest first."""
    return choices.history(session, SigningPolicy, unit_id, _words)


def choose(
    session: Session,
    unit_id: int,
    texts: Mapping[str, str],
    reason: str,
    by: Actor,
    at: datetime,
    *,
    source: str,
) -> None:
    """Say how the unit signs off and seals; what is blank or left out is inherited.

    Raises Invalid naming every field that is wrong, or when nothing would change; NotAllowed for
    who is no system administrator of the unit.
    """
    MATTER.choose(
        session,
        unit_id,
        lambda: _checked(texts, reason, source),
        reason,
        by,
        at,
        source=source,
    )


def _checked(texts: Mapping[str, str], reason: str, source: str) -> dict[str, str]:
    given = {key: text.strip() for key, text in texts.items() if text.strip()}
    errors = [
        FieldError(key, f"没有“{key[:40]}”这一项。")
        if key not in WAYS
        else FieldError(key, f"“{LABELS[key]}”请从列出的方式中选择。")
        for key, text in given.items()
        if text not in WAYS.get(key, {})
    ]
    errors += grounds.unfounded(reason, source)
    if errors:
        raise Invalid.of(errors)
    return given


def _words(chosen: Mapping[str, str]) -> list[str]:
    return [f"{LABELS[key]}：{WAYS[key][chosen[key]]}" for key in LABELS if key in chosen]
