"""Which passwords are good enough, and how many are hashed at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2.exceptions import VerifyMismatchError
from hypothesis import given, settings
from hypothesis import strategies as st

from app.organization import passwords
from app.organization.errors import TooManyRequests


class Watched:
    """Stands in for Argon2: notes what it is asked and gives one answer."""

    def __init__(self, *, answer: bool) -> None:
        self.answer = answer
        self.tried: list[str] = []

    def verify(self, stored: str, _password: str) -> bool:
        self.tried.append(stored)
        if not self.answer:
            raise VerifyMismatchError
        return True


WORDS = ["dept.head", "王建军", "jiangzhou-county-water", "江洲县水务局", "江水"]


@pytest.mark.parametrize(
    ("password", "part"),
    [
        ("Kx7#mQ2vLp9", None),
        ("vmRt-kqnz-82", None),
        ("桥头的水涨了三尺Ab1", None),
        ("Kx7#mQ2vL", "10 至 128"),
        ("", "10 至 128"),
        ("Kx7#mQ2vLp" * 13, "128"),
        ("kqvnrtzmwpl", "三类"),
        ("kqvnrtz8531", "三类"),
        ("Password123!", "太常见"),
        ("P@ssw0rd!2026", "太常见"),
        ("Qwerty1234567", "太常见"),
        ("1qaz@WSX3edc", "太常见"),
        ("Admin@123456", "太常见"),
        ("Aa1!Aa1!Aa1!Aa1!", "太常见"),
        ("Kx7#dept.head", "登录名"),
        ("Kx7#DEPT-vLpq", "登录名"),
        ("Kx7#vLJiangzhou", "登录名"),
        ("Kx7vLp王建军Kx7vLp", "姓名"),
        ("Kx7vLp江洲县水务局Kx", "单位名称"),
        ("Kx7#mQ2vLp\ud800", "无法识别"),
    ],
)
def test_rules(password: str, part: str | None) -> None:
    found = "".join(passwords.faults(password, WORDS))
    assert (part in found) if part else not found


def test_wide_and_narrow_spellings_are_one_password(cheap_hashing: passwords.Hasher) -> None:
    stored = cheap_hashing.hash("Ｋx7#mQ2vLp９")
    assert cheap_hashing.matches(stored, "Kx7#mQ2vLp9")


def test_nothing_is_cut_off(cheap_hashing: passwords.Hasher) -> None:
    stored = cheap_hashing.hash("Kx7#" + "m" * 124)
    assert not cheap_hashing.matches(stored, "Kx7#" + "m" * 123)


@pytest.mark.parametrize("password", ["", "x" * 100_000, "\ud800", "\x00"])
def test_whatever_is_sent_is_only_wrong(cheap_hashing: passwords.Hasher, password: str) -> None:
    assert not cheap_hashing.matches(cheap_hashing.hash("Kx7#mQ2vLp9"), password)
    assert not cheap_hashing.matches(None, password)


def test_without_a_stored_hash_the_work_is_done_all_the_same(
    cheap_hashing: passwords.Hasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    watched = Watched(answer=True)
    monkeypatch.setattr(cheap_hashing, "_argon2", watched)
    assert not cheap_hashing.matches(None, "Kx7#mQ2vLp9")
    assert watched.tried == [cheap_hashing._dummy]


def test_the_shipped_parameters() -> None:
    stored = passwords.Hasher().hash("Kx7#mQ2vLp9")
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_hash_with_other_parameters_is_outdated(cheap_hashing: passwords.Hasher) -> None:
    weaker = passwords.Hasher(memory_kib=16, passes=1, lanes=1)
    assert cheap_hashing.outdated(weaker.hash("Kx7#mQ2vLp9"))
    assert not cheap_hashing.outdated(cheap_hashing.hash("Kx7#mQ2vLp9"))


def test_more_than_the_places_are_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = passwords.Hasher(memory_kib=8, passes=1, lanes=1, at_once=2, patience=0.01)
    inside, leave = threading.Barrier(3), threading.Event()

    class Slow(Watched):
        def verify(self, stored: str, password: str) -> bool:
            inside.wait(timeout=5)
            return leave.wait(timeout=5) and super().verify(stored, password)

    monkeypatch.setattr(hasher, "_argon2", Slow(answer=True))
    with ThreadPoolExecutor(2) as threads:
        busy = [threads.submit(hasher.matches, "stored", "any") for _ in range(2)]
        inside.wait(timeout=5)
        with pytest.raises(TooManyRequests) as refused:
            hasher.matches("stored", "any")
        leave.set()
    assert all(each.result() for each in busy)
    assert refused.value.retry_seconds > 0


def test_random_passwords_keep_the_rules_and_differ() -> None:
    made = {passwords.random_password(["head"]) for _ in range(50)}
    assert len(made) == 50
    assert not any(passwords.faults(password, ["head"]) for password in made)


@settings(max_examples=200)
@given(st.text(max_size=140))
def test_any_text_gets_an_answer(password: str) -> None:
    found = passwords.faults(password, WORDS)
    if not found:
        assert 10 <= len(passwords.normal(password)) <= 128
