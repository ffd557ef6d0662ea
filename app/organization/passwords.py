"""Hashing passwords, and which ones are good enough (decision 10, SEC-05, SEC-06)."""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from app.organization.common_passwords import COMMON
from app.organization.errors import TooManyRequests
from app.organization.policy import POLICY

_SHORT = 6  # characters that must be left when common words and years are taken out
_LOOKALIKES = str.maketrans("@$!", "asi")
_YEAR = r"(?:19|20)\d\d"


def normal(password: str) -> str:
    """One spelling of what was typed, whatever the keyboard sent (NFKC). Nothing is cut off."""
    return unicodedata.normalize("NFKC", password)


class Hasher:
    """Argon2id with a bound on how many run at once in this process.

    Each takes ``memory_kib``: without the bound, a flood of sign-ins is an attack on memory.
    """

    def __init__(
        self,
        *,
        memory_kib: int = 65536,
        passes: int = 3,
        lanes: int = 4,
        at_once: int = 4,
        patience: float = 2.0,
    ) -> None:
        self._argon2 = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes)
        self._slots = BoundedSemaphore(at_once)
        self._patience = patience
        self._dummy = self._argon2.hash(secrets.token_urlsafe(16))

    def hash(self, password: str) -> str:
        with self._slot():
            return self._argon2.hash(normal(password))

    def matches(self, stored: str | None, password: str) -> bool:
        """Whether the password is the stored one; without one, the same work and no."""
        tried = password if _readable(password) else ""
        with self._slot():
            try:
                self._argon2.verify(stored or self._dummy, normal(tried))
            except VerificationError:
                return False
        return stored is not None

    def outdated(self, stored: str) -> bool:
        return self._argon2.check_needs_rehash(stored)

    @contextmanager
    def _slot(self) -> Iterator[None]:
        """Wait ``patience`` seconds for one of the places, else TooManyRequests."""
        if not self._slots.acquire(timeout=self._patience):
            raise TooManyRequests(retry_seconds=10)
        try:
            yield
        finally:
            self._slots.release()


_current: list[Hasher] = []


def hasher() -> Hasher:
    """The hasher of this process, made when first needed: its dummy hash costs a tenth of 1 s."""
    if not _current:
        _current.append(Hasher())
    return _current[-1]


@dataclass(frozen=True)
class Attempt:
    """A password that was tried, with nothing held meanwhile: a hash takes a tenth of a second.

    stored   the hash it was tried against; None where there is none that it could fit
    renewed  its hash with the present parameters, where it fits one made with older ones
    """

    stored: str | None
    right: bool
    renewed: str | None = None


def tried(stored: str | None, password: str) -> Attempt:
    """Try a password; the same work whether or not there is something to fit (G2)."""
    if not hasher().matches(stored, password) or stored is None:
        return Attempt(stored, right=False)
    return Attempt(stored, True, hasher().hash(password) if hasher().outdated(stored) else None)


@contextmanager
def hashed_by(other: Hasher) -> Iterator[Hasher]:
    """Hash with other parameters in this block, in all threads. For tests."""
    _current.append(other)
    try:
        yield other
    finally:
        _current.remove(other)


def faults(password: str, forbidden: Iterable[str]) -> list[str]:
    """Sentences for every rule that a new password breaks; empty when it may be taken.

    forbidden  words of the login, the name and the unit; shorter than three signs they do not count
    """
    if not _readable(password):
        return [f"密码不能超过 {POLICY.maximum} 个字符，也不能含有无法识别的字符。"]
    text = normal(password)
    found = []
    if not POLICY.minimum <= len(text) <= POLICY.maximum:
        found.append(f"密码应为 {POLICY.minimum} 至 {POLICY.maximum} 个字符。")
    if _classes(text) < POLICY.classes:
        found.append("密码应至少含有大写字母、小写字母、数字、其他符号中的三类。")
    if any(word in text.casefold() for word in _words(forbidden)):
        found.append("密码不能含有登录名、姓名或单位名称。")
    if _is_common(text):
        found.append("密码太常见，请换一个不易猜到的。")
    return found


def random_password(forbidden: Iterable[str] = ()) -> str:
    """Four groups a person can read aloud and type, about 78 bits; keeps every rule."""
    words = tuple(forbidden)
    letters = "abcdefghjkmnpqrstuvwxyz"
    while True:
        groups = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(4)]
        groups[0] = groups[0].capitalize()
        groups.append("".join(secrets.choice("23456789") for _ in range(2)))
        password = "-".join(groups)
        if not faults(password, words):
            return password


def _readable(password: str) -> bool:
    """Short enough to work on, and text that can be written down at all."""
    surrogates = any("\ud800" <= sign <= "\udfff" for sign in password)
    return len(password) <= POLICY.maximum and not surrogates


def _classes(text: str) -> int:
    tests = (str.islower, str.isupper, str.isdigit)
    found = {next((n for n, is_of in enumerate(tests) if is_of(sign)), 3) for sign in text}
    return len(found)


def _words(forbidden: Iterable[str]) -> set[str]:
    """The words themselves and their parts between dots, hyphens and spaces; Chinese from two."""
    parts = {part for word in forbidden for part in (word, *re.split(r"[\s.\-_]+", word))}
    folded = {normal(part).casefold() for part in parts}
    return {word for word in folded if len(word) >= (3 if word.isascii() else 2)}


def _is_common(text: str) -> bool:
    """Whether little is left without common words and years, or few different signs are used."""
    folded = text.casefold()
    if len(set(folded)) < 5:
        return True
    for spelling in (folded, folded.translate(_LOOKALIKES).replace("0", "o")):
        left = re.sub(_PATTERN, "", spelling)
        if len(re.sub(r"[\W_]", "", left)) < _SHORT:
            return True
    return False


_PATTERN = re.compile("|".join([*sorted(map(re.escape, COMMON), key=len, reverse=True), _YEAR]))
