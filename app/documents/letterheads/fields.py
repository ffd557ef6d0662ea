"""What a dispatcher enters about a template, held against GB/T 9704-2012 (DRF-07, DRF-08)."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic import ValidationInfo as Info

from app.documents import kinds, wording
from app.documents.refusals import refusal, refuse, refuse_with

Format = Literal["文件", "信函", "命令", "纪要"]

FORMATS: Mapping[str, str] = {
    "文件": "文件格式：发文机关标志，红色分隔线",
    "信函": "信函格式：发文机关名称，上下红色双线",
    "命令": "命令（令）格式：机关全称加“命令”或“令”，没有分隔线",
    "纪要": "纪要格式：×××纪要，不盖章",
}
"""Formats with what marks them (7 and 10)."""

DIAMETERS = (42, 45, 50, 60)
"""Seals in mm (document seals of organs by rank)."""

WORDS = 30
"""Most characters of a 标志 that still fit the 156 mm of a line at a size that can be read."""

KINDS: Mapping[str, tuple[str, ...]] = {"命令": ("命令",), "纪要": ("纪要",)}
"""Kinds that a special format is for; other formats take every other kind."""

LABELS: Mapping[str, str] = {
    "name": "模板名称",
    "description": "模板说明",
    "format": "格式",
    "words": "发文机关标志",
    "signature": "署名",
    "printed_by": "印发机关",
    "kinds": "适用文种",
    "seal_diameter": "印章直径",
}

_ENDINGS = {"文件": (), "信函": (), "命令": ("命令", "令"), "纪要": ("纪要",)}


def _line(text: str) -> str:
    if wording.control_character(text):
        refuse("control", point=wording.control_character(text))
    if wording.is_blank(text):
        refuse("blank")
    return text.strip()


Line = Annotated[str, Field(max_length=100), AfterValidator(_line)]


class LetterheadFields(BaseModel):
    """A template as its dispatcher enters it; see ``models.LetterheadVersion``."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    name: Line
    description: Line
    format: Format
    words: Annotated[str, Field(max_length=WORDS), AfterValidator(_line)]
    signature: Line
    printed_by: Line
    kinds: list[str] = []
    seal_diameter: int = 42

    @field_validator("words")
    @classmethod
    def _ends_as_its_format(cls, value: str, info: Info) -> str:
        """7.2.4, 10.1 to 10.3."""
        form = info.data.get("format", "")
        endings = _ENDINGS.get(form, ())
        if endings and not value.endswith(endings):
            refuse_with(f"{form}格式的发文机关标志应以“{endings[-1]}”结尾。")
        if form == "信函" and value.endswith("文件"):
            refuse_with("信函格式的发文机关标志只写发文机关名称，不加“文件”。")
        return value

    @field_validator("kinds")
    @classmethod
    def _belong_to_the_format(cls, value: list[str], info: Info) -> list[str]:
        unknown = [name for name in value if name not in kinds.KINDS]
        if unknown:
            refuse_with(f"没有“{unknown[0][:20]}”这一文种，请从所列文种中选择。")
        form = info.data.get("format", "")
        wrong = [name for name in value if not suits(form, name)]
        if wrong:
            refuse_with(f"“{wrong[0]}”不用{form}格式，请取消这一文种或者改换格式。")
        return [name for name in kinds.KINDS if name in value]

    @field_validator("seal_diameter")
    @classmethod
    def _is_a_seal(cls, value: int) -> int:
        if value not in DIAMETERS:
            refuse_with(f"印章直径应为 {'、'.join(map(str, DIAMETERS))} 毫米之一。")
        return value


def suits(form: str, kind: str) -> bool:
    """Whether a kind may be set in a format: orders and minutes have their own."""
    if form in KINDS:
        return kind in KINDS[form]
    return not any(kind in own for own in KINDS.values())


def read(values: Mapping[str, Any]) -> LetterheadFields:
    """The checked fields. Raises Invalid that names every field to be mended."""
    try:
        return LetterheadFields.model_validate(dict(values))
    except ValidationError as error:
        raise refusal(error, LABELS) from None
