r"""What people may enter, checked field by field; each refusal is a Chinese sentence.

The names are those of the API. Texts are kept as typed (S2); only line ends become ``\n``,
because a browser rewrites them on every submission and each save would look like a change.
Fields that the form does not have are refused, a signatory among them (S4, OUT-13).
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)
from pydantic import ValidationInfo as Info

from app.clock import SHANGHAI
from app.documents import kinds, wording
from app.documents.errors import CLASSIFIED_CODE
from app.documents.refusals import refusal, refuse, refuse_with
from app.documents.text import Block, plain, retyped
from app.errors import Invalid

TITLE, BODY, NOTE, NAME, RECIPIENTS, SIGNERS, JOINT = 200, 500_000, 500, 100, 200, 50, 20
"""Most characters of a title, a body, a note and a name; most recipients, signers and agencies."""

KEYWORD, KEYWORDS = 20, 10
"""Most characters of a 主题词, and most of them: few that represent the document (DRF-18)."""

BLOCKS = BODY
"""Most blocks of a body: no text of lines has more of them than characters."""

EARLIEST, LATEST = 1949, 2200
"""Years that a date on a document may carry."""


def _one_line(text: str) -> str:
    return _unclassified(_showable(text))


def _title(text: str) -> str:
    """A title may hold line feeds, the drafter's own breaks in the printed heading."""
    return _unclassified(_showable(_line_feeds(text), "\n"))


def _lines(text: str) -> str:
    text = _showable(_line_feeds(text), "\n\t\u2028\u2029")
    _unclassified(text[: wording.HEAD])
    return text


def _typed(value: Any, info: Info) -> Any:
    """A text typed as plain lines becomes its blocks; anything else is checked as blocks."""
    if not isinstance(value, str):
        return value
    if len(value) > BODY:
        refuse("string_too_long", max_length=BODY)
    return retyped(_lines(value), (info.context or {}).get("before", ()))


