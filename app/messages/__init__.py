"""提醒: what reaches people outside the application, by channels behind one small interface.

Messages are rows, written in the transaction of what they tell of and handed over afterwards by
the scheduler process. What there is to tell is decided above, in ``handling``.
"""

from app.messages.channels import Channel, Channels, Parcel, Undeliverable, use
from app.messages.clearing import clear
from app.messages.delivery import deliver
from app.messages.queueing import Message, queue, wanted_by
from app.messages.timing import goes_at_once

__all__ = [
    "Channel",
    "Channels",
    "Message",
    "Parcel",
    "Undeliverable",
    "clear",
    "deliver",
    "goes_at_once",
    "queue",
    "use",
    "wanted_by",
]
