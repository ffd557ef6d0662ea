"""A marking under another version of the drawing: what a move of the case (迁移) does to tokens.

A move leaves every token where it is, by the id of its element, and is refused where the other
version has no such place in the same branch (``versions.obstacles``). The same is asked here of the
two nets, a second time and without the engine.
"""

from app.workflow.graph import Flow
from app.workflow.markings import Marking
from app.workflow.nets import Net, Spot


def carried(old: Net, new: Net, marking: Marking) -> Marking | None:
    """The tokens of a marking of ``old`` at their places in ``new``; None where one has none."""
    found = [_carried(old, new, token) for token in marking]
    kept = [each for each in found if each is not None]
    return tuple(sorted(kept)) if len(kept) == len(found) else None


def _carried(old: Net, new: Net, token: str) -> str | None:
    key, counted, ident = token.partition(":")
    before, after = old.spot(key), new.spots.get(key)
    if after is None or (before.node.kind, before.way) != (after.node.kind, after.way):
        return None
    if not ident:  # it rests at the element, or is counted at a split
        return token if counted or after.waits else None
    came = next(each for each in before.node.incoming if each.id == ident)
    flow = _flow(old, new, before, after, came)
    return f"{key}:{flow.id}" if flow and after.joins else None


def _flow(old: Net, new: Net, before: Spot, after: Spot, came: Flow) -> Flow | None:
    """By which flow a branch comes to its join now; another one where its end was redrawn."""
    source = _source(old, before, came)
    alike = [each for each in after.node.incoming if _source(new, after, each).way == source.way]
    same = [each for each in alike if each.id == came.id]
    return next(iter((*same, *alike)), None)


def _source(net: Net, join: Spot, flow: Flow) -> Spot:
    return net.spots[f"{join.around}/{flow.source}" if join.around else flow.source]
