"""A Merkle tree over the entries, after RFC 6962, section 2. Nothing here touches the database.

Hashes are bytes here and hexadecimal outside. A tree of n leaves is kept as its edge: the roots of
the complete subtrees that the bits of n stand for, the largest first.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

EMPTY = hashlib.sha256().digest()
"""Root of the tree without leaves."""


class Edge:
    """What is needed of a tree to let it grow: at most one hash for each bit of its size."""

    def __init__(self, size: int = 0, hashes: Sequence[bytes] = ()) -> None:
        if size < 0 or size.bit_count() != len(hashes):
            raise ValueError("these hashes are no edge of a tree of this size")
        self.size = size
        self.hashes = list(hashes)

    def add(self, leaf: bytes) -> None:
        """Append a leaf hash: equal subtrees become one, as carrying in an addition."""
        carried, size = leaf, self.size
        while size & 1:
            carried = node(self.hashes.pop(), carried)
            size >>= 1
        self.hashes.append(carried)
        self.size += 1

    @property
    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY
        found = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            found = node(left, found)
        return found


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    edge = Edge()
    for leaf in leaves:
        edge.add(leaf)
    return edge.root


def paths(leaves: Iterable[bytes], size: int, places: Sequence[int]) -> list[list[bytes]]:
    """Audit paths (2.1.1) of the leaves at these places, counted from 0, in a tree of that size.

    One pass that keeps only the hashes it is asked for: a long record needs no more memory than
    a short one. Raises IndexError where there is no such leaf.
    """
    if any(not 0 <= each < size for each in places):
        raise IndexError(max(places))
    widths = _widths(size)
    ways = [[(level, place >> level ^ 1) for level in range(len(widths) - 1)] for place in places]
    needed = {each for way in ways for each in way}
    found = {spot: digest for spot, digest in _nodes(leaves, widths) if spot in needed}
    return [[found[each] for each in way if each[1] < widths[each[0]]] for way in ways]


def _widths(size: int) -> list[int]:
    """How many hashes each level has, the leaves first."""
    found = [size]
    while found[-1] > 1:
        found.append((found[-1] + 1) // 2)
    return found


def _nodes(
    leaves: Iterable[bytes], widths: Sequence[int]
) -> Iterator[tuple[tuple[int, int], bytes]]:
    """Every hash of the tree with its level and place, as soon as it is known.

    Of an odd row the last one goes up as it is.
    """
    left: dict[int, bytes] = {}
    for place, leaf in enumerate(leaves):
        level, at, digest = 0, place, leaf
        while True:
            yield (level, at), digest
            if level == len(widths) - 1:
                break
            if at & 1:
                digest = node(left[level], digest)
            elif at < widths[level] - 1:
                left[level] = digest
                break
            level, at = level + 1, at >> 1


def consistency(leaves: Sequence[bytes], earlier: int) -> list[bytes]:
    """Proof that the tree of the first ``earlier`` leaves is the beginning of this one (2.1.2).

    Raises IndexError unless ``earlier`` is between 1 and the number of leaves.
    """
    return _proof(earlier, len(leaves), lambda first, end: root(leaves[first:end]))


def growth(edge: Edge, grown: Sequence[bytes]) -> list[bytes]:
    """The same proof by the edge of the earlier tree and the leaves that have come since.

    Costs what has come since alone. Raises IndexError for the edge of an empty tree.
    """
    size, start = edge.size, 0
    starts: dict[tuple[int, int], bytes] = {}
    for bit in reversed(range(size.bit_length())):
        if size >> bit & 1:
            starts[start, start + (1 << bit)] = edge.hashes[len(starts)]
            start += 1 << bit

    def part(first: int, end: int) -> bytes:
        return root(grown[first - size : end - size]) if first >= size else starts[first, end]

    return _proof(size, size + len(grown), part)


def _proof(earlier: int, size: int, part: Callable[[int, int], bytes]) -> list[bytes]:
    """``part``: the root over the leaves from one place up to, and without, another."""
    if not 1 <= earlier <= size:
        raise IndexError(earlier)
    proof: list[bytes] = []
    first, end, whole = 0, size, True
    while earlier < end:
        middle = first + _half(end - first)
        if earlier <= middle:
            proof.append(part(middle, end))
            end = middle
        else:
            proof.append(part(first, middle))
            first, whole = middle, False
    if not whole:
        proof.append(part(first, end))
    return proof[::-1]


def includes(leaf: bytes, place: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Whether the path leads from a leaf at ``place`` to the root of a tree of ``size`` leaves."""
    if not 0 <= place < size:
        return False
    found, at, last, rest = leaf, place, size - 1, list(path)
    while last:
        if not rest and (at & 1 or at < last):
            return False
        if at & 1:
            found = node(rest.pop(0), found)
        elif at < last:
            found = node(found, rest.pop(0))
        at, last = at >> 1, last >> 1
    return not rest and found == expected


def extends(
    earlier: int, old_root: bytes, size: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether a tree of ``size`` leaves begins with the one of ``earlier`` leaves."""
    if not 1 <= earlier <= size:
        return False
    if earlier == size:
        return not proof and old_root == new_root
    rest = list(proof)
    at, last = earlier - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    if at and not rest:
        return False
    old = new = rest.pop(0) if at else old_root
    while last:
        if at & 1 or at < last:
            if not rest:
                return False
            other = rest.pop(0)
            if at & 1:
                old, new = node(other, old), node(other, new)
            else:
                new = node(new, other)
        at, last = at >> 1, last >> 1
    return not rest and (old, new) == (old_root, new_root)


def _half(size: int) -> int:
    """The largest power of two below ``size``, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)
