"""发前检查: reasons given at a stay, what is found, and what a unit chooses."""

from pytest_bdd import parsers, step, then

from tests.features.steps_acts import finish, send_back
from tests.features.story import API, Story
from tests.features.words import WAYS_OUT

EXPLAINED = (
    r'"(?P<who>[^"]+)"以"(?P<way>[^"]+)"办结"(?P<at>[^"]+)"，意见"(?P<opinion>[^"]*)"'
    r'，说明"(?P<rule>[^"]+)"为"(?P<text>[^"]*)"'
)


@step(parsers.re(EXPLAINED))
def explain(story: Story, who: str, way: str, at: str, opinion: str, rule: str, text: str) -> None:
    body = {"outcome": WAYS_OUT[way], "opinion": opinion, "explanations": {rule: text}}
    finish(story, who, at, body)


@step(
    parsers.parse('"{who}"为本单位选定发前检查"{rule}"为"{weight}"，原因"{reason}"，依据"{source}"')
)
def choose(story: Story, who: str, rule: str, weight: str, reason: str, source: str) -> None:
    body = {"own": {rule: weight}, "reason": reason, "source": source}
    story.act(who, "POST", f"{API}/preflight-rules", json=body)


@step(parsers.parse('"{who}"以现成的第{place:d}个原因把"{at}"退回"{to}"'))
def send_back_for_usual_reason(story: Story, who: str, place: int, at: str, to: str) -> None:
    send_back(story, who, at, to, _reasons(story, who, at)[place - 1], None)


@then(parsers.parse('"{who}"在"{at}"可选的退回原因有"{words}"'))
def reason_offered(story: Story, who: str, at: str, words: str) -> None:
    assert any(words in reason for reason in _reasons(story, who, at))


@step(parsers.parse('"{who}"把标题加长到{count:d}字'))
def lengthen_title(story: Story, who: str, count: int) -> None:
    begin, end, matter = "江洲县水务局关于做好", "巡查的通知", "冬季堤防"
    rest = count - len(begin) - len(end)
    title = begin + (matter * count)[:rest] + end
    body = {"version": story.document()["version"], "title": title}
    story.act(who, "PATCH", f"{API}/documents/{story.paper.document}", json=body)


@then(parsers.parse('"{who}"的待办里此件是退回件，原因含"{words}"'))
def came_back_for(story: Story, who: str, words: str) -> None:
    todo = story.see(who, f"{API}/tasks?box=todo")["items"]
    (mine,) = [each for each in todo if each["case_id"] == story.paper.case]
    assert mine["returned"]
    assert words in mine["sent_opinion"]


@then(parsers.parse('发前检查里"{rule}"的说明是"{text}"，由"{who}"写'))
def explained(story: Story, rule: str, text: str, who: str) -> None:
    path = f"{API}/documents/{story.paper.document}/preflight"
    found = story.see(story.registry, path)
    (finding,) = [each for each in found["findings"] if each["rule"] == rule]
    assert found["passes"]
    assert not finding["stops"]
    assert finding["explained"]["text"] == text
    assert finding["explained"]["by"] == story.name(who)


@then(parsers.parse('流转记录里有发前检查的说明"{text}"'))
def on_record(story: Story, text: str) -> None:
    acts = [each for each in story.history() if each["action"] == "task.completed"]
    assert [each["text"] for act in acts for each in act["explained"]] == [text]


@then(parsers.parse('公文的附文是"{title}"'))
def appended(story: Story, title: str) -> None:
    blocks = story.document()["text"]
    assert [each["text"] for each in blocks if each["type"] == "title"] == [title]


@then(parsers.re(r'"(?P<who>[^"]+)"看不了发前检查，状态(?P<status>\d+)，理由含"(?P<words>[^"]+)"'))
def no_preflight(story: Story, who: str, status: str, words: str) -> None:
    answer = story.look(who, f"{API}/documents/{story.paper.document}/preflight")
    assert answer.status_code == int(status)
    assert words in answer.json["detail"]


def _reasons(story: Story, who: str, at: str) -> list[str]:
    view = story.see(who, f"{API}/tasks/{story.stay(at, who).id}")
    return [str(each) for each in view["return_reasons"]]
