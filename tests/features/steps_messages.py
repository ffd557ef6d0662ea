"""What goes out to people: their addresses, the mail server and gateway, and the digest."""

from dataclasses import dataclass, field

from pytest_bdd import parsers, step, then
from sqlalchemy.orm import sessionmaker

from app import messages
from app.database import db
from app.handling.digests import write_digests
from app.messages import Channels, Parcel
from tests.features.story import API, Story
from tests.features.words import people

ADDRESSES = {"邮箱": ("email", "by_mail"), "手机": ("phone", "by_sms")}


@dataclass
class OtherSide:
    """Mail server and gateway in one; ``down``: it takes nothing."""

    got: list[Parcel] = field(default_factory=list)
    down: bool = False

    def deliver(self, parcel: Parcel) -> None:
        if self.down:
            raise ConnectionRefusedError("down")
        self.got.append(parcel)


@step("本机关开通了邮件和短信", target_fixture="other_side")
def open_channels(story: Story) -> OtherSide:
    found = OtherSide()
    messages.use(Channels({"mail": found, "sms": found}, "https://oa.example.cn"))
    return found


@step(parsers.parse('"{who}"用{kind:w}"{address}"接收提醒'))
def is_reached(story: Story, who: str, kind: str, address: str) -> None:
    where, wish = ADDRESSES[kind]
    story.act(who, "PUT", f"{API}/me/reminders", json={where: address, wish: True})


@step(parsers.re("邮件服务器(?P<state>停机|恢复)"))
def goes_down(other_side: OtherSide, state: str) -> None:
    other_side.down = state == "停机"


@step("系统发出提醒")
def send(story: Story) -> None:
    with story.change(), story.app.app_context():
        sessions = sessionmaker(db.engine)
        write_digests(sessions)
        messages.deliver(sessions)


@then(parsers.parse('"{address}"收到{count:d}条提醒'))
def has_got(other_side: OtherSide, address: str, count: int) -> None:
    assert len(_to(other_side, address)) == count


@then(parsers.parse('"{address}"最近一条提醒是"{subject}"'))
def latest_is(other_side: OtherSide, address: str, subject: str) -> None:
    assert _to(other_side, address)[-1].subject == subject


@then(parsers.parse('"{address}"最近一条提醒写着"{words}"'))
def latest_says(other_side: OtherSide, address: str, words: str) -> None:
    body = _to(other_side, address)[-1].body
    assert all(each in body for each in people(words)), body


@then(parsers.parse('"{address}"最近一条提醒没有写"{words}"'))
def latest_does_not_say(other_side: OtherSide, address: str, words: str) -> None:
    found = _to(other_side, address)[-1]
    assert words not in found.body + found.subject


@then(parsers.parse('"{address}"收到的提醒标识各不相同'))
def none_is_a_repeat(other_side: OtherSide, address: str) -> None:
    got = [parcel.identity for parcel in _to(other_side, address)]
    assert len(set(got)) == len(got)


@then(parsers.parse('"{who}"的提醒记录里最近一条是"{state}"'))
def log_says(story: Story, who: str, state: str) -> None:
    assert story.see(who, f"{API}/me/reminders")["sent"][0]["state"] == state


def _to(other_side: OtherSide, address: str) -> list[Parcel]:
    return [parcel for parcel in other_side.got if parcel.address == address]
