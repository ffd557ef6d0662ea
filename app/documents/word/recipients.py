"""A line of 主送 or 抄送 as the names of units."""

import re

from app.documents import wording
from app.documents.word.items import BLANKS, showable


def parted(words: str, mark: str = "") -> list[str]:
    """Names of units, parted where 主送 parts them: by ， between groups, else by 、.

    Marks inside of brackets belong to a name.
    """
    words = re.sub("[：:]$", "", showable(words.replace("\n", "")))
    flat = re.sub("（[^）]*）|\\([^)]*\\)", lambda found: "·" * len(found[0]), words)
    mark = mark or ("，" if "，" in flat else "、")
    cuts = [i for i, each in enumerate(flat) if each == mark]
    starts, ends = [0, *(cut + 1 for cut in cuts)], [*cuts, len(words)]
    pieces = (words[a:b].strip(BLANKS) for a, b in zip(starts, ends, strict=True))
    return [piece for piece in pieces if not wording.is_blank(piece)]
