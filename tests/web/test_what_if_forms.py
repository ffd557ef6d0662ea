"""推演: the fields of a step's form are filled in by their names, each in its kind."""

import pytest
from werkzeug.datastructures import MultiDict

from app.errors import Invalid
from app.handling.whatif.scenario import Scenario
from app.web.process.what_if_forms import with_deed
from app.workflow.form_fields import Field
from app.workflow.queries import in_force
from tests.handling.whatif.test_playing import suppose
from tests.web.conftest import At
from tests.web.test_pages_what_ifs import BEGIN, NEXT, present
from tests.world import World

FIELDS = (
    Field("big", "重大事项", "checkbox", False),
    Field("days", "天数", "number", False),
    Field("by", "办结日期", "datetime", False),
    Field("who", "会签人", "checklist", False),
    Field("words", "说明", "textfield", False),
)


def deed(**typed: str) -> Scenario:
    form = {"do": "more", "step": "a:", "at": "2026-11-23T10:00"}
    form |= {f"field-a-{key}": value for key, value in typed.items()}
    form |= {"field-b-words": "别的环节"}
    return with_deed(suppose(), MultiDict(form), lambda _: FIELDS)


def test_each_is_read_in_its_kind_and_what_is_empty_is_left_out() -> None:
    found = deed(big="no", days="3", by="2026-12-01", who="甲、乙", words=" ")
    assert found.deeds[-1].fields == {
        "big": False,
        "days": 3,
        "by": "2026-12-01",
        "who": ["甲", "乙"],
    }
    assert deed(days="1.5", big="yes").deeds[-1].fields == {"big": True, "days": 1.5}
    assert deed(who="甲").deeds[-1].fields == {"who": ["甲"]}


@pytest.mark.parametrize("text", ["三", "nan", "inf"])
def test_what_is_no_number_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(Invalid, match="“天数”应填数字") as refusal:
        deed(days=text)
    assert [each.field for each in refusal.value.errors] == ["field-a-days"]


def test_the_page_asks_for_the_form_of_the_step(at: At, world: World) -> None:
    admin, here = at("process.admin"), f"/process/what-if/{present(world)}"
    page = admin.press(here, BEGIN, starter="drafter", at="2026-11-23T09:00")
    assert "推演不走这些" in page.text(NEXT)
    for hour in (10, 11):
        page = admin.post(here, {**page.form(NEXT), "do": "more", "at": f"2026-11-23T{hour}:00"})
    assert "“办公室负责人把关”的表单" in page.text(NEXT)
    field = "field-office_check-countersigners"
    assert page.root.cssselect(f"input[name={field}]")
    mode = page.root.cssselect("select[name=field-office_check-countersign_mode] option")
    assert len(mode) > 1
    step = in_force(world.session, "outgoing").step("office_check")
    key = next(each.key for each in step.outcomes)
    sent = {**page.form(NEXT), "do": "more", "at": "2026-11-23T14:00", field: "nobody.here"}
    page = admin.post(here, {**sent, "step": f"office_check:{key}"})
    assert "nobody.here" in page.text("section[aria-labelledby=way] tbody")