def _body(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    text = plain(blocks)
    if len(text) > BODY:
        refuse("string_too_long", max_length=BODY)
    _unclassified(text[: wording.HEAD])
    return blocks if text or len(blocks) > 1 else ()


def _line_feeds(text: str) -> str:
    return re.sub("\r\n?", "\n", text)


def _showable(text: str, allowed: str = "") -> str:
    point = wording.control_character(text, allowed=allowed)
    if point:
        refuse("control", point=point)
    return text


def _unclassified(text: str) -> str:
    if wording.bears_secrecy_mark(text):
        refuse(CLASSIFIED_CODE)
    return text


def _filled(text: str) -> str:
    if wording.is_blank(text):
        refuse("blank")
    return text


def _word(text: str) -> str:
    """One 主题词: it is looked for as a whole, so no blank or mark parts it."""
    text = _one_line(text.strip())
    if re.search(r"[\s、，,；;]", text):
        refuse_with(f"主题词“{text}”请分成几个，一行一个。")
    return text


def _each_once(words: list[str]) -> list[str]:
    twice = next((each for each in words if words.count(each) > 1), None)
    if twice is not None:
        refuse_with(f"主题词“{twice}”有重复，请删去一个。")
    return words


def _public(value: Any) -> Any:
    if value != "none":
        refuse(CLASSIFIED_CODE)
    return value


def _date(value: Any) -> Any:
    """A real day; text as 2026-11-22."""
    if value is None or (isinstance(value, str) and wording.is_blank(value)):
        refuse("blank")
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            refuse("date")
    if type(value) is not date or not EARLIEST <= value.year <= LATEST:
        refuse("date")
    return value


def _instant(value: Any) -> Any:
    """A real instant in UTC; one without an offset is the office's own clock (Asia/Shanghai)."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            refuse("blank" if wording.is_blank(value) else "instant")
    if not isinstance(value, datetime) or not EARLIEST <= value.year <= LATEST:
        refuse("instant")
    return (value if value.tzinfo else value.replace(tzinfo=SHANGHAI)).astimezone(UTC)


Title = Annotated[str, Field(max_length=TITLE), AfterValidator(_filled), AfterValidator(_title)]
Body = Annotated[
    tuple[Block, ...],
    Field(max_length=BLOCKS),
    BeforeValidator(_typed, json_schema_input_type=str | list[Block]),
    AfterValidator(_body),
]
Note = Annotated[str, Field(max_length=NOTE), AfterValidator(_lines)]
Name = Annotated[str, Field(max_length=NAME), AfterValidator(_filled), AfterValidator(_one_line)]
NameOrNone = Annotated[str, Field(max_length=NAME), AfterValidator(_one_line)]
Recipients = Annotated[list[Name], Field(max_length=RECIPIENTS)]
Keyword = Annotated[str, Field(max_length=KEYWORD), AfterValidator(_filled), AfterValidator(_word)]
Keywords = Annotated[list[Keyword], Field(max_length=KEYWORDS), AfterValidator(_each_once)]
Nature = Literal["", "normative", "guidance", "submission", "information", "contract", "meeting"]
Urgency = Literal["none", "urgent", "extra_urgent"]
Classification = Annotated[Literal["none"], BeforeValidator(_public)]
Day = Annotated[date, BeforeValidator(_date)]
Instant = Annotated[datetime, BeforeValidator(_instant)]


class Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class _Sent(Form):
    """What a document that goes out has, drafted here or scanned (DRF-02, DRF-03)."""

    direction: Literal["upward", "downward", "parallel"]
    kind: Name
    title: Title
    body: Body = ()
    urgency: Urgency = "none"
    classification: Classification = "none"
    main_recipients: Recipients = Field(default=[], validate_default=True)
    copy_recipients: Recipients = []

    @field_validator("kind")
    @classmethod
    def _kind_fits_direction(cls, value: str, info: Info) -> str:
        """DRF-14, DRF-15: one of the 15 kinds, going where this kind may go."""
        kind = kinds.kind(value)
        if kind is None:
            refuse_with(f"文种应为下列之一：{'、'.join(kinds.KINDS)}。")
        direction = info.data.get("direction")
        if direction and direction not in kind.directions:
            refuse_with(
                f"“{kind.name}”只能作{kinds.directions_in_words(kind)}，请改文种或行文方向。"
            )
        return kind.name

    @field_validator("main_recipients")
    @classmethod
    def _one_superior_is_asked(cls, value: list[str], info: Info) -> list[str]:
        """条例 15(一): a request has exactly one main recipient."""
        kind = kinds.kind(info.data.get("kind", ""))
        if kind and kind.single_recipient and len(value) != 1:
            refuse_with(f"“{kind.name}”应当且只能主送一个上级机关，其他机关请列入抄送。")
        return value


class OutgoingFields(_Sent):
    """An outgoing document as its drafter enters it (DRF-02, DRF-03).

    A draft may still lack its text and its recipients; what must be complete before it leaves the
    drafter is checked by ``operations.submit``. Countersigners are logins and belong to the case.
    ``joint_issuers``: the other agencies of a joint document; the drafter's own unit leads it.
    ``present``, ``excused``, ``observers``: people at the meeting, of minutes only (10.3).
    ``series``: code of the 文号序列 that is proposed; the registry decides.
    """

    joint_issuers: Annotated[list[Name], Field(max_length=JOINT)] = []
    countersigners: Annotated[list[Name], Field(max_length=SIGNERS)] = []
    note: Note = ""
    letterhead: NameOrNone = ""
    present: Recipients = []
    excused: Recipients = []
    observers: Recipients = []
    nature: Nature = ""
    keywords: Keywords = []
    series: NameOrNone = ""

    @field_validator("present", "excused", "observers")
    @classmethod
    def _of_minutes(cls, value: list[str], info: Info) -> list[str]:
        kind = info.data.get("kind")
        if value and kind and kind != kinds.MINUTES:
            refuse_with(f"“{kind}”不写出席、请假和列席人员，请删去，或者把文种改为“纪要”。")
        return value

    @field_validator("joint_issuers")
    @classmethod
    def _each_issues_once(cls, value: list[str]) -> list[str]:
        if len(set(value)) != len(value):
            refuse_with("联合发文机关有重复，请核对。")
        return value


class ScanFields(_Sent):
    """A paper that was finished outside the system, as it stands on the paper (OUT-17).

    Here alone the signatory is typed; the number is the one that the paper bears already. The
    body is a summary and may be left out: the scan counts.
    """

    paper_number: Name
    paper_date: Day
    paper_signatory: Name


class RequestFields(Form):
    """审批事项 as its applicant enters it: what for, and the reason (``body``).

    What its route asks for besides stands in the forms of the steps.
    """

    title: Title
    body: Body = ()
    urgency: Urgency = "none"


class IncomingFields(Form):
    """A document from another unit as the office registers it (INC-16, INC-24).

    ``number`` is the sender's and may be missing on the paper; ``source`` may be added until the
    item is forwarded (INC-05); ``kind`` is read off the title when not given, and 其他 where the
    paper is none of the 15.
    """

    from_unit: Name
    number: NameOrNone = ""
    title: Title
    body: Body = ()
    received_at: Instant
    urgency: Urgency = "none"
    source: NameOrNone = ""
    classification: Classification = "none"
    document_date: Day
    kind: NameOrNone | None = Field(default=None, validate_default=True)

    @field_validator("kind")
    @classmethod
    def _known_kind(cls, value: str | None, info: Info) -> str | None:
        if value == kinds.OTHER:
            return value
        title = info.data.get("title")
        kind = kinds.kind(value) if value else kinds.kind_of_title(title or "")
        if value and kind is None:
            refuse_with(f"文种应为下列之一：{'、'.join((*kinds.KINDS, kinds.OTHER))}。")
        if title and kind is None:
            refuse_with(
                f"从标题看不出文种，请选择文种；不是公文文种的选“{kinds.OTHER}”。（INC-16）"
            )
        return kind.name if kind else None

    @field_validator("document_date")
    @classmethod
    def _written_before_received(cls, value: date | None, info: Info) -> date | None:
        received = info.data.get("received_at")
        if value and received and value > received.astimezone(SHANGHAI).date():
            refuse_with("来文日期不能晚于收文时间，请核对。")
        return value


class _Text(Form):
    body: Body


def retype(typed: str, before: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of a body typed over ``before``. Raises Invalid or Classified like ``read``."""
    return read(_Text, {"body": typed}, before=before).body


def blocks_of_json(text: str) -> tuple[Block, ...]:
    """The blocks that a form keeps behind its lines. Raises Invalid or Classified."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Invalid.at("body", "正文的表格和图片不能识别，请重新导入。") from None
    if not isinstance(found, list):
        raise Invalid.at("body", "正文的表格和图片不能识别，请重新导入。")
    return read(_Text, {"body": found}).body


F = TypeVar("F", bound=Form)


def read(form: type[F], values: Mapping[str, Any], *, before: Sequence[Block] = ()) -> F:
    """The checked fields. Raises Classified, or Invalid that names every field to be mended.

    before  blocks of the text that a body of plain lines was typed over
    """
    try:
        return form.model_validate(dict(values), context={"before": before})
    except ValidationError as error:
        raise refusal(error) from None
