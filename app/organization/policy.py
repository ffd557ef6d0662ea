"""Values of the sign-in rules (decision 10, security baseline) in one place."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class AccountPolicy:
    """How passwords and sessions live.

    minimum, maximum  characters of a password after NFKC
    classes           of lower case, upper case, digits and everything else
    remembered        last passwords that may not be taken again, the present one included
    lock_after        wrong passwords in a row that lock the account for ``lock_for``; the lock
                      ends by itself, or anybody could lock out a leader for good
    address_failures  refused sign-ins from one address within ``address_window``
    proof_valid       a fresh proof of identity counts this long
    awaiting          a sign-in waits this long for its second factor
    idle, absolute    a browser session ends after this long without use, and in any case
    """

    minimum: int = 10
    maximum: int = 128
    classes: int = 3
    remembered: int = 5
    max_age: timedelta = timedelta(days=90)
    initial_valid: timedelta = timedelta(hours=24)
    lock_after: int = 5
    lock_for: timedelta = timedelta(minutes=30)
    address_failures: int = 20
    address_window: timedelta = timedelta(minutes=10)
    idle: timedelta = timedelta(minutes=30)
    absolute: timedelta = timedelta(hours=10)
    proof_valid: timedelta = timedelta(minutes=2)
    awaiting: timedelta = timedelta(minutes=10)
    token_days: int = 365


POLICY = AccountPolicy()
