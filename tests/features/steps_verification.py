"""Files that somebody holds, and what the office says of them."""

import io
from datetime import timedelta

from pytest_bdd import given, parsers, then, when

from app import clock
from app.seals.certificates import models as _  # noqa: F401  (its tables)
from tests.features.story import API, Story
from tests.seals.house import AT, House
from tests.seals.issued import Stages
from tests.seals.on_record import put_house, put_lists, put_paper
from tests.seals.verification import attacks
from tests.seals.verification.asking import HOUR

FILES = {
    "原件": lambda pdf: pdf,
    "改动了一个字节的文件": attacks.flipped,
    "用印以后添加了内容的文件": attacks.drawing_added,
    "去掉了印章的文件": lambda pdf: pdf[: attacks.revisions(pdf)[-3]],
}
LATER = AT + timedelta(days=2)


@given("县水务局有一份签发、编号、用印的版式公文")
def a_sealed_paper(story: Story, house: House, paper: Stages) -> None:
    story.at = LATER
    with story.change() as session:
        put_house(session, house, AT)
        put_paper(session, paper, AT)
        put_lists(session, house, LATER)


@given(parsers.re("印章的证书在用印之(?P<when>前已经|后)撤销"))
def seal_revoked(story: Story, house: House, paper: Stages, when: str) -> None:
    at = AT - HOUR if when == "前已经" else AT + HOUR
    seal = paper.seals[0].certificate
    house.revoke(seal, at)
    try:
        with story.change() as session:
            put_lists(session, house, LATER + timedelta(minutes=1))
    finally:
        house.release(seal)
    story.at = LATER + timedelta(minutes=2)


@when(parsers.parse("没有登录的人核验{which}"))
def somebody_verifies(story: Story, paper: Stages, which: str) -> None:
    files = {"file": (io.BytesIO(FILES[which](paper.sealed)), "公文.pdf")}
    with clock.moved_to(story.at):
        story.answer = story.app.test_client().post(
            f"{API}/verifications", data=files, content_type="multipart/form-data"
        )
    assert story.answer.status_code == 200, story.answer.json


@then("核验结果是有效")
def is_good(story: Story) -> None:
    assert verified(story)["ok"], verified(story)["sentences"]


@then(parsers.parse('核验结果是无效，代码"{code}"'))
def is_bad(story: Story, code: str) -> None:
    assert not verified(story)["ok"]
    assert code in [finding["code"] for finding in verified(story)["findings"]]


@then(parsers.parse('写明"{words}"'))
def says(story: Story, words: str) -> None:
    assert words in "".join(verified(story)["sentences"])


@then(parsers.parse('写明"{first}"的是"{leader}"，"{second}"的是"{seal}"，时间以时间戳为准'))
def says_who(story: Story, first: str, leader: str, second: str, seal: str) -> None:
    signatures = verified(story)["signatures"]
    assert {each["field"]: each["name"] for each in signatures} == {first: leader, second: seal}
    assert all("（时间戳）" in each["when"] for each in signatures)


def verified(story: Story) -> dict:
    assert story.answer is not None
    return story.answer.json["files"][0]
