"""Outgoing documents of the county bureau whose handler chooses each next step (自由流转)."""

from app.handling.demo.acts import Act, Do, Draft, Open
from app.handling.demo.stories import Story
from app.organization.demo import COUNTY


def _sent(way: str, *to: str, words: str = "", **explanations: str) -> Do:
    """The handler chooses what is done next, and by whom; why a finding is let pass, by rule."""
    return Do("handle", "drafter", words, way, next=to, explanations=explanations)


def _draft(text: str) -> Draft:
    return Draft("drafter", text, process="outgoing_free")


_REVIEWED: tuple[Act, ...] = (
    _sent("review", "dept.head", words="请审稿。"),
    Open("review", "dept.head"),
    Do("review", "dept.head", "内容可行，第三项时间请再核。", "to_handler"),
    Open("handle", "drafter"),
)
_SIGNED: tuple[Act, ...] = (
    _sent("sign", "leader", words="已按审稿意见修改，请签发。"),
    Open("sign", "leader"),
    Do("sign", "leader", "同意签发。", "to_handler"),
    Open("handle", "drafter"),
)

STORIES = (
    # reviewed, and instructed by the head of the bureau at the reviewer's wish
    Story(
        COUNTY,
        -1.60,
        0.35,
        (
            _draft("well-registration"),
            _sent(
                "review",
                "dept.head",
                words="请审稿。",
                approval="县人民政府 10 月 30 日同意，批办单第 218 号。",
            ),
            Open("review", "dept.head"),
            Do("review", "dept.head", "涉及面广，请局长批示。", "to_instruct", next=("unit.head",)),
        ),
    ),
    # signed: the handler has to choose the seal
    Story(COUNTY, -2.40, 0.60, (_draft("gate-keeper-training"), *_REVIEWED, *_SIGNED)),
    # sent and filed
    Story(
        COUNTY,
        -4.60,
        -0.30,
        (
            _draft("flood-materials"),
            *_REVIEWED,
            *_SIGNED,
            _sent("seal", words="请用印。"),
            Open("seal", "seal.keeper"),
            Do("seal", "seal.keeper", ""),
            Open("handle", "drafter"),
            _sent("dispatch", words="请发文。"),
            Open("dispatch", "dispatcher"),
            Do("dispatch", "dispatcher", ""),
            Open("handle", "drafter"),
            _sent("archive"),
        ),
    ),
)
