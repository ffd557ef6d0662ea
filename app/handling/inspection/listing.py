"""The index of 检查包 as a page without script or network, and its lists as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from app.clock import SHANGHAI
from app.documents import tables as csv
from app.handling.inspection import sampling
from app.handling.inspection.deviations import DEVIATIONS
from app.handling.inspection.searching import Hit

if TYPE_CHECKING:
    from app.handling.inspection.packing import Found

HOW = """检查包：一个年度的抽样卷宗和全部例外，供检查人员带走。

阅读：打开 index.html，不需要网络。CSV 可用表格软件打开。
核对：manifest.json 列出每个文件的 SHA-256 和抽样的种子、范围，manifest.sig 是它的 Ed25519 签名；
      cases 里每个卷宗包自带 verify.py，用 python -I verify.py 卷宗包.zip --key 公钥 核对。
公钥请向安全审计员或者见证处核实，不要采信包内所写。
重做：gongwen inspection-pack，用 manifest.json 里同样的年度、单位、种子、抽取数和检查点。
"""
STYLE = (
    "body{font:16px/1.6 serif;margin:2em auto;max-width:70em;padding:0 1em}"
    "table{border-collapse:collapse;width:100%;margin:0 0 2em}th,td{border:1px solid #999;"
    "padding:.3em .5em;text-align:left;vertical-align:top}code{word-break:break-all}"
)
ENTRY = (
    *("记录序号", "时间", "偏差", "动作", "办理人", "身份", "代谁", "环节"),
    *("公文", "文号", "办件", "意见或原因"),
)
SAMPLE = ("次序", "办件", "公文", "文号、种类、状态", "卷宗包", "SHA-256")
GAP = ("登记簿", "年度", "文号", "状态", "经办人", "时间", "用途或原因")
SEPARATE = (("超时.csv", "超时"), ("破窗.csv", "破窗（管理措施）"), ("退回撤回.csv", "退回、撤回"))
"""Deviations that inspectors ask for first have a list of their own."""


def tables(found: Found) -> dict[str, bytes]:
    rows = [_entry(each) for each in found.deviations]
    files = {
        "偏差.csv": csv.as_csv([ENTRY, *rows]),
        "抽样.csv": csv.as_csv([SAMPLE, *_sample(found)]),
        "缺号.csv": csv.as_csv([GAP, *_gaps(found)]),
    }
    for name, labels in SEPARATE:
        files[name] = csv.as_csv([ENTRY, *(_entry(each) for each in _with(found, labels))])
    return files


def page(found: Found) -> bytes:
    plan, seen = found.plan, found.checkpoint
    of_unit = f"（{escape(plan.unit)}）" if plan.unit else ""
    head = (
        f"{plan.year}年度{of_unit}，记录到第 {seen.size} 条的检查点"
        f"（{_moment(seen.moment)}，<code>{escape(seen.root)}</code>）为止。"
    )
    drawn = (
        f"{found.among} 件中抽 {len(found.drawn)} 件，种子“{escape(plan.seed)}”。"
        f"{escape(sampling.ALGORITHM)}全部编号以逗号相连的 SHA-256 是 <code>{found.digest}</code>。"
    )
    parts = [
        f"<h1>检查包：{plan.year}年度</h1><p>{head}</p>",
        f"<h2>抽样的卷宗</h2><p>{drawn}</p>",
        _table(SAMPLE, _sample(found)),
        "<h2>偏差的件数</h2>",
        _table(("偏差", "次数"), _counts(found)),
        f"<h2>缺号 {len(found.gaps) + len(found.missing)} 个</h2>",
        _table(GAP, _gaps(found)),
        *_lists(found),
    ]
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>检查包 {plan.year}年度</title><style>{STYLE}</style></head>"
        f"<body>{''.join(parts)}</body></html>"
    ).encode()


def _lists(found: Found) -> Iterable[str]:
    for name, labels in SEPARATE:
        rows = [_entry(each) for each in _with(found, labels)]
        yield f"<h2>{labels} {len(rows)} 次</h2><p>另见 {name}；全部偏差见 偏差.csv。</p>"
        yield _table(ENTRY, rows)


def _with(found: Found, labels: str) -> list[Hit]:
    wanted = set(labels.split("、"))
    return [each for each in found.deviations if wanted & set(each.deviations)]


def _counts(found: Found) -> list[Sequence[str]]:
    return [
        (label, str(sum(label in each.deviations for each in found.deviations)))
        for _, label in DEVIATIONS.values()
    ]


def _sample(found: Found) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = []
    for place, each in enumerate(found.drawn, 1):
        name = f"cases/卷宗包-{each.number}.zip"
        made = found.failed.get(each.number) or name
        rows.append(
            (
                *(str(place), str(each.number), each.title, each.about),
                *(made, found.digests.get(name, "")),
            )
        )
    return rows


def _gaps(found: Found) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [
        (
            *(book.name, str(book.year or ""), line.text, line.label),
            *(line.by, _moment(line.at), line.words),
        )
        for book, line in found.gaps
    ]
    return rows + [
        (book.name, str(book.year or ""), number, "登记簿中没有此号", "", "", "")
        for book, number in found.missing
    ]


def _entry(hit: Hit) -> Sequence[str]:
    return (
        *(str(hit.seq), _moment(hit.at), "、".join(hit.deviations), hit.label),
        *(hit.actor, hit.authority, hit.principal or "", hit.step),
        *(hit.title, hit.number, str(hit.case_id or ""), hit.said),
    )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return "<p>没有。</p>"
    top = "".join(f'<th scope="col">{escape(each)}</th>' for each in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{_cell(each)}</td>" for each in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    said = escape(text)
    return f'<a href="{said}">{said}</a>' if text.startswith("cases/") else said


def _moment(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
