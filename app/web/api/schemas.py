"""Shapes of the API, as its OpenAPI description shows them. Fixed names; more may be added."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)

from app.clock import SHANGHAI
from app.documents import fields, wording
from app.documents.refusals import refuse
from app.documents.text import Block
from app.organization.choices import Choice
from app.web import days

Instant = Annotated[
    datetime,
    PlainSerializer(
        lambda at: at.astimezone(SHANGHAI).isoformat(timespec="seconds"), return_type=str
    ),
]
"""ISO 8601 with the offset of Asia/Shanghai."""


Day = Annotated[date, Field(ge=days.EARLIEST, le=days.LATEST)]
"""A day of this office; beyond it a day has no instant that a database could hold."""


class UnitChoice(BaseModel):
    """A choice of a unit about its rules; ``until``: null while it is in force."""

    words: list[str]
    reason: str
    source: str
    person: str | None
    since: Instant
    until: Instant | None


def choices(made: Iterable[Choice]) -> list[UnitChoice]:
    return [UnitChoice(**vars(each)) for each in made]


Number = Annotated[int, Field(ge=1, le=2**63 - 1)]
VersionNumber = Annotated[int, Field(ge=1, le=2**31 - 1)]


def _showable(text: str) -> str:
    """PostgreSQL cannot keep NUL, and half of a surrogate pair has no UTF-8."""
    point = wording.control_character(text, allowed="\n\r\t\u2028\u2029")
    if point:
        refuse("control", point=point)
    return text


def _all_showable(values: dict[str, Any]) -> dict[str, Any]:
    waiting: list[Any] = [values]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            _showable(value)
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value
    return values


Key = Annotated[str, Field(max_length=100), AfterValidator(_showable)]
"""A login, a step, an outcome, or words to look for."""

Remark = Annotated[str, Field(max_length=20_000)]
"""An opinion or a reason; the operation says what it may be, in the words of its page."""

Elements = Annotated[dict[Key, Any], Field(max_length=200), AfterValidator(_all_showable)]
"""Values of a step's form by key; what they may be is said by the form."""

Line = Annotated[str, Field(max_length=100)]
Lines = Annotated[list[Line], Field(max_length=fields.RECIPIENTS)]
"""Elements of a document. What they may hold is said by the same rules as when it was drafted."""


class Input(BaseModel):
    """What comes in: fields that the operation does not have are refused (S4)."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class NumberPath(BaseModel):
    """An id in the address; one that cannot exist is simply not there (404)."""

    id: Number


class AttachmentPath(NumberPath):
    attachment_id: Number


class ReceivedBody(Input):
    """``attachment``: of a received document that the person may see."""

    attachment: Number


class PreviewQuery(BaseModel):
    """Page of a picture or scan, from 1."""

    page: Annotated[int, Field(ge=1, le=100_000)] = 1


class PreviewedText(BaseModel):
    """The words and tables of a file; ``cut``: there is more than is shown."""

    items: list[dict[str, Any]]
    cut: bool


class PicturePath(BaseModel):
    """SHA-256 of the bytes; one that no picture can have is simply not there (404)."""

    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Picture(BaseModel):
    """A picture that may be put into a text; width and height in pixels, size in bytes."""

    sha256: str
    media_type: str
    width: int
    height: int
    size: int


class Problem(BaseModel):
    """RFC 9457: what happened and what to do, in Chinese; ``code`` is stable."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[dict[str, str]] | None = None


class Post(BaseModel):
    role: str
    title: str
    unit_id: int
    department_id: int | None


class Me(BaseModel):
    login: str
    name: str
    unit: str
    unit_name: str
    department: str | None
    roles: list[str]
    posts: list[Post]


class Version(BaseModel):
    """A save. ``signed``: the one that was signed off, fixed from then on (签发稿)."""

    number: int
    signed: bool
    step: str | None
    author: str
    at: Instant
    sha256: str
    changes: list[str]


class Piece(BaseModel):
    """A stretch of text that both versions have (keep), or one of them."""

    kind: Literal["keep", "insert", "delete"]
    text: str


class ComparedSide(BaseModel):
    """A block of one version: ``runs`` of its text, or ``rows`` of the cells of a table."""

    type: str
    runs: list[Piece]
    rows: list[list[list[Piece]]]


class ComparedPair(BaseModel):
    """A block of the older version and what it became; one is missing where there is none."""

    kind: Literal["keep", "change", "insert", "delete"]
    old: ComparedSide | None
    new: ComparedSide | None


