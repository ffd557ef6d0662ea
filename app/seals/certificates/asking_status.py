"""How the web process gets an answer on status signed: it asks the authority's process.

``create_app`` says how; until then, and while that process does not run, askers are told to try
again later, as the standard has it (RFC 6960, 2.3).
"""

from collections.abc import Callable

from cryptography.hazmat.primitives import serialization
from cryptography.x509 import ocsp

from app.errors import DomainError

Answering = Callable[[bytes], bytes]
"""DER request to DER answer; raises DomainError when nobody answers."""

_in_use: list[Answering] = []


def use(answering: Answering | None) -> None:
    """Replace who answers. Called by create_app."""
    _in_use[:] = [answering] if answering else []


def answer(request: bytes) -> bytes:
    """The answer (DER), or ``tryLater``; never raises for what the other process refuses."""
    try:
        return _in_use[0](request) if _in_use else try_later()
    except DomainError:
        return try_later()


def try_later() -> bytes:
    status = ocsp.OCSPResponseStatus.TRY_LATER
    response = ocsp.OCSPResponseBuilder.build_unsuccessful(status)
    return response.public_bytes(serialization.Encoding.DER)


def is_final(answered: bytes) -> bool:
    """Whether it may be kept by a cache: an answer about a certificate, not a refusal."""
    status = ocsp.load_der_ocsp_response(answered).response_status
    return status is ocsp.OCSPResponseStatus.SUCCESSFUL
