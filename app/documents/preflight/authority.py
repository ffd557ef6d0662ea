"""Whether the unit may say this in its own name (条例第十六条、第十七条、第二十二条)."""

import re
from collections.abc import Iterator

from app.documents.preflight.findings import Spot
from app.documents.preflight.paper import Paper

_GOVERNS = re.compile("(人民政府|党委|中共.*委员会|(政府|党委|委员会)办公[室厅])$")
_GOVERNMENT = re.compile("人民政府|党委|党工委|^中共")
_CONSENT = re.compile("经[^。；]{0,20}(政府|党委|县委|市委|省委)[^。；]{0,8}(同意|批准|授权)")
_INNER = re.compile("[科股处室]$")
_OFFICE = re.compile("办公[室厅]$")
_SECTION = re.compile(".{1,8}[科股]$")


def orders_without_consent(paper: Paper) -> Iterator[Spot]:
    governments = _commanded(paper)
    if governments and not _says_consent(paper):
        yield Spot(
            "body",
            f"部门不得向下级党委、政府（{'、'.join(governments)}）发布指令性公文。"
            "经本级政府同意的，须在正文中注明“经××人民政府同意”；否则请改由政府或者其办公室行文。",
        )


def orders_with_consent(paper: Paper) -> Iterator[Spot]:
    governments = _commanded(paper)
    if governments and _says_consent(paper):
        yield Spot(
            "main_recipients",
            f"向下级党委、政府（{'、'.join(governments)}）行文须经本级政府同意，请写明批准文件的文号。",
        )


def inner_office(paper: Paper) -> Iterator[Spot]:
    issuer, own = paper.issuer, paper.kin.own
    section = next((issuer.removeprefix(n) for n in own.names if issuer.startswith(n)), None)
    inner = section is not None and bool(_INNER.search(section))
    if (inner or _SECTION.fullmatch(issuer)) and not _OFFICE.search(issuer):
        yield Spot(
            "title",
            f"“{issuer}”是内设机构，除办公厅（室）外不得对外正式行文。"
            f"请以“{own.name}”的名义行文，并改标题。",
        )


def signed_by_head(paper: Paper) -> Iterator[Spot]:
    if paper.upward and paper.signing is not None and not paper.signing.by_head:
        yield Spot(
            "signatory",
            "上行文由本机关主要负责人签发。请送主要负责人签发；您是主持工作的负责人的，写明依据。",
        )


def objections(paper: Paper) -> Iterator[Spot]:
    """A note as shipped: countersigners are people of one unit, and the clause means more."""
    if paper.signing is not None and paper.signing.objectors:
        yield Spot(
            "countersigners",
            f"会签有不同意见（{'、'.join(paper.signing.objectors)}）。部门之间未协商一致的不得"
            "向下行文，请核对是否已经协商一致或者由上级裁定。",
        )


def misnumbered(paper: Paper) -> Iterator[Spot]:
    if paper.misnumbered:
        yield Spot("number", paper.misnumbered)


def _commanded(paper: Paper) -> list[str]:
    if not paper.downward or _GOVERNS.search(paper.issuer):
        return []
    return [name for name in paper.main_recipients if _GOVERNMENT.search(name)]


def _says_consent(paper: Paper) -> bool:
    return any(_CONSENT.search(line) for line in paper.covering)
