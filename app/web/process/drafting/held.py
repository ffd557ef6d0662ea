"""A draft as the pages hold it: which of its files is shown, and how a change is saved."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from app import clock
from app.database import current_session
from app.errors import NotFound
from app.organization import role_labels
from app.web.current import current_actor
from app.web.desk import act_pages
from app.workflow import drafts, library
from app.workflow.editing import Drawing, Panel
from app.workflow.forms import is_form
from app.workflow.models import DraftState, ProcessDraft
from app.workflow.parser import read_graphs


@dataclass(frozen=True)
class Held:
    """A draft, and the drawing of it that the address names.

    file   name of that drawing; main: of the one that the draft is about
    """

    draft: ProcessDraft
    file: str
    main: str

    @property
    def drawings(self) -> list[str]:
        return drawings(self.draft)

    @property
    def open(self) -> bool:
        return self.draft.state == DraftState.OPEN

    @property
    def data(self) -> bytes:
        text: str = self.draft.files[self.file]
        return text.encode()

    def address(self, endpoint: str, file: str = "", **more: Any) -> str:
        """Another page about the same drawing, or about ``file``."""
        name = file or self.file
        more |= {} if name == self.main else {"file": name}
        return url_for(f"process.{endpoint}", id=self.draft.id, **more)


def held(id: int) -> Held:
    """The draft, and the drawing named by ``?file=``. Raises NotFound."""
    draft = drafts.get(current_session(), id, current_actor())
    main = _main(draft)
    file = request.args.get("file", main)
    if file not in drawings(draft):
        raise NotFound("草稿中没有这张流程图，请从草稿页进入。")
    return Held(draft, file, main)


def drawings(draft: ProcessDraft) -> list[str]:
    return [name for name in draft.files if not is_form(name)]


def form_keys(draft: ProcessDraft) -> list[str]:
    """Keys of the forms that the draft brings itself: the names of their files."""
    return sorted(name.removesuffix(".form") for name in draft.files if is_form(name))


def panel(draft: ProcessDraft) -> Panel:
    """The fields of steps, with all roles and with the forms of the draft and of the program."""
    keys = [*form_keys(draft), *library.known()]
    return Panel.read(role_labels(current_session()), {key: key for key in keys})


def save_drawing(here: Held, act: Callable[[Drawing], str]) -> str:
    """Change the drawing and save the draft; the sentence to show afterwards."""
    drawing = Drawing(here.data)
    sentence = act(drawing)
    save_files(here.draft, {here.file: drawing.written().decode()})
    return sentence


def save_files(draft: ProcessDraft, changed: Mapping[str, str]) -> None:
    """Save some files of a draft as of the revision that the form was drawn from."""
    session = current_session()
    files = {**draft.files, **changed}
    revision = act_pages.revision()
    drafts.save(session, draft.id, revision, files, current_actor(), clock.now(session))


def _main(draft: ProcessDraft) -> str:
    """The file with the process that the draft is about, else the first drawing."""
    names = drawings(draft)
    for name in names:
        graphs, _ = read_graphs({name: draft.files[name].encode()})
        if draft.process_id in graphs:
            return name
    if not names:
        raise NotFound("草稿中没有流程图。")
    return names[0]
