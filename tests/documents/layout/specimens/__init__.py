"""Documents as a county's water bureau might write them, one or more of every format.

All of it is made up. ``SPECIMENS`` is set by every run of the tests; ``FURTHER`` by the long one.
"""

from app.documents.layout import Sheet

from .blocks import BLOCKS
from .documents import DOCUMENTS
from .formats import FORMATS
from .joint import JOINT
from .lengths import LENGTHS

SPECIMENS: dict[str, Sheet] = {**DOCUMENTS, **JOINT, **FORMATS, **BLOCKS}
FURTHER: dict[str, Sheet] = LENGTHS
