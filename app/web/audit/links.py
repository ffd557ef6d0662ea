"""Where the pages of auditors lead: one place to change when another page moves."""

from flask import current_app, url_for

REPLAY = "audit.replay"


def replay_of(case_id: int) -> str:
    """The page on which a case is replayed (回放)."""
    if REPLAY in current_app.view_functions:
        return url_for(REPLAY, id=case_id)
    return f"/audit/cases/{case_id}/replay"


def entry(seq: int) -> str:
    """The entry of the record itself, with its proof."""
    return url_for("audit.entry", seq=seq)
