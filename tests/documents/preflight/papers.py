"""Exemplary papers of a county bureau, and its kin; a test changes what it is about."""

from dataclasses import replace
from typing import Any

from app.documents.preflight import Paper
from app.documents.preflight.paper import File, Kin, Office, Relation

PROVINCE = Office("江北省水利厅", "省水利厅", 0, Relation.SUPERIOR, 2)
CITY = Office("江洲市水务局", "市水务局", 1, Relation.SUPERIOR, 1)
COUNTY = Office("江洲县水务局", "县水务局", 2, Relation.SELF)
STATION = Office("柳湾镇水务站", "柳湾水务站", 3, Relation.SUBORDINATE, 1)
EAST = Office("东湖区水务局", "东湖水务", 2, Relation.OTHER)
KIN = Kin(COUNTY, (PROVINCE, CITY, STATION, EAST))

NOTICE = Paper(
    kin=KIN,
    direction="downward",
    kind="通知",
    title="江洲县水务局关于做好冬季堤防巡查的通知",
    main_recipients=("各乡镇水务站",),
    body="现就冬季堤防巡查通知如下。\n一、按日巡查。\n二、及时报告。",
)
REQUEST = Paper(
    kin=KIN,
    direction="upward",
    kind="请示",
    title="江洲县水务局关于提前下达堤防加固资金的请示",
    main_recipients=("江洲市水务局",),
    body="现将有关情况请示如下。\n恳请市局提前下达资金 300 万元。\n妥否，请批示。",
    note="联系人：办公室值班室，电话：0000-0000000",
)
REPORT = replace(
    REQUEST,
    kind="报告",
    title="江洲县水务局关于旱情的报告",
    body="现将旱情报告如下。\n全县蓄水 2140 万立方米。\n特此报告。",
)
LETTER = Paper(
    kin=KIN,
    direction="parallel",
    kind="函",
    title="江洲县水务局关于联合巡查的函",
    main_recipients=("东湖区水务局",),
    body="拟与贵局联合巡查。妥否，请函复。",
)
MODELS = {"notice": NOTICE, "request": REQUEST, "report": REPORT, "letter": LETTER}


def paper(model: str, **changes: Any) -> Paper:
    """``body`` with a leading + is put behind that of the model."""
    found = MODELS[model]
    if changes.get("body", "").startswith("+"):
        changes["body"] = f"{found.body}\n{changes['body'][1:]}"
    return replace(found, **changes)


def files(*names: str, own: bool = True) -> tuple[File, ...]:
    return tuple(File(name, own) for name in names)
