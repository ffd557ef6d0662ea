"""The page of a case file: the course of the case from its entries, without script or network."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from app.audit import Checkpoint
from app.clock import SHANGHAI
from app.handling.casefile.gathering import Files
from app.handling.views.history import ACTIONS

STYLE = (
    "body{font:16px/1.6 serif;margin:2em auto;max-width:60em;padding:0 1em}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #999;padding:.3em .5em;"
    "text-align:left;vertical-align:top}code{word-break:break-all}"
)


def bodies(files: Files) -> list[dict[str, Any]]:
    """The entries of the record in the file, in order."""
    found = json.loads(files["record.json"])["entries"]
    return [json.loads(each["body"]) for each in found]


def words(entries: Sequence[Mapping[str, Any]]) -> bytes:
    """What the acts in it are called, for whoever reads the entries without our program."""
    named = {each["action"]: ACTIONS.get(each["action"], each["action"]) for each in entries}
    return json.dumps(named, ensure_ascii=False, sort_keys=True, indent=1).encode()


def page(title: str, number: str, entries: Sequence[Mapping[str, Any]], seen: Checkpoint) -> bytes:
    rows = "".join(_row(each) for each in entries)
    title = escape(" ".join(title.split()))
    number = escape(number or "未编号")
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body><h1>{title}</h1><p>{number}；记录 {len(entries)} 条，"
        f"都在第 {seen.size} 条的检查点之内（{_moment(seen.at)}，<code>{seen.root}</code>）。"
        "本页便于阅读，以 record.json 为准；核对请打开 check.html，或者见 说明.txt。</p>"
        "<table><thead><tr><th>序号</th><th>时间</th><th>动作</th><th>环节</th><th>办理人</th>"
        f"<th>身份</th><th>意见</th></tr></thead><tbody>{rows}</tbody></table></body></html>"
    ).encode()


def _row(body: Mapping[str, Any]) -> str:
    detail = body["detail"]
    opinion = detail.get("opinion") or body["reason"] or ""
    outcome = detail.get("outcome_label")
    said = (
        *(str(body["seq"]), _moment(body["at"]), ACTIONS.get(body["action"], body["action"])),
        *(detail.get("step_name") or body["step"] or "", body["actor"]["name"]),
        *(body["authority"], f"（{outcome}）{opinion}" if outcome else opinion),
    )
    return "<tr>" + "".join(f"<td>{escape(each)}</td>" for each in said) + "</tr>"


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
