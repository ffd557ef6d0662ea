"""我的提醒 through the API: one's own addresses and messages, nobody else's."""

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa

from app import messages
from app.messages import Channels
from app.messages.channels import Local
from app.messages.models import Outbox
from tests.messages.conftest import reach, say
from tests.web.conftest import Caller
from tests.world import World

PATH = "/api/v1/me/reminders"


@pytest.fixture(autouse=True)
def ways(world: World) -> Iterator[None]:
    messages.use(Channels({"mail": Local()}, "http://oa.example.cn"))
    yield
    messages.use(Channels())


def test_one_keeps_ones_own(call: Callable[[str], Caller], world: World) -> None:
    drafter = call("drafter")
    found = drafter.get(PATH).json
    assert (found["email"], found["by_mail"], found["channels"]) == (None, False, ["mail"])
    assert found["mail_domains"] == []
    wanted = {"email": "chen@example.cn", "by_mail": True}
    headers = {"Authorization": f"Bearer {drafter.token}"}
    answer = drafter.client.put(PATH, json=wanted, headers=headers)
    assert (answer.status_code, answer.json["email"]) == (200, "chen@example.cn")
    say(world.session, reach(world.session, "leader"), "his")
    say(world.session, world.actor("drafter").person_id, "mine")
    assert [each["subject"] for each in drafter.get(PATH).json["sent"]] == ["催办 mine"]


@pytest.mark.parametrize(
    "body",
    [{"email": "x"}, {"by_mail": True}, {"phone": "x"}, {"person": "leader"}, {"email": None}, []],
)
def test_what_cannot_be_is_refused(call: Callable[[str], Caller], body: object) -> None:
    drafter = call("drafter")
    headers = {"Authorization": f"Bearer {drafter.token}"}
    answer = drafter.client.put(PATH, json=body, headers=headers)
    assert answer.status_code == 422
    assert drafter.get(PATH).json["email"] is None


def test_process_administrators_list_who_was_not_reached(
    call: Callable[[str], Caller], world: World
) -> None:
    say(world.session, reach(world.session, "drafter"), "k")
    world.session.execute(sa.update(Outbox).values(state="given_up"))
    world.session.commit()
    found = call("process.admin").get("/api/v1/incidents").json
    (line,) = found["unsent"]
    assert (found["items"], line["channel"], line["count"]) == ([], "mail", 1)
    assert set(line) == {"channel", "count", "people", "since"}
    assert call("drafter").get("/api/v1/incidents").status_code == 403
