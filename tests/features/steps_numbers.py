"""The ledger of numbers and the names of files, through the API and the pages."""

import io
from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

from pytest_bdd import parsers, step, then

from app import audit, organization
from app.organization import operations
from tests.documents import files
from tests.features.steps_acts import finish
from tests.features.story import API, Story
from tests.features.words import people

BY = audit.signed_by_rule("场景")


@step(parsers.parse('"{who}"预留"{code}"的{count:d}个号到"{until}"，用途"{purpose}"'))
def reserve(story: Story, who: str, code: str, count: int, until: str, purpose: str) -> None:
    body = {"series": code, "count": count, "until": until, "purpose": purpose}
    story.act(who, "POST", f"{API}/numbers/reserve", json=body)


@step(parsers.parse('"{who}"跳过"{code}"的{count:d}个号，原因"{reason}"'))
def skip(story: Story, who: str, code: str, count: int, reason: str) -> None:
    body = {"series": code, "count": count, "reason": reason}
    story.act(who, "POST", f"{API}/numbers/skip", json=body)


@step(parsers.re(r'"(?P<who>[^"]+)"作废"(?P<number>[^"]+)"，原因"(?P<reason>[^"]*)"'))
def void(story: Story, who: str, number: str, reason: str) -> None:
    (line,) = [each for each in book(story, "江水") if each["text"] == number]
    story.act(who, "POST", f"{API}/numbers/{line['id']}/void", json={"reason": reason})


@step(parsers.parse('"{who}"以"{choice}"登记编号'))
def register(story: Story, who: str, choice: str) -> None:
    """As the registrar chooses it in the form of the step."""
    body = {"outcome": "register", "opinion": "", "fields": {"number_from": choice}}
    finish(story, who, "register_number", body)


SERIES = (
    r'"(?P<who>[^"]+)"设置序列"(?P<code>[^"]+)"，形式"(?P<form>[^"]+)"，适用"(?P<kinds>[^"]+)"'
    r'(?:，由"(?P<role>[^"]+)"编号)?'
)


@step(parsers.re(SERIES))
def define(story: Story, who: str, code: str, form: str, kinds: str, role: str | None) -> None:
    body = {"code": code, "name": code, "form": form, "kinds": people(kinds), "role": role or ""}
    story.act(who, "POST", f"{API}/numbers/series", json=body)


@step(parsers.parse('有角色"{key}"，称"{label}"，由"{who}"担任，并任文印室'))
def have_office(story: Story, key: str, label: str, who: str) -> None:
    """Another office with a registrar of its own, who may stand at the registration."""
    with story.change() as session:
        operations.create_role(session, BY, story.at, key=key, label=label, scope="unit")
        person = organization.person_by_login(session, who)
        for role in (key, organization.roles.PRINTING_ROOM):
            operations.appoint(session, BY, story.at, person=person, role=role)


@then(parsers.parse('"{who}"在"{at}"可选的文号是"{choices}"'))
def may_choose(story: Story, who: str, at: str, choices: str) -> None:
    assert offered(story, who, at) == people(choices)


@then(parsers.parse('"{who}"在"{at}"没有文号可选'))
def nothing_to_choose(story: Story, who: str, at: str) -> None:
    """The next number of the one series is taken without asking."""
    assert offered(story, who, at) is None


@then(parsers.parse('"{code}"的登记簿是:'))
def book_is(story: Story, code: str, datatable: Sequence[Sequence[str]]) -> None:
    _, *rows = datatable
    found = [[each["text"], each["state_label"], each["words"]] for each in book(story, code)]
    assert found == [list(row) for row in rows]


@then(parsers.parse('"{who}"导出的公文名为"{name}"'))
def paper_is_called(story: Story, who: str, name: str) -> None:
    assert called(story, who, f"{API}/documents/{story.paper.document}/document.pdf") == name


@then(parsers.parse('"{who}"导出的登记簿名为"{name}"'))
def book_is_called(story: Story, who: str, name: str) -> None:
    assert called(story, who, "/numbers/register.csv") == name


@step(parsers.parse('"{who}"添加名称{count:d}个字的附件'))
def attach_long(story: Story, who: str, count: int) -> None:
    data = {"file": (io.BytesIO(files.pdf()), "表" * count + ".pdf")}
    path = f"{API}/documents/{story.paper.document}/attachments"
    story.act(who, "POST", path, data=data, content_type="multipart/form-data")


@then(parsers.parse('稿本代码是"{code}"'))
def draft_status_is(story: Story, code: str) -> None:
    assert story.document()["draft_status"] == code


@then(parsers.parse('联合发文机关是"{names}"'))
def joined_by(story: Story, names: str) -> None:
    assert story.document()["joint_issuers"] == people(names)


def book(story: Story, code: str) -> list[Any]:
    return list(story.see(story.registry, f"{API}/numbers?series={code}")["items"])


def offered(story: Story, who: str, at: str) -> list[str] | None:
    fields = story.see(who, f"{API}/tasks/{story.stay(at, who).id}")["fields"]
    found = next((each for each in fields if each["key"] == "number_from"), None)
    return found and [option["value"] for option in found["options"]]


def called(story: Story, who: str, path: str) -> str:
    """The name under which a browser saves the file."""
    answer = story.look(who, path)
    assert answer.status_code == 200, answer.text
    return unquote(answer.headers["Content-Disposition"].partition("filename*=UTF-8''")[2])
