"""The small interface of channels, and those that this process has."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

LABELS = {"mail": "邮件", "sms": "短信"}
TIMEOUT = 10.0
"""Seconds that a channel waits for the other side at each step."""


class Undeliverable(Exception):
    """The other side refused this message for good; trying again would not help."""


@dataclass(frozen=True)
class Parcel:
    """A message in the hands of a channel."""

    message_key: str
    channel: str
    person_id: int
    address: str
    subject: str
    body: str
    at: datetime

    @property
    def identity(self) -> str:
        """The same at every attempt, so that the receiver can drop what it has already."""
        said = f"{self.message_key}/{self.channel}/{self.person_id}"
        return hashlib.sha256(said.encode()).hexdigest()[:40]


class Channel(Protocol):
    """A way to reach people outside the application."""

    def deliver(self, parcel: Parcel) -> None:
        """Hand it over. Raises Undeliverable for good, anything else to be tried again."""


class Local:
    """Sends nothing: the message stays in the outbox, where the demonstration office shows it."""

    def deliver(self, parcel: Parcel) -> None:
        """That it is in the outbox is all that can be done."""


@dataclass(frozen=True)
class Channels:
    """How people are reached.

    open       by ``mail`` and ``sms``; what is missing is not used
    link       address of the pages
    domains    what may stand behind the @ of a mail address, in small letters; empty: anything
    kept_days  how long a message that went out stays in the outbox
    """

    open: Mapping[str, Channel] = field(default_factory=dict)
    link: str = ""
    domains: tuple[str, ...] = ()
    kept_days: int = 90

    def may_reach(self, channel: str, address: str) -> bool:
        """Whether this office writes to such an address at all."""
        if channel != "mail" or not self.domains:
            return True
        return address.rpartition("@")[2].lower() in self.domains


_in_use: list[Channels] = [Channels()]


def use(channels: Channels) -> None:
    """Replace the channels. Called by create_app."""
    _in_use[:] = [channels]


def in_use() -> Channels:
    return _in_use[0]
