"""The acts of the office of certificates, played by its people in the order of the rules."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session, sessionmaker

from app import clock
from app.organization import Unit
from app.seals.certificates import applying, duties, founding, holding
from app.seals.certificates.applying import Evidence, Wanted
from app.seals.certificates.models import Application
from app.seals.certificates.office import Office
from app.seals.keys import SoftwareKeys
from app.seals.models import Certificate, Seal
from tests.seals.hierarchy import new_key
from tests.world import World

OFFICER, ISSUER = "secretary", "archivist"
PROOF = (Evidence("身份证明.pdf", "e" * 64),)
FORM = "f" * 64


@dataclass
class Certification:
    """``people`` of the county bureau: the secretary checks, the archivist grants."""

    session: Session
    world: World
    office: Office
    keys: SoftwareKeys
    root_key: Any

    @classmethod
    def found(
        cls, session: Session, world: World, office: Office, keys: SoftwareKeys, unit: Unit
    ) -> "Certification":
        root_key = new_key()
        founding.found(session, office, unit, root_key, world.at, present=["甲", "乙", "丙"])
        session.commit()
        return cls(session, world, office, keys, root_key)

    def wanted(self, login: str = "drafter", verb: str = "issue", **more: Any) -> Wanted:
        """An application with everything that the rules ask for, unless told otherwise."""
        given = {
            "verb": verb,
            "reason": "工作需要。",
            "person_id": self.world.actor(login).person_id,
            "evidence": PROOF,
            "form": FORM,
        }
        return Wanted(**{**given, **more})

    def ask(self, login: str = "drafter", verb: str = "issue", **more: Any) -> Application:
        actor = self.world.actor(login)
        found = applying.ask(self.session, actor, self.wanted(login, verb, **more), self.world.at)
        self.session.commit()
        return found

    def review(self, application: Application, login: str = OFFICER) -> None:
        actor = self.world.actor(login)
        applying.review(self.session, actor, application.id, self.world.at, "材料齐全。")
        self.session.commit()

    def grant(self, application: Application, login: str = ISSUER) -> None:
        applying.grant(self.session, self.world.actor(login), application.id, self.world.at)
        self.session.commit()

    def turn(self) -> None:
        """What the two processes with keys do when it is their turn."""
        self.session.commit()
        sessions = sessionmaker(self.session.get_bind())
        with clock.moved_to(self.world.at):
            duties.of_signer(sessions, self.keys)
            duties.of_authority(sessions, self.office)
            duties.of_signer(sessions, self.keys)

    def through(self, application: Application, officer: str = OFFICER) -> Certificate | None:
        """Checked, granted and carried out: what was issued on it."""
        self.review(application, officer)
        self.grant(application)
        self.turn()
        self.session.refresh(application)
        return self.session.get(Certificate, application.result_id or 0)

    def issue(self, login: str = "drafter", verb: str = "issue", **more: Any) -> Certificate:
        made = self.through(self.ask(login, verb, **more))
        assert made is not None
        return made

    def accepted(self, login: str = "drafter", **more: Any) -> Certificate:
        return self.take_over(login, self.issue(login, **more).id)

    def take_over(self, login: str, certificate_id: int) -> Certificate:
        """签收."""
        actor = self.world.actor(login)
        made = holding.accept(self.session, actor, certificate_id, self.world.at)
        self.session.commit()
        return made

    def seal(self, keeper: str = "seal.keeper") -> Seal:
        """A unit seal as the registry keeps it."""
        actor = self.world.actor(keeper)
        seal = Seal(
            unit_id=actor.unit_id,
            kind="unit",
            wording=actor.unit_name,
            diameter=42,
            keeper_id=actor.person_id,
            made_at=self.world.at,
        )
        self.session.add(seal)
        self.session.commit()
        return seal
