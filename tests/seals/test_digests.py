"""Both digests of a file, against the examples of their standards."""

from app.seals.digests import digests


def test_both_digests_of_the_standards_example() -> None:
    of = digests(b"abc")
    assert of.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert of.sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
