"""Papers that are signed and sealed: a PDF comes in, a PDF with one revision more goes out.

No database and no files here. First all fields are laid out empty (``laying_out``), then 签发 is
signed (``signing``), number and 印发日期 are filled in once (``filling``), the seals are set, the
last with an archival time stamp, which is renewed before it runs out (``renewing``).
"""

import logging

from app.seals.papers.drawing import drawn_name, drawn_seal
from app.seals.papers.errors import PaperRefused
from app.seals.papers.fields import (
    NUMBER,
    PRINTED_ON,
    SEAL,
    SIGN_OFF,
    Field,
    expected_fields,
    loaded,
    shows_stamp,
    stored,
)
from app.seals.papers.filling import fill, filled
from app.seals.papers.imprinting import imprint
from app.seals.papers.laying_out import lay_out
from app.seals.papers.parties import Evidence, Signatory
from app.seals.papers.pictures import (
    STAMP_HEIGHT,
    STAMP_WIDTH,
    Picture,
    inked_png,
    seal_from,
    stamp_from,
    stencil,
)
from app.seals.papers.renewing import last_stamp, renew
from app.seals.papers.signing import seal, sign_off

# It warns of every signature that it fetches nothing from the network, which is what is wanted.
logging.getLogger("pyhanko").setLevel(logging.ERROR)

__all__ = [
    "NUMBER",
    "PRINTED_ON",
    "SEAL",
    "SIGN_OFF",
    "STAMP_HEIGHT",
    "STAMP_WIDTH",
    "Evidence",
    "Field",
    "PaperRefused",
    "Picture",
    "Signatory",
    "drawn_name",
    "drawn_seal",
    "expected_fields",
    "fill",
    "filled",
    "imprint",
    "inked_png",
    "last_stamp",
    "lay_out",
    "loaded",
    "renew",
    "seal",
    "seal_from",
    "shows_stamp",
    "sign_off",
    "stamp_from",
    "stencil",
    "stored",
]
