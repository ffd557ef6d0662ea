"""What a page says about the act before it: kept over the redirect, shown once."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from flask import flash, get_flashed_messages

KINDS = ("done", "warn", "bad", "plain")


@dataclass(frozen=True)
class Message:
    """One sentence on the next page.

    kind      done, warn, bad or plain: colour and, for bad, an alert
    links     (words, address) that follow the sentence
    withdraw  id of the stay just ended, where 撤回 may follow; None for no button
    """

    kind: str
    text: str
    links: Sequence[tuple[str, str]] = ()
    withdraw: int | None = None


def say(
    text: str,
    kind: str = "done",
    *,
    links: Sequence[tuple[str, str]] = (),
    withdraw: int | None = None,
) -> None:
    """Show a sentence on the next page that this person opens."""
    if kind not in KINDS:
        raise ValueError(f"no such kind of message: {kind}")
    flash(json.dumps(asdict(Message(kind, text, tuple(links), withdraw)), ensure_ascii=False))


def messages() -> list[Message]:
    """What waits to be shown; asking takes it away."""
    return [Message(**json.loads(str(text))) for text in get_flashed_messages()]
