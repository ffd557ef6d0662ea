"""A personal API token that its owner makes: as strong as what made it."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.organization.actors import Actor
from app.organization.errors import ProofRefused
from app.organization.proofs import Proof, fresh
from app.organization.sessions import new_token


def make_token(
    session: Session, actor: Actor, proof: Proof, name: str, days: int, at: datetime
) -> str:
    """A token after a fresh proof, with the code where a second factor is in use.

    Later the token is used without either: no program has an authenticator.
    """
    if proof.person_id != actor.person_id or not fresh(proof, at):
        raise ProofRefused("请重新输入密码和验证码，再建立令牌。")
    return new_token(session, actor.person_id, name, at, days, by=actor.signature())