class Comparison(BaseModel):
    """From version ``old`` to version ``new``: the elements in sentences, the texts by blocks."""

    old: int
    new: int
    changes: list[str]
    pairs: list[ComparedPair]


class VersionContent(BaseModel):
    """What had been entered at a version, by the names of the elements; ``text`` as blocks."""

    number: int
    elements: dict[str, Any]
    text: list[dict[str, Any]]


class WrittenBlock(BaseModel):
    """A block of the newest text with the save from which it stands there as it is."""

    block: dict[str, Any]
    version: int
    author: str
    step: str | None
    at: Instant


class Written(BaseModel):
    items: list[WrittenBlock]


class VersionPath(NumberPath):
    number: VersionNumber


class CompareQuery(BaseModel):
    """``to``: the version to compare with."""

    to: VersionNumber


class Restoring(Input):
    """``version`` is the newest one that the caller has seen: a newer one answers 409."""

    version: Number
    reason: Remark


class Attachment(BaseModel):
    """``category``: T text, I image, G graphics, V video, A audio, P program, D data (NUM-08).

    ``replaces``: the attachment whose place it took (ATT-03). ``preview``: where it can be looked
    at, null for a type that can only be saved. ``received``: the received document whose original
    it is (ATT-02).
    """

    id: int
    name: str
    media_type: str
    category: Literal["T", "I", "G", "V", "A", "P", "D"]
    size: int
    sha256: str
    added_by: str
    added_at: Instant
    in_force: bool
    replaces: int | None
    received: int | None
    preview: str | None


class Document(BaseModel):
    """The elements of an official document; ``number`` and ``signatory`` are the system's.

    ``text`` is the body as blocks, ``body`` the same as plain lines.
    ``scanned``: a finished paper whose signatory was typed (``paper_signatory``, OUT-17).
    ``draft_status``: M drafted, U on its way unsigned, F signed or received (NUM-07).
    ``source_class``: 1 made here, 2 transmitted, 3 from outside, 4 come by mail (NUM-09).
    ``keywords`` are those in force; ``series``: code of the series that the drafter proposes.
    ``copies`` and ``proofreader`` are of the registration.
    """

    id: int
    case_id: int | None
    flow: Literal["outgoing", "incoming", "request"]
    direction: str
    kind: str | None
    title: str
    body: str
    text: list[dict[str, Any]]
    urgency: str
    classification: Literal["none"]
    main_recipients: list[str]
    copy_recipients: list[str]
    joint_issuers: list[str]
    note: str
    letterhead: str
    present: list[str]
    excused: list[str]
    observers: list[str]
    nature: str
    keywords: list[str]
    series: str
    state: str
    draft_status: Literal["M", "U", "F"]
    source_class: Literal[1, 2, 3, 4]
    number: str | None
    signatory: str | None
    signatory_post: str | None
    copies: int | None
    proofreader: str | None
    signed_at: Instant | None
    sealed_at: Instant | None
    dispatched_at: Instant | None
    from_unit: str | None
    source_number: str | None
    scanned: bool
    paper_signatory: str | None
    source: str | None
    received_at: Instant | None
    receipt_number: str | None
    version: int
    content_sha256: str
    revision: int
    created_at: Instant
    versions: list[Version]
    attachments: list[Attachment]


class ImportNote(BaseModel):
    """``lost``: not kept; ``changed``: kept in another form; ``found``: read as an element."""

    kind: Literal["lost", "changed", "found"]
    text: str


class ImportedText(BaseModel):
    """What a Word file says: ``text`` as blocks, ``body`` the same as lines.

    ``elements`` are those that were recognised, by their names in a document.
    """

    text: list[dict[str, Any]]
    body: str
    elements: dict[str, Any]
    notes: list[ImportNote]


class Drafted(fields.OutgoingFields):
    """``process``: the fixed route, or the one on which the drafter chooses each next step."""

    process: Literal["outgoing", "outgoing_free"] = "outgoing"


class ProcessPath(BaseModel):
    """The id of a process, as the diagram has it."""

    process: Annotated[str, Field(max_length=64)]


class RequestKind(BaseModel):
    """A process for requests (审批事项); ``words`` say what it is for."""

    process: str
    name: str
    words: str


class RequestKinds(BaseModel):
    items: list[RequestKind]


