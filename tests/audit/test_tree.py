"""The tree over the entries: against RFC 6962 word for word, and against forgeries."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.audit import tree
from app.audit.tree import Edge

SIZES = st.integers(1, 70)


def leaves(count: int) -> list[bytes]:
    return [hashlib.sha256(b"\x00" + str(place).encode()).digest() for place in range(count)]


def by_definition(found: list[bytes]) -> bytes:
    """MTH of section 2.1: split at the largest power of two smaller than the number of leaves."""
    if not found:
        return hashlib.sha256(b"").digest()
    if len(found) == 1:
        return found[0]
    half = 1
    while half * 2 < len(found):
        half *= 2
    both = by_definition(found[:half]) + by_definition(found[half:])
    return hashlib.sha256(b"\x01" + both).digest()


@pytest.mark.parametrize("size", range(40))
def test_the_root_is_that_of_the_definition(size: int) -> None:
    assert tree.root(leaves(size)) == by_definition(leaves(size))


def test_the_root_of_the_published_vectors() -> None:
    """Inputs and roots of the test data of Certificate Transparency."""
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
    inputs.append("606162636465666768696a6b6c6d6e6f")
    roots = {
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    hashed = [hashlib.sha256(b"\x00" + bytes.fromhex(each)).digest() for each in inputs]
    for size, expected in roots.items():
        assert tree.root(hashed[:size]).hex() == expected


@given(SIZES, st.integers(0, 69))
def test_a_kept_edge_goes_on_growing(size: int, kept: int) -> None:
    found = leaves(size)
    first = Edge()
    for leaf in found[:kept]:
        first.add(leaf)
    later = Edge(first.size, first.hashes)
    for leaf in found[kept:]:
        later.add(leaf)
    assert later.root == by_definition(found)


@given(SIZES, st.data())
def test_every_entry_can_be_proved_to_be_in_the_tree(size: int, data: st.DataObject) -> None:
    found, place = leaves(size), data.draw(st.integers(0, size - 1))
    (path,) = tree.paths(found, size, [place])
    root = by_definition(found)
    assert tree.includes(found[place], place, size, path, root)
    other = data.draw(st.integers(0, size - 1))
    if other != place:
        assert not tree.includes(found[other], place, size, path, root)
        assert not tree.includes(found[place], other, size, path, root)
    assert not tree.includes(found[place], place, size, [*path, root], root)
    assert not tree.includes(found[place], size, size, path, root)
    if path:
        assert not tree.includes(found[place], place, size, path[:-1], root)


@given(SIZES)
def test_the_paths_of_all_entries_come_of_one_pass(size: int) -> None:
    found = leaves(size)
    root = by_definition(found)
    ways = tree.paths(iter(found), size, range(size))
    assert len(ways) == size
    for place, way in enumerate(ways):
        assert tree.includes(found[place], place, size, way, root)


@given(SIZES, st.data())
def test_a_tree_is_proved_to_begin_with_an_earlier_one(size: int, data: st.DataObject) -> None:
    found, earlier = leaves(size), data.draw(st.integers(1, size))
    old, new = by_definition(found[:earlier]), by_definition(found)
    proof = tree.consistency(found, earlier)
    assert tree.extends(earlier, old, size, new, proof)
    forged = hashlib.sha256(b"forged").digest()
    assert not tree.extends(earlier, forged, size, new, proof)
    assert not tree.extends(earlier, old, size, forged, proof)
    assert not tree.extends(earlier, old, size, new, [*proof, forged])
    if proof:
        assert not tree.extends(earlier, old, size, new, proof[:-1])
        assert not tree.extends(earlier, old, size, new, [forged, *proof[1:]])


def test_there_is_no_proof_of_what_is_not_there() -> None:
    with pytest.raises(IndexError):
        tree.paths(leaves(3), 3, [0, 3])
    for earlier in (0, 4):
        with pytest.raises(IndexError):
            tree.consistency(leaves(3), earlier)
    assert not tree.extends(0, tree.EMPTY, 3, by_definition(leaves(3)), [])
    with pytest.raises(ValueError, match="no edge"):
        Edge(3, leaves(1))


@given(SIZES, SIZES)
def test_a_kept_edge_gives_the_same_proof_without_the_older_leaves(one: int, other: int) -> None:
    earlier, size = sorted((one, other))
    found, edge = leaves(size), Edge()
    for leaf in found[:earlier]:
        edge.add(leaf)
    assert tree.growth(edge, found[earlier:]) == tree.consistency(found, earlier)


def test_nothing_grows_from_the_edge_of_nothing() -> None:
    with pytest.raises(IndexError):
        tree.growth(Edge(), leaves(3))
