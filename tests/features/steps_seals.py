"""印章, 用印申请 and 用印登记, through the API."""

import io
import json
from typing import Any

import sqlalchemy as sa
from pytest_bdd import parsers, step, then
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from app.documents.models import Document
from app.handling.models import Notice
from app.organization import person_by_login
from tests.features.steps_acts import finish
from tests.features.story import API, Paper, Story
from tests.seals.registry.sealing import handwriting

FORM: dict[str, Any] = {
    "seal_time": "2026-11-24T10:00",
    "document_names": "施工合同",
    "taken_out": "no",
    "confirmed": "yes",
}
MADE = r'"(?P<who>[^"]+)"制发了?印文为"(?P<wording>[^"]+)"的印章，由"(?P<keeper>[^"]*)"保管'
ASKED = r'"(?P<who>[^"]+)"提出用印申请，文件是"(?P<names>[^"]+)"(?:，数量(?P<count>\d+))?'


@step(parsers.re(MADE))
def make(story: Story, who: str, wording: str, keeper: str) -> None:
    body = {"kind": "unit", "wording": wording, "diameter": 42, "keeper": keeper}
    story.act(who, "POST", f"{API}/seals", json={**body, "reason": "批准制发。"})


@step(parsers.parse('"{who}"给"{owner}"登记了签名章"{wording}"和图片，由"{keeper}"保管'))
def make_stamp(story: Story, who: str, owner: str, wording: str, keeper: str) -> None:
    body = {"kind": "signature", "wording": wording, "keeper": keeper, "owner": owner}
    story.act(who, "POST", f"{API}/seals", json={**body, "reason": "批准制发。"})
    boundary, sent = encode_multipart({"file": FileStorage(io.BytesIO(handwriting()), "签名.png")})
    kind = f"multipart/form-data; boundary={boundary}"
    story.act(who, "POST", f"{API}/seals/1/pictures", data=sent, content_type=kind)


@step(parsers.re(r'"(?P<who>[^"]+)"因"(?P<reason>[^"]+)"(?P<verb>停用|恢复)印章'))
def change(story: Story, who: str, reason: str, verb: str) -> None:
    path = {"停用": "suspend", "恢复": "resume"}[verb]
    story.act(who, "POST", f"{API}/seals/1/{path}", json={"reason": reason})


@step(parsers.re(ASKED))
def ask(story: Story, who: str, names: str, count: str | None) -> None:
    typed: dict[str, Any] = {"document_names": names.replace("、", "\n")}
    _ask(story, who, typed | ({"document_count": int(count)} if count else {}))


@step(parsers.parse('"{who}"提出用印申请，抄送"{told}"'))
def ask_telling(story: Story, who: str, told: str) -> None:
    _ask(story, who, {"told": told})


@step(parsers.re(r'"(?P<who>[^"]+)"提出用印申请，带出印章，同行人是"(?P<along>[^"]*)"'))
def ask_to_take_out(story: Story, who: str, along: str) -> None:
    _ask(story, who, {"taken_out": "yes", "companions": along})


@step(parsers.parse('"{who}"提出用印申请，确认栏选否'))
def ask_unconfirmed(story: Story, who: str) -> None:
    _ask(story, who, {"confirmed": "no"})


@step(parsers.parse('"{who}"再提交，数量{count:d}'))
def submit_again(story: Story, who: str, count: int) -> None:
    names = "施工合同\n补充协议\n廉政责任书"
    _submit(story, who, {"document_names": names, "document_count": count})


@step(parsers.parse('申请办到"{at}"'))
def run_until(story: Story, at: str) -> None:
    """Approved by the first of each step's people."""
    for _ in range(6):
        (stay,) = story.open_stays()
        if stay.step == at:
            return
        who = story.case()["open_tasks"][0]["candidates"][0]
        finish(story, who, stay.step, {"outcome": "approve", "opinion": "同意。"})
    raise AssertionError(f"the request does not come to {at}")


@step(parsers.parse('"{who}"用印{copies:d}份'))
def use(story: Story, who: str, copies: int) -> None:
    finish(story, who, "use_seal", {"opinion": "", "fields": {"copies": copies}})


@step(parsers.parse('"{who}"选定签发"{sign_off}"、用印"{seal}"'))
def choose(story: Story, who: str, sign_off: str, seal: str) -> None:
    own = {"sign_off": sign_off, "seal": seal}
    body = {"own": own, "reason": "试行。", "source": "江水〔2026〕3号"}
    story.act(who, "POST", f"{API}/signing-policy", json=body)


@step(parsers.parse('"{who}"选定签发"{sign_off}"、用印"{seal}"、签名图"{picture}"'))
def choose_picture(story: Story, who: str, sign_off: str, seal: str, picture: str) -> None:
    own = {"sign_off": sign_off, "seal": seal, "picture": picture}
    body = {"own": own, "reason": "试行。", "source": "江水〔2026〕3号"}
    story.act(who, "POST", f"{API}/signing-policy", json=body)


@step("正文被清空")
def emptied(story: Story) -> None:
    """Past the rules, as no act could do it."""
    with story.change() as session:
        where = Document.id == story.paper.document
        session.execute(sa.update(Document).where(where).values(text=[]))


@then(parsers.parse('"{who}"看到用印登记:'))
def register_says(story: Story, who: str, datatable: list[list[str]]) -> None:
    found = story.see(who, f"{API}/seal-uses")["items"]
    rows = [[each["label"], each["seal"], each["person"], each["words"]] for each in found]
    assert rows == datatable[1:]


@then(parsers.parse('"{who}"查看用印登记，状态{status:d}'))
def may_look(story: Story, who: str, status: int) -> None:
    assert story.look(who, f"{API}/seal-uses").status_code == status


@then("登记的文本是此件现在的文本")
def same_text(story: Story) -> None:
    (found,) = story.see("auditor", f"{API}/seal-uses")["items"]
    assert found["content_sha256"] == story.document()["content_sha256"]


@then(parsers.parse('"{who}"打印的发文稿纸上有签名图'))
def sheet_shows_handwriting(story: Story, who: str) -> None:
    answer = story.look(who, f"{API}/cases/{story.paper.case}/process-sheet.pdf")
    assert answer.status_code == 200
    assert b"/Subtype /Image" in answer.data


@then(parsers.parse('"{who}"的待阅里此件写着"{words}"'))
def told(story: Story, who: str, words: str) -> None:
    found = story.see(who, f"{API}/tasks?box=read")["items"]
    (notice,) = [each["notice"] for each in found if each["case_id"] == story.paper.case]
    assert words in notice


@then(parsers.parse('"{who}"共得到此件的{count:d}次通知'))
def told_so_often(story: Story, who: str, count: int) -> None:
    with story.session() as session:
        person = person_by_login(session, who)
        mine = (Notice.person_id == person.id, Notice.case_id == story.paper.case)
        found = session.scalar(sa.select(sa.func.count()).select_from(Notice).where(*mine))
    assert found == count


def _ask(story: Story, who: str, typed: dict[str, Any]) -> None:
    body = {"title": "堤防工程合同用印", "body": "签订施工合同。"}
    answer = story.act_as_usual(who, f"{API}/requests/seal_request", body)
    assert answer.status_code == 201, answer.json
    case = json.loads(answer.data)["case"]
    story.paper = Paper(case["document_id"], case["id"])
    story.papers.append(story.paper)
    _submit(story, who, typed)


def _submit(story: Story, who: str, typed: dict[str, Any]) -> None:
    fields = {"seal": "1", **FORM, **typed}
    finish(story, who, "apply", {"outcome": "submit", "opinion": "", "fields": fields})
