"""Counting which scenarios prove which rule."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from app import ROOT

WHOLE = {
    **{"ORG": 42, "OUT": 39, "CSG": 7, "INC": 38, "CIR": 27, "DDL": 34, "NUM": 15, "TRN": 24},
    **{"ATT": 18, "DRF": 24, "OPS": 24, "REC": 23, "PAP": 30, "SEC": 34, "SIG": 51, "SRC": 12},
    "ARC": 51,
}
"""How many rules each group of the catalogue has, numbered from 1 without a gap."""
FEATURE = """# language: zh-CN
@OUT-01
功能: 发文
  @OUT-05
  场景: 本人核稿
    假如 有一份草稿
  规则: 退回
    @OUT-08 @OUT-99
    场景大纲: 退回拟稿人
      假如 <原因>
      例子:
        | 原因 |
        | 附件 |
        | 正文 |
"""


@pytest.fixture(scope="module")
def coverage() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rules", ROOT / "scripts/rule_coverage.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["rules"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def test_tags_of_feature_rule_and_scenario_count(coverage: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.feature").write_text(FEATURE, encoding="utf-8")
    proofs = coverage.by_rule(coverage.read_features(tmp_path))
    names = {rule: [each.name for each in found] for rule, found in proofs.items()}
    assert names == {
        "OUT-01": ["本人核稿", "退回拟稿人"],
        "OUT-05": ["本人核稿"],
        "OUT-08": ["退回拟稿人"],
        "OUT-99": ["退回拟稿人"],
    }


def test_a_tag_that_names_no_rule_is_told(coverage: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "a.feature").write_text(FEATURE, encoding="utf-8")
    rules = coverage.read_rules((ROOT / "app/rules.txt").read_text(encoding="utf-8"))
    proofs = coverage.by_rule(coverage.read_features(tmp_path))
    assert coverage.unknown_tags(rules, proofs) == ["OUT-99"]


def test_the_list_of_rules_is_whole_and_in_order(coverage: ModuleType) -> None:
    rules = coverage.read_rules((ROOT / "app/rules.txt").read_text(encoding="utf-8"))
    groups = [rule.id[:3] for rule in rules]
    counts = {group: groups.count(group) for group in dict.fromkeys(groups)}
    assert counts == WHOLE
    assert [rule.id for rule in rules] == [
        f"{group}-{number:02}" for group, count in WHOLE.items() for number in range(1, count + 1)
    ]
    assert {rule.kind for rule in rules} <= {"must", "assist", "context"}
    assert len({rule.id for rule in rules}) == len(rules)