class Revision(Input):
    """Changed elements of a document; only those that are given change, of its own form.

    Those from ``from_unit`` on belong to received documents, where ``number`` is the sender's, the
    last three to scans. ``version``: the one that the change was made on; a newer one answers 409.
    """

    version: int
    title: Annotated[str, Field(max_length=fields.TITLE)] | None = None
    body: Annotated[str, Field(max_length=fields.BODY)] | list[Block] | None = None
    kind: Line | None = None
    direction: Literal["upward", "downward", "parallel"] | None = None
    urgency: Literal["none", "urgent", "extra_urgent"] | None = None
    main_recipients: Lines | None = None
    copy_recipients: Lines | None = None
    joint_issuers: Lines | None = None
    note: Annotated[str, Field(max_length=fields.NOTE)] | None = None
    letterhead: Line | None = None
    present: Lines | None = None
    excused: Lines | None = None
    observers: Lines | None = None
    nature: fields.Nature | None = None
    keywords: Lines | None = None
    series: Line | None = None
    from_unit: Line | None = None
    number: Line | None = None
    received_at: Line | None = None
    document_date: Line | None = None
    source: Line | None = None
    paper_number: Line | None = None
    paper_date: Line | None = None
    paper_signatory: Line | None = None


class Outcome(BaseModel):
    key: str
    label: str


class Task(BaseModel):
    """One stay at one step. ``candidates`` may act; ``lamp`` is computed, never stored.

    ``processing``: what it waits for: review, instruct, sign, seal, dispatch or other (SRC-04).
    """

    id: int
    case_id: int
    document_id: int
    process: str
    process_version: int
    step: str
    step_name: str
    state: str
    title: str
    number: str | None
    urgency: str
    arrived_at: Instant
    opened_at: Instant | None
    due_at: Instant | None
    lamp: str
    lamp_text: str
    limit: list[str]
    limit_provisional: bool
    revision: int
    outcomes: list[Outcome]
    candidates: list[str]
    assignee: str | None
    on_behalf_of: str | None
    rule: list[str]
    returned: bool
    blocked: str | None
    sent_by: str | None
    sent_opinion: str | None
    notice: str | None
    notice_kind: str | None
    processing: str


class TaskDetail(Task):
    """A stay with what a person can do at it: returns, form fields, and who would be next.

    ``reason_for``: outcomes that need an opinion although the step does not. ``return_reasons``:
    usual reasons of a return from here, to be offered. ``checklist``: what a reviewer checks here;
    ``checklist_must``: nothing is approved while an item is left unticked.
    """

    returns: list["ReturnTarget"]
    return_reasons: list[str]
    fields: list["FormField"]
    ahead: dict[str, list["AheadStep"]]
    opinion_required: bool
    reason_for: list[str]
    draft: str
    signers: list["Signer"]
    checklist: list["ChecklistItem"]
    checklist_must: bool


class ChecklistItem(BaseModel):
    text: str
    clause: str


class Signer(BaseModel):
    """One person of a running signing, in the order of their turns; ``missing`` has not signed."""

    login: str
    name: str
    state: Literal["signed", "present", "waiting"]
    missing: bool
    outcome_label: str | None
    added_by: str | None
    removable: bool


class Closing(BaseModel):
    """An open stay of others that ends with a return."""

    step_name: str
    people: list[str]


class ReturnTarget(BaseModel):
    step: str
    name: str
    person: str
    back_to_me: bool
    closes: list[Closing]


class FormField(BaseModel):
    key: str
    label: str
    type: str
    required: bool
    options: list[dict[str, str]]
    value: Any = None


class AheadStep(BaseModel):
    """A step that an outcome would open; ``choosable``: the sender names its people.

    ``absent``: sentences on who of them is away and who stands in; they warn and block nothing.
    ``skipped``: why a rule of the diagram passes it by; the steps that really open follow it.
    """

    step: str
    step_name: str
    people: list[str]
    preselected: list[str]
    choosable: bool
    problem: str | None
    absent: list[str]
    skipped: str | None


class TaskList(BaseModel):
    items: list[Task]
    next: str | None


class TaskQuery(BaseModel):
    box: Literal["todo", "read", "done", "mine", "requests", "seen"] = "todo"
    lamp: Literal["green", "amber", "red", "none"] | None = None
    q: Key | None = None
    cursor: str | None = Field(default=None, max_length=200)
    limit: int = Field(default=50, ge=1, le=200)


