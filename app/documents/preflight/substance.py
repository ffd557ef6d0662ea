"""What the text says: one matter, no request in a report, an opinion on what is passed on.

A text cannot be judged with certainty by its words; these checks ask, they do not know.
"""

import re
from collections.abc import Iterator

from app.documents.preflight.findings import Spot
from app.documents.preflight.paper import Paper

_SEVERAL = re.compile("等[几若二三四两]?[个项件]?(问题|事项|事宜)|几个(问题|事项)|若干(问题|事项)")
_HEADED = re.compile(
    "^(?:[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)])关于.*(问题|事项|请求)"
)
_CLOSING = re.compile("(妥否|当否|可否)[，,]?请")
_ASKING = re.compile(
    "(妥否|当否)[，,]?请|请予?(批示|批复|审批|核准|批准)"
    "|(恳请|请求|请)[^。；：]{0,30}(下达|拨付|拨款|追加|解决|批准|给予|予以支持|予以补助)"
)
_PASSED_ON = re.compile(
    "(转报|转呈|呈报|上报)[^。]{0,30}《[^》]*请示》|《[^》]*请示》[^。]{0,20}(转报|转呈|呈报|上报|报请)"
)
_OPINION = re.compile(
    "(我[局委厅办镇县市区]|我单位|经研究|经审核|经审查)[^。]{0,40}(同意|认为|建议|意见|拟)"
)
_PERSON, _PHONE = re.compile("联系人"), re.compile(r"电话|手机|\d{7,}")


def one_matter(paper: Paper) -> Iterator[Spot]:
    if paper.kind != "请示":
        return
    headed = sum(bool(_HEADED.search(line)) for line in paper.covering)
    closings = sum(bool(_CLOSING.search(line)) for line in paper.covering)
    if _SEVERAL.search(paper.plain_title) or headed > 1 or closings > 1:
        yield Spot("body", "请示应当一文一事，此件看来不止一事。请分开请示；确为一事的，说明理由。")


def request_in_report(paper: Paper) -> Iterator[Spot]:
    if paper.kind != "报告":
        return
    for line in paper.covering:
        found = _ASKING.search(line)
        if found:
            yield Spot(
                "body",
                f"报告不得夹带请示事项，正文中有“{found.group()}”。请删去，或者另行请示。",
            )
            return


def passed_on_with_opinion(paper: Paper) -> Iterator[Spot]:
    text = "\n".join(paper.covering)
    if paper.upward and _PASSED_ON.search(text) and not _OPINION.search(text):
        yield Spot(
            "body",
            "下级机关的请示事项应当提出倾向性意见后上报，不得原文转报。请写明本机关的意见。",
        )


def whom_to_call(paper: Paper) -> Iterator[Spot]:
    if paper.kind != "请示":
        return
    missing = [] if _PERSON.search(paper.note) else ["联系人"]
    missing += [] if _PHONE.search(paper.note) else ["电话"]
    if missing:
        yield Spot("note", f"请示应当在附注处注明联系人和电话，现缺{'、'.join(missing)}。")
