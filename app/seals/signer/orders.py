"""What the web process may ask of the signer, and what it is answered."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Annotated, Any

import pydantic

from app.errors import Invalid

Sha256 = Annotated[str, pydantic.StringConstraints(pattern=re.compile("^[0-9a-f]{64}$"))]
Id = Annotated[int, pydantic.Field(gt=0, lt=1 << 63)]
Name = Annotated[str, pydantic.StringConstraints(min_length=1, max_length=100)]
Secret = Annotated[str, pydantic.StringConstraints(max_length=1000)]
_FORBID = pydantic.ConfigDict(extra="forbid")


@dataclass(frozen=True)
class ByPassword:
    """What the person has typed just now; neither is shown in print or log."""

    __pydantic_config__ = _FORBID

    password: Secret = field(repr=False)
    code: Secret | None = field(default=None, repr=False)


@dataclass(frozen=True)
class ByToken:
    """That the same person proved who it is to the signer within the last two minutes."""

    __pydantic_config__ = _FORBID

    token: Secret = field(repr=False)


@dataclass(frozen=True)
class Order:
    """A signature that is wanted. None of it is believed: the signer plays the act itself.

    act              what the person submits at the stay; read by whoever rehearses it
    field            of the page that the signature goes into
    expected_sha256  of the page that the person was shown
    address          of the request, for the record
    """

    __pydantic_config__ = _FORBID

    document_id: Id
    task_id: Id
    person_id: Id
    field: Name
    act: dict[str, Any]
    proof: ByPassword | ByToken
    expected_sha256: Sha256
    address: Annotated[str, pydantic.StringConstraints(max_length=100)] | None = None

    def to_wire(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_wire(cls, given: Mapping[str, Any]) -> "Order":
        """Raises Invalid for anything else than an order."""
        try:
            return _ORDER.validate_python(given)
        except pydantic.ValidationError:
            raise Invalid(
                "签名请求不完整，没有签名。请刷新页面后再试。", code="bad_order"
            ) from None


_ORDER = pydantic.TypeAdapter(Order)


@dataclass(frozen=True)
class Signed:
    """A signature that was made.

    token  the proof of identity for further documents of the next two minutes; empty when the
           signature was only looked up
    """

    signature_id: int
    paper_id: int
    paper_sha256: str
    token: str = field(default="", repr=False)
