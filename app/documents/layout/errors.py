"""What typesetting refuses. Each sentence tells the drafter or the printing room what to do."""

from collections.abc import Iterable

from app.errors import Conflict, Invalid


class GlyphMissing(Invalid):
    """No installed font has the character. An empty box on an issued paper is never printed."""

    code = "glyph_missing"

    def __init__(self, characters: Iterable[str]) -> None:
        self.characters = tuple(sorted(set(characters)))
        shown = "、".join(f"“{c}”（U+{ord(c):04X}）" for c in self.characters[:5])
        more = f"等 {len(self.characters)} 个字符" if len(self.characters) > 5 else ""
        super().__init__(
            f"现有字体中没有字符{shown}{more}，不能排版。请改用其他字，或请系统管理员安装含此字的字体。"
        )


class DoesNotFit(Invalid):
    """No permitted spacing gives a page that the standard allows (7.3.3, 7.3.5)."""

    code = "does_not_fit"


class SheetTooLarge(Invalid):
    """More text than one document may have; checked before any work is done."""

    code = "too_large"


class PictureUnusable(Invalid):
    """A picture of the text that is not in the store, or is none that the page can hold."""

    code = "picture_unusable"

    def __init__(self, alt: str, why: str) -> None:
        named = f"“{alt}”" if alt else ""
        super().__init__(f"正文中的图片{named}{why}，不能排版。请在编辑器里重新插入这张图片。")


class RenderingStopped(Invalid):
    """The typesetting process hit its limit of time or memory, or failed.

    ``detail`` is for the log, never for the page.
    """

    code = "rendering_stopped"

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(
            "排版没有完成：文稿过长或结构异常。请精简文稿后重试，仍不成功请联系系统管理员。"
        )


class FontsMissing(Conflict):
    """The machine has no font at all for a face. An administrator has to install one."""

    code = "fonts_missing"

    def __init__(self, faces: Iterable[str]) -> None:
        self.faces = tuple(faces)
        super().__init__(
            f"服务器上没有可用的{'、'.join(self.faces)}字体，不能排版。请系统管理员安装字体后重试。"
        )
