"""Drafting, registering and changing documents, through the API."""

from pytest_bdd import parsers, step

from tests.features.story import API, Story
from tests.features.words import FIELDS, LISTS, URGENCIES, incoming, outgoing, people, shown

ATTENDANCE = ("出席", "请假", "列席")

DRAFTED = (
    r'"(?P<who>[^"]+)"拟了?一份(?P<direction>上行文|下行文|平行文)(?P<kind>[^，]+)'
    r'(?:，缓急"(?P<urgency>[^"]+)")?(?:，会签"(?P<signers>[^"]+)")?'
)


@step(parsers.re(DRAFTED))
def draft(
    story: Story, who: str, direction: str, kind: str, urgency: str | None, signers: str | None
) -> None:
    body = outgoing(direction, kind)
    if urgency:
        body["urgency"] = URGENCIES[urgency]
    if signers:
        body["countersigners"] = people(signers)
    story.started(story.act(who, "POST", f"{API}/documents", json=body))


@step(parsers.re(r'"(?P<who>[^"]+)"拟一份"(?P<field>[^"]+)"为"(?P<value>[^"]*)"的下行文通知'))
def draft_with(story: Story, who: str, field: str, value: str) -> None:
    given = people(value) if field in ("联合发文机关", *ATTENDANCE) else shown(value)
    body = outgoing("下行文", "通知") | {FIELDS[field]: given}
    story.started(story.act(who, "POST", f"{API}/documents", json=body))


@step(
    parsers.re(r'"(?P<who>[^"]+)"登记了?一份(?P<of>"[^"]+"的)?来文(?:，缓急"(?P<urgency>[^"]+)")?')
)
def register(story: Story, who: str, of: str | None, urgency: str | None) -> None:
    body = incoming(urgency=URGENCIES[urgency or "平件"])
    if of:
        body["from_unit"] = of.split('"')[1]
    story.started(story.act(who, "POST", f"{API}/incoming", json=body))


@step(parsers.re(r'"(?P<who>[^"]+)"登记一份"(?P<field>[^"]+)"为"(?P<value>[^"]*)"的来文'))
def register_with(story: Story, who: str, field: str, value: str) -> None:
    body = incoming(**{FIELDS[field]: shown(value)})
    story.started(story.act(who, "POST", f"{API}/incoming", json=body))


@step(parsers.parse('"{who}"登记一份没有"{field}"的来文'))
def register_without(story: Story, who: str, field: str) -> None:
    body = {name: value for name, value in incoming().items() if name != FIELDS[field]}
    story.started(story.act(who, "POST", f"{API}/incoming", json=body))


@step(parsers.parse('公文的"{field}"是"{value}"'))
def has(story: Story, field: str, value: str) -> None:
    wanted = people(value) if field in LISTS else shown(value)
    assert story.document()[FIELDS[field]] == wanted


@step(parsers.re(r'"(?P<who>[^"]+)"把"(?P<field>[^"]+)"改为"(?P<value>[^"]*)"'))
def revise(story: Story, who: str, field: str, value: str) -> None:
    given = people(value) if field in LISTS else shown(value)
    body = {"version": story.document()["version"], FIELDS[field]: given}
    story.act(who, "PATCH", f"{API}/documents/{story.paper.document}", json=body)


@step(parsers.parse('"{who}"删除此件'))
def delete(story: Story, who: str) -> None:
    story.act(who, "DELETE", f"{API}/documents/{story.paper.document}")


@step(parsers.parse("来源分类是{number:d}"))
def source_class_is(story: Story, number: int) -> None:
    assert story.document()["source_class"] == number


@step(parsers.parse('"{one}"和"{other}"下载的公文一字节不差'))
def same_bytes(story: Story, one: str, other: str) -> None:
    path = f"{API}/documents/{story.paper.document}/document.pdf"
    first, second = (story.look(who, path).data for who in (one, other))
    assert first[:5] == b"%PDF-"
    assert first == second
