"""Who wrote what: for each block of a text the version that it has stood in since."""

import difflib
from collections.abc import Iterable, Sequence

from app.documents.runs import MOST_PARAGRAPHS
from app.documents.text import Block


def since(versions: Iterable[tuple[int, Sequence[Block]]]) -> list[tuple[Block, int]]:
    """Each block of the last version with the number of the version that wrote it as it is.

    versions  (number, blocks) in order, the first one first
    """
    present: list[tuple[Block, int]] = []
    for number, blocks in versions:
        present = _carried(present, blocks, number)
    return present


def _carried(
    before: Sequence[tuple[Block, int]], blocks: Sequence[Block], number: int
) -> list[tuple[Block, int]]:
    """What stayed keeps its number, all else is of this version."""
    old = [repr(block) for block, _ in before]
    new = [repr(block) for block in blocks]
    found = [(block, number) for block in blocks]
    for place, source in _kept(old, new):
        found[place] = (blocks[place], before[source][1])
    return found


def _kept(old: Sequence[str], new: Sequence[str]) -> Iterable[tuple[int, int]]:
    """(place now, place before) of what both have; of very long texts only at both ends."""
    if max(len(old), len(new)) <= MOST_PARAGRAPHS:
        matcher = difflib.SequenceMatcher(None, old, new)
        for source, place, size in matcher.get_matching_blocks():
            yield from zip(range(place, place + size), range(source, source + size), strict=True)
        return
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        yield head, head
        head += 1
    back = 1
    while back <= min(len(old), len(new)) - head and old[-back] == new[-back]:
        yield len(new) - back, len(old) - back
        back += 1
