"""What cannot be done to a paper. Nothing of it has been changed then."""

from app.errors import Conflict


class PaperRefused(Conflict):
    """The paper, the field or the certificate is not in a state for this.

    ``code``: no_field, no_value, field_taken, not_yet_signed, certificate_unusable, stamp_refused,
    picture_unusable or paper_damaged.
    """

    code = "paper_refused"
