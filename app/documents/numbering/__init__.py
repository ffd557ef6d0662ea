"""发文字号 and 收文编号: series, their ledger without gaps, who gives numbers (NUM-01 to NUM-04).

``take`` and ``void`` are called by acts on the route; the registry reserves, skips and voids by
itself in ``ledger``; ``register`` reads a 登记簿, ``exporting`` and ``printing`` make files of it.
"""

from app.documents.numbering.choosing import ensure_fits, fitting, in_use, misfit
from app.documents.numbering.forms import FORMS, number_text, parse
from app.documents.numbering.offering import offers
from app.documents.numbering.receipts import receipt
from app.documents.numbering.taking import take, void

__all__ = [
    "FORMS",
    "ensure_fits",
    "fitting",
    "in_use",
    "misfit",
    "number_text",
    "offers",
    "parse",
    "receipt",
    "take",
    "void",
]
