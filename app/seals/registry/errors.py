"""Why a seal is not put on; each is told to who wants to seal."""

from app.errors import Conflict, NotAllowed


class SealNotActive(Conflict):
    """Suspended or retired (SIG-15)."""

    code = "seal_not_active"


class ForeignSeal(NotAllowed):
    """Of another unit, of another keeper, or not for this kind of document (SIG-04)."""

    code = "foreign_seal"
