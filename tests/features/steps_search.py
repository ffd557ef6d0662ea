"""检索 and 抽样 through the API."""

import hashlib

from pytest_bdd import parsers, step, then

from tests.features.story import API, Story


@then(parsers.parse('"{who}"按"{query}"检索，查到的动作有"{label}"'))
def finds(story: Story, who: str, query: str, label: str) -> None:
    found = story.see(who, f"{API}/audit/search?{query}")
    assert label in [each["label"] for each in found["items"]]
    assert found["total"] >= len(found["items"]) > 0


@then(parsers.parse('"{who}"按"{query}"检索，什么也没有'))
def finds_nothing(story: Story, who: str, query: str) -> None:
    assert story.see(who, f"{API}/audit/search?{query}") == {"total": 0, "items": []}


@step(parsers.parse('"{who}"检索"{query}"'))
def searches(story: Story, who: str, query: str) -> None:
    story.act(who, "GET", f"{API}/audit/search?{query}")


@step(parsers.parse('"{who}"以种子"{seed}"从全部件中抽{count:d}件'))
def draws(story: Story, who: str, seed: str, count: int) -> None:
    story.act(who, "POST", f"{API}/audit/samples", json={"seed": seed, "count": count})


@then("样本已记入审计记录，用同一种子重抽结果相同")
def on_record(story: Story) -> None:
    (sample,) = story.see("auditor", f"{API}/audit/samples")["items"]
    numbers = sorted(paper.case for paper in story.papers)
    lots = sorted(
        numbers,
        key=lambda number: hashlib.sha256(f"{sample['seed']}:{number}".encode()).digest(),
    )
    assert sample["drawn"] == lots[:1]
    assert sample["digest"] == hashlib.sha256(",".join(map(str, numbers)).encode()).hexdigest()
