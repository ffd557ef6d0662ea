"""An office with a certification authority, a time-stamp service, people and seals, in memory."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from app.seals.authority.profiles import PERSON, TIMESTAMP, Profile
from app.seals.papers import Evidence, Signatory
from app.seals.stamping import Stamper, StampMaker

from .hierarchy import Hierarchy, public

AT = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(days=120)
"""When papers are signed. Not a fixed day: the long-term check asks the host's clock too."""

FOUNDED = AT - timedelta(days=60)
UNIT = "江洲县水务局"


class Key:
    """A SigningKey in memory."""

    algorithm = "ecdsa-p256-sha256"

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self._private = private
        self.public_key = public(private)

    def sign(self, data: bytes, digest: str = "sha256") -> bytes:
        return self._private.sign(data, ec.ECDSA(getattr(hashes, digest.upper())()))


class House(Hierarchy):
    """``stamps`` are the keys of the time-stamp service, the newest last."""

    def __init__(self, at: datetime = FOUNDED, organisation: str = UNIT) -> None:
        super().__init__(at, organisation)
        self.stamps: list[Signatory] = []
        self.new_stamp_key(at)

    @property
    def roots(self) -> tuple[bytes, ...]:
        return (self.chain()[1],)

    def holder(
        self,
        common_name: str,
        profile: Profile = PERSON,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> Signatory:
        key, certificate = self.certify(profile, common_name, since=since, until=until)
        return Signatory(Key(key), certificate, tuple(self.chain()))

    def new_stamp_key(self, since: datetime) -> None:
        self.stamps.append(self.holder("江洲时间戳服务", TIMESTAMP, since=since))

    def stamper(self, at: datetime = AT, maker: Signatory | None = None) -> Stamper:
        who = maker or self.stamps[-1]
        return Stamper(StampMaker(who.key, who.certificate, who.chain, lambda: at).answer)

    def evidence(self, at: datetime = AT, *, roots: Sequence[bytes] = ()) -> Evidence:
        lists = (self.root_list(at), self.crl(at))
        return Evidence(tuple(roots) or self.roots, (self.chain()[0],), lists)
