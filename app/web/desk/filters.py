"""What a list is narrowed to and sorted by; all of it stands in the address of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from flask import url_for

from app.deadlines.lamps import STANDARD, Look
from app.handling.views import queries
from app.handling.views.processing import PROCESSING
from app.handling.views.rows import TaskRow
from app.web.addresses import page_number, sought
from app.web.current import current_actor

PAGE_ROWS = 50
FLOWS = {"": "全部类型", "incoming": "收文", "outgoing": "发文", "request": "审批事项"}
LAMPS = ("red", "amber", "green")
SORTS = {"due": "时限", "title": "标题", "arrived": "到达"}


@dataclass(frozen=True)
class Wanted:
    """What a person wants to see. Words that mean nothing here are as good as none.

    q         looked for in title, number, sending unit, 公文性质 and 主题词
    flow      incoming, outgoing, request or "" for all
    lamp      red, amber, green or "" for all
    waits     key of ``processing.PROCESSING``, what it waits for, or "" for all (SRC-04)
    urgent    特急 only
    returned  only what was sent back to this person
    agent     only what the person has to do in somebody's stead (代)
    sort      due, title or arrived, with "-" in front for the other way round
    page      from 1
    """

    q: str = ""
    flow: str = ""
    lamp: str = ""
    waits: str = ""
    urgent: bool = False
    returned: bool = False
    agent: bool = False
    sort: str = "due"
    page: int = 1

    @property
    def narrowed(self) -> bool:
        return replace(self, sort="due", page=1) != Wanted()

    @property
    def skip(self) -> int:
        """Rows on the pages before."""
        return (self.page - 1) * PAGE_ROWS

    def words(self) -> list[str]:
        """What the list is narrowed to, for its heading."""
        said = [f"含“{self.q}”"] if self.q else []
        said += [FLOWS[self.flow]] if self.flow else []
        said += [STANDARD.looks[self.lamp].word] if self.lamp else []
        said += [PROCESSING[self.waits]] if self.waits else []
        said += ["特急"] if self.urgent else []
        said += ["退回给我"] if self.returned else []
        return said + (["我代办的"] if self.agent else [])

    def address(self, endpoint: str, **changes: Any) -> str:
        """The same list with something changed; all but another page begins at the first one."""
        changed = replace(self, **{"page": 1, **changes})
        nothing = asdict(Wanted())
        query: dict[str, Any] = {
            name: int(value) if value is True else value
            for name, value in asdict(changed).items()
            if value != nothing[name]
        }
        return url_for(endpoint, **query)

    def fits(self, row: TaskRow) -> bool:
        return (
            queries.matches(row, self.q, self.lamp or None)
            and self.flow in ("", row.flow)
            and self.waits in ("", row.processing)
            and (not self.urgent or row.urgency == "extra_urgent")
            and (not self.returned or row.returned)
            and (not self.agent or current_actor().login in row.agents)
        )

    def sorted(self, rows: Sequence[TaskRow]) -> list[TaskRow]:
        """Rows that come with what runs out first; the other orders keep that among equals."""
        backwards = self.sort.startswith("-")
        if self.sort.removeprefix("-") == "due":
            return list(reversed(rows)) if backwards else list(rows)
        key = _by_title if self.sort.removeprefix("-") == "title" else _by_arrival
        return sorted(rows, key=key, reverse=backwards)

    def cut(self, rows: Sequence[TaskRow]) -> Sequence[TaskRow]:
        return rows[self.skip : self.skip + PAGE_ROWS]


@dataclass(frozen=True)
class Chip:
    """A filter to press; ``count`` is how many rows it would leave. ``look`` draws its lamp."""

    label: str
    count: int
    url: str
    active: bool
    look: Look | None = None


@dataclass(frozen=True)
class Heading:
    """A column that can be sorted by; ``direction`` is its aria-sort, "" when by another."""

    label: str
    url: str
    direction: str


def read(args: Mapping[str, str]) -> Wanted:
    """What the address asks for."""
    sort, lamp, flow, waits = (args.get(each, "") for each in ("sort", "lamp", "flow", "waits"))
    return Wanted(
        q=sought(args.get("q", ""), 200),
        flow=flow if flow in FLOWS else "",
        lamp=lamp if lamp in LAMPS else "",
        waits=waits if waits in PROCESSING else "",
        urgent=args.get("urgent") == "1",
        returned=args.get("returned") == "1",
        agent=args.get("agent") == "1",
        sort=sort if sort.removeprefix("-") in SORTS else "due",
        page=page_number(args.get("page", "")),
    )


def chips(wanted: Wanted, endpoint: str, rows: Sequence[TaskRow]) -> list[Chip]:
    """Lamps, 特急, 退回给我, 我代办的 where there is any. Pressing one again takes it off."""

    def chip(label: str, look: Look | None, active: bool, **pressed: Any) -> Chip:
        off = {name: getattr(Wanted(), name) for name in pressed}
        left = sum(replace(wanted, **pressed).fits(row) for row in rows)
        return Chip(
            label, left, wanted.address(endpoint, **(off if active else pressed)), active, look
        )

    looks = [(key, STANDARD.looks[key]) for key in LAMPS]
    found = [chip(look.word, look, wanted.lamp == key, lamp=key) for key, look in looks]
    found.append(chip("特急", None, wanted.urgent, urgent=True))
    found.append(chip("退回给我", None, wanted.returned, returned=True))
    if wanted.agent or any(current_actor().login in row.agents for row in rows):
        found.append(chip("我代办的", None, wanted.agent, agent=True))
    return found


def states(wanted: Wanted, endpoint: str, rows: Sequence[TaskRow]) -> list[Chip]:
    """How many wait for what, in the order of the route; of what nothing waits for, no chip."""
    found = []
    for key, label in PROCESSING.items():
        count = sum(replace(wanted, waits=key).fits(row) for row in rows)
        if count or wanted.waits == key:
            active = wanted.waits == key
            url = wanted.address(endpoint, waits="" if active else key)
            found.append(Chip(label, count, url, active))
    return found


def headings(wanted: Wanted, endpoint: str) -> dict[str, Heading]:
    """The columns that sort, by key; pressing the one in use turns it round."""
    return {key: _heading(wanted, endpoint, key, label) for key, label in SORTS.items()}


def _heading(wanted: Wanted, endpoint: str, key: str, label: str) -> Heading:
    direction = {key: "ascending", f"-{key}": "descending"}.get(wanted.sort, "")
    other = f"-{key}" if direction == "ascending" else key
    return Heading(label, wanted.address(endpoint, sort=other), direction)


def _by_title(row: TaskRow) -> bytes:
    """GB 18030 keeps the common characters in the order of their sound."""
    return row.title.encode("gb18030", "replace")


def _by_arrival(row: TaskRow) -> float:
    return row.arrived_at.timestamp()
