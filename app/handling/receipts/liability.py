"""迟收责任: who answers for it that an urgent document was signed for too late (TRN-06)."""

from datetime import datetime

WHO = {
    "sender": "发送单位：没有在时限内通知收文单位",
    "receiver": "收文单位：接到通知未及时签收",
}


def who_answers(
    due_at: datetime, received_at: datetime | None, notified_at: datetime | None, now: datetime
) -> str:
    """``sender``, ``receiver``, or "" while nothing is late; of urgent documents only.

    due_at       by when the reception had to be known
    received_at  when the receiver said that it is there; None while it has not
    notified_at  when the receiver was first told to sign for it; None without a record of that
    """
    if (received_at or now) <= due_at:
        return ""
    if notified_at is None or notified_at > due_at:
        return "sender"
    return "receiver"
