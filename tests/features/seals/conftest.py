"""The sealed paper of the scenarios: made once, its signers certified in memory."""

from tests.seals.issued import fonts, house, issued, paper

__all__ = ["fonts", "house", "issued", "paper"]
