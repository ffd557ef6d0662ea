"""时限规则: what a system administrator chooses for the unit."""

from pytest_bdd import parsers, step, then

from tests.features.story import API, Story

CHOICES = {
    "三级时限": {"profile": "three_levels"},
    "两级时限": {"profile": "two_limits"},
    "满整日": {"count": "elapsed"},
    "每15分钟提醒": {"alarm_every": "15"},
    "全部沿用": {},
}


@step(parsers.parse('"{who}"为本单位选定"{choice}"，原因"{reason}"，依据"{source}"'))
def choose(story: Story, who: str, choice: str, reason: str, source: str) -> None:
    body = {"own": CHOICES[choice], "reason": reason, "source": source}
    story.act(who, "POST", f"{API}/policies", json=body)


@then(parsers.parse('"{who}"看到时限规则"{label}"是"{words}"，来自"{unit}"'))
def holds(story: Story, who: str, label: str, words: str, unit: str) -> None:
    values = story.see(who, f"{API}/policies")["values"]
    found = [
        (each["words"], each["chosen_by"] or "通用") for each in values if each["label"] == label
    ]
    assert found == [(words, unit)]