class CompleteBody(Input):
    """``next``: logins, where the diagram lets the sender choose; ``fields``: of the form.

    ``explanations``: why a finding of the pre-flight is let pass, by its rule. ``any_hour``: send
    an ordinary document now although it is not working time (TRN-04).
    ``checked``: texts of the items of the 审查清单 that were ticked.
    ``proof_…``: where the step needs a signature (409, code proof_needed): password, and code of a
    second factor; ``paper_sha256``: digest of the page that ``getPaperToSign`` gave.
    """

    outcome: Key | None = None
    opinion: Remark = ""
    fields: Elements = {}
    next: list[Key] = Field(default=[], max_length=50)
    explanations: Annotated[dict[Key, Remark], Field(max_length=50)] = {}
    any_hour: bool = False
    checked: Annotated[list[Line], Field(max_length=50)] = []
    revision: int
    proof_password: Annotated[str, Field(max_length=1000, repr=False)] = ""
    proof_code: Annotated[str, Field(max_length=100, repr=False)] = ""
    paper_sha256: Line = ""


class SetSending(BaseModel):
    """An act that the system carries out when working time begins, unless it is dropped."""

    task_id: int
    state: Literal["waiting", "dropped"]
    at: Instant
    send_at: Instant


class ReturnBody(Input):
    to: Key
    opinion: Remark = ""
    then: Literal["route", "back_to_me"] = "route"
    revision: int


class WithdrawBody(Input):
    """``reason``: needed to stop waiting for an opinion that somebody is thinking about.

    The body may be left out altogether.
    """

    reason: Remark = ""

    @model_validator(mode="before")
    @classmethod
    def _nothing_said(cls, value: Any) -> Any:
        return {} if value is None else value


class AssignBody(Input):
    to: Key
    reason: Remark


class CancelBody(Input):
    reason: Remark


class Case(BaseModel):
    id: int
    document_id: int
    process: str
    process_name: str
    process_version: int
    state: Literal["running", "closed", "cancelled", "suspended"]
    started_at: Instant
    ended_at: Instant | None
    open_tasks: list[Task]


class Acted(BaseModel):
    """What an act left: the case, and the stays that it opened."""

    case: Case
    opened: list[Task]


class TakenBack(Acted):
    """``recalled``: names of those who lose it; ``kept``: of those who had opened it (OUT-18)."""

    recalled: list[str]
    kept: list[str]


class Act(BaseModel):
    """One line of the record. ``hash`` chains it; ``authority`` is the post or the rule.

    ``explained``: why findings of the pre-flight were let pass. ``checks``: the 审查清单 in
    sentences, as the reviewer left it.

    ``kind``: by the person himself, by his agent, by a rule, or by a process administrator, whose
    act rests on ``clause``.
    """

    seq: int
    at: Instant
    step: str | None
    step_name: str | None
    action: str
    action_label: str
    actor: str
    actor_name: str
    on_behalf_of: str | None
    authority: str
    outcome: str | None
    outcome_label: str | None
    opinion: str | None
    reason: str | None
    self_review: bool
    kind: Literal["self", "agent", "rule", "administrator"]
    clause: str | None
    explained: list["Explained"]
    checks: list[str]
    duration_working_minutes: int | None
    hash: str


class Explained(BaseModel):
    """A finding of the pre-flight in its own sentence, and the reason it was let pass for."""

    finding: str
    text: str


class History(BaseModel):
    items: list[Act]
    next: None = None


class Diagram(BaseModel):
    """BPMN XML of the version that the case runs on, and where it stands.

    ``steps``: present, done, skipped by rule or returned, with the number of passes.
    """

    xml: str
    called: dict[str, str]
    process: str
    process_version: int
    sha256: str
    steps: list["StepState"]


class StepState(BaseModel):
    step: str
    state: Literal["present", "overdue", "done", "skipped", "returned"]
    passes: int
    people: list[str]
    at: Instant


class LooksVerification(BaseModel):
    """查阅记录: sealed ``rows`` that are as they were sealed, and those that are yet to be."""

    ok: bool
    rows: int
    unsealed: int
    first_bad: int | None
    reason: str | None = None


class AuditVerification(BaseModel):
    """``ok``: entries and looks; ``first_bad`` and ``reason`` are of the entries.

    ``cosigned``: how many checkpoints bear the signature of another system.
    """

    ok: bool
    entries: int
    first_bad: int | None
    reason: str | None = None
    checkpoints: int = 0
    cosigned: int = 0
    looks: LooksVerification
