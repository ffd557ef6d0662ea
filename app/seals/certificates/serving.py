"""What other processes ask of the authority: answers on status, and time stamps."""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app import clock
from app.database import reading
from app.errors import Invalid
from app.seals.certificates import publishing, standing
from app.seals.certificates.office import Office, service_row
from app.seals.stamping import StampMaker, ensure_clock

Operation = Callable[[dict[str, Any], float], dict[str, Any]]


@dataclass(frozen=True)
class Asked:
    """Each answer reads the database once and changes nothing in it."""

    sessions: Callable[[], Session]
    office: Office

    def operations(self) -> Mapping[str, Operation]:
        """What may be asked over the socket, by name; bytes go as base64."""
        return {"ocsp": self.ocsp, "stamp": self.stamp}

    def ocsp(self, given: dict[str, Any], _until: float) -> dict[str, Any]:
        """OCSP request and answer in DER. Raises NoAuthority, Invalid."""
        with reading(), self.sessions() as session:
            at = clock.now(session)
            return {"reply": _text(publishing.answer(session, self.office, _bytes(given), at))}

    def stamp(self, given: dict[str, Any], _until: float) -> dict[str, Any]:
        """TimeStampReq and TimeStampResp in DER. Raises NoAuthority, ClockAstray, Invalid.

        The time is the database's: stamps and acts go by one clock.
        """
        with reading(), self.sessions() as session:
            at = clock.now(session)
            row, reference = service_row(session, "timestamp", at)
            chain = standing.chain(session, row)
        ensure_clock(clock.nearby(), at)
        maker = StampMaker(self.office.keys.open(reference), row.der, chain, lambda: at)
        return {"reply": _text(maker.answer(_bytes(given)))}


def _bytes(given: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(str(given.get("query", "")), validate=True)
    except binascii.Error:
        raise Invalid("请求的格式不对。", code="bad_order") from None


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
