"""The office of certificates in tests: an authority with throw-away keys, founded on a Monday."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.organization import Unit
from app.organization.demo import COUNTY
from app.seals.certificates.office import Office
from app.seals.keys import KeyEncryption, SoftwareKeys
from tests.seals.certification import Certification
from tests.seals.issued import fonts, house, issued, joint, old, paper, signed_long_ago
from tests.world import World

__all__ = ["fonts", "house", "issued", "joint", "old", "paper", "signed_long_ago"]  # papers

BASE = "https://oa.example.gov.cn"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    keys = SoftwareKeys(tmp_path / "authority", KeyEncryption(b"a" * 32))
    return Office(keys, BASE)


@pytest.fixture
def signer_keys(tmp_path: Path) -> SoftwareKeys:
    return SoftwareKeys(tmp_path / "signer", KeyEncryption(b"s" * 32))


@pytest.fixture
def certification(
    session: Session, world: World, office: Office, signer_keys: SoftwareKeys
) -> Certification:
    """The authority of the county bureau, founded at the present moment of the world."""
    unit = session.query(Unit).filter_by(key=COUNTY).one()
    return Certification.found(session, world, office, signer_keys, unit)
