"""What a saved test expects, in the form in which ``results.Result.plain`` writes it."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from app.errors import Invalid

MOST_LINES, MOST_NAMES = 3000, 500


def _moment(text: str) -> str:
    """Kept as it was written: it is compared as text."""
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("a time needs its zone")
    return text


Word = Annotated[str, Field(max_length=200)]
Words = Annotated[list[Word], Field(max_length=MOST_NAMES)]
Moment = Annotated[str, Field(max_length=40), AfterValidator(_moment)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Opened(_Strict):
    """A stay, as ``results.Opened.plain`` has it."""

    step: Word
    name: Word
    people: Words
    agents: Words
    due: Moment | None
    stopped: bool


class Line(_Strict):
    """One deed, as ``results.Line.plain`` has it."""

    step: Word
    name: Word
    refused: bool
    late: bool
    skipped: Words
    written: Words
    opened: Annotated[list[Opened], Field(max_length=MOST_NAMES)]


class Expected(_Strict):
    """All of it; no member may be missing, none may be added."""

    finished: bool
    lines: Annotated[list[Line], Field(max_length=MOST_LINES)]


def read(file: str, given: Any) -> dict[str, Any]:
    """Raises Invalid at ``file``, naming the first member that cannot be read."""
    try:
        return Expected.model_validate(given).model_dump()
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"])) or "expected"
        message = f"“{file}”中的预期结果“{place}”不能识别，请重新导出后再导入。"
        raise Invalid.at("file", message) from None
