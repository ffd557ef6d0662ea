"""Uploaded outlines (SVG): their shapes are drawn anew, and nothing else of the file is kept.

Taken are filled shapes of one colour. Whatever a program could run, fetch, or lay over them is
refused with a sentence, and so are lines with a width: an editor turns these into outlines.
"""

from collections.abc import Iterator
from typing import Any

from fontTools.misc.transform import Transform
from fontTools.pens.boundsPen import ControlBoundsPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import PathBuilder, parse_path
from lxml import etree

from app.seals.papers.errors import PaperRefused
from app.seals.papers.outlines import Operators

MOST_BYTES = 1 << 20
MOST_SHAPES = 2000
MM = 72 / 25.4
SHAPES = ("path", "rect", "circle", "ellipse", "polygon")
GROUPS = ("svg", "g")
SILENT = ("title", "desc", "metadata")
CHANGING = ("transform", "clip-path", "mask", "filter", "opacity", "fill-opacity", "class")
"""Attributes that would make a shape look other than it is drawn here."""


def is_svg(picture: bytes) -> bool:
    head = picture[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith((b"<?xml", b"<svg", b"<!--"))


def drawn(picture: bytes, width: float, height: float) -> bytes:
    """Operators of PDF in points: the shapes as large as a box of mm allows, in its middle.

    Raises PaperRefused.
    """
    shapes = list(_shapes(_root(picture)))
    outline = RecordingPen()
    for shape, _ in shapes:
        shape.replay(outline)
    bounds = ControlBoundsPen(None)
    outline.replay(bounds)
    if bounds.bounds is None:
        raise PaperRefused("图片上没有可用的图形，请换一张图片。", "picture_unusable")
    left, top, right, bottom = bounds.bounds
    scale = min(width / max(right - left, 1e-6), height / max(bottom - top, 1e-6))
    place = Transform().translate(width / 2, height / 2).scale(scale, -scale)
    place = place.translate(-(left + right) / 2, -(top + bottom) / 2)
    pen = Operators(MM)
    for shape, even_odd in shapes:
        shape.replay(TransformPen(pen, place))
        pen.fill(even_odd=even_odd)
    return pen.content


def _root(picture: bytes) -> Any:
    """The document without entities and anything from outside."""
    if len(picture) > MOST_BYTES:
        raise PaperRefused("SVG 图片超过 1 MB，请精简后再用。", "picture_unusable")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = etree.fromstring(picture, parser)
    except etree.XMLSyntaxError:
        raise PaperRefused("图片不是可用的 SVG。", "picture_unusable") from None
    if root.getroottree().docinfo.internalDTD is not None or _name(root) != "svg":
        raise PaperRefused("图片不是可用的 SVG。", "picture_unusable")
    return root


def _shapes(root: Any) -> Iterator[tuple[RecordingPen, bool]]:
    """Each filled shape, and whether it is filled by the even-odd rule."""
    colours: set[str] = set()
    waiting = [(root, {"fill": "black", "fill-rule": "nonzero", "stroke": "none"})]
    count = 0
    while waiting:
        element, inherited = waiting.pop()
        style = inherited | _style(element)
        if _name(element) in GROUPS:
            waiting += [(child, style) for child in reversed(element) if _is_shown(child)]
            continue
        if style["stroke"] != "none":
            raise _refused("有描边的线条，请在绘图软件里把线条转为轮廓")
        if style["fill"] == "none":
            continue
        colours.add(style["fill"].lower())
        count += 1
        if len(colours) > 1 or count > MOST_SHAPES:
            raise _refused("有一种以上的颜色，或者图形过多")
        yield _outline(element), style["fill-rule"] == "evenodd"


def _is_shown(element: Any) -> bool:
    """Raises PaperRefused for what is neither a shape, a group, nor a description."""
    if not isinstance(element.tag, str) or _name(element) in SILENT:
        return False
    if _name(element) not in (*SHAPES, *GROUPS):
        raise _refused(f"有“{_name(element)[:20]}”，只接受填充的图形")
    return True


def _style(element: Any) -> dict[str, str]:
    """What it says of its own colour. Raises PaperRefused for what changes its look otherwise."""
    said = {str(key): str(value).strip() for key, value in element.attrib.items()}
    for part in said.pop("style", "").split(";"):
        key, _, value = part.partition(":")
        said[key.strip()] = value.strip()
    if any(said.get(key, "1") not in ("1", "none") for key in CHANGING):
        raise _refused("有变换、透明或样式类，请在绘图软件里展开后导出")
    return {key: said[key] for key in ("fill", "fill-rule", "stroke") if key in said}


def _outline(element: Any) -> RecordingPen:
    builder, pen = PathBuilder(), RecordingPen()
    try:
        builder.add_path_from_element(element)
        for path in builder.paths:
            parse_path(path, pen)
    except (ValueError, KeyError, IndexError, AttributeError, NotImplementedError):
        raise _refused("有读不懂的图形") from None
    return pen


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _refused(what: str) -> PaperRefused:
    return PaperRefused(f"SVG 图片{what}。", "picture_unusable")
