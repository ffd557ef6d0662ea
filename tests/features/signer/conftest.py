"""The office with its signer, as the tests of that room have it."""

from tests.seals.signer.conftest import _topics, desk, signer

__all__ = ["_topics", "desk", "signer"]
