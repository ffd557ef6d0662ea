"""What tests of the handling page share."""

import sqlalchemy as sa

from app.handling.models import Task
from app.organization.models import Appointment
from tests.web.desk import Desk, Page
from tests.world import World

DECISION = "form[data-draft]"
HOSTILE = "<script>alert(1)</script>&\"'关于核查的通知"


def waiting(world: World, task: Task | None) -> Task:
    assert task is not None
    world.session.refresh(task)
    world.session.expunge(task)  # it stays as it is while pages act
    return task


def now_open(world: World, case_id: int) -> list[Task]:
    world.session.rollback()
    query = sa.select(Task).where(Task.case_id == case_id, Task.state == "open")
    return list(world.session.scalars(query.order_by(Task.id)))


def submit(desk: Desk, task: Task, **typed: object) -> Page:
    return desk.press(f"/tasks/{task.id}", DECISION, **typed)


def ticked(page: Page, name: str) -> list[str]:
    return [each.get("value") for each in page.root.cssselect(f'[name="{name}"][checked]')]


def dismiss(world: World, role: str) -> None:
    unit = world.actor("drafter").unit_id
    world.session.execute(
        sa.update(Appointment)
        .where(Appointment.role_key == role, Appointment.unit_id == unit)
        .values(until=world.at)
    )
    world.session.commit()
