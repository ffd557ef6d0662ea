"""Characters that no installed font draws, found without setting the page."""

from app.documents import wording
from app.documents.layout.fonts import FontBook
from app.documents.preflight.paper import Paper


def unprinted(paper: Paper, fonts: FontBook) -> tuple[str, ...]:
    """In the order of their code points; each once."""
    people = (*paper.present, *paper.excused, *paper.observers)
    units = (*paper.main_recipients, *paper.copy_recipients)
    rest = (*units, *people, *(each.title for each in paper.files))
    words = {"biaosong": paper.title, "fangsong": "".join((paper.body, paper.note, *rest))}
    missing = {
        character
        for face, text in words.items()
        for character in set(wording.visible(text))
        if fonts.pick(character, face) is None
    }
    return tuple(sorted(missing))
