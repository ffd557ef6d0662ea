"""The registry enters number and printing date into the signed page, once (OUT-09, NUM-01)."""

from app.clock import SHANGHAI
from app.documents.layout.sheet import long_date
from app.errors import Conflict
from app.handling.act import Act
from app.handling.equipment import equipment
from app.seals import papers
from app.seals.registry import shelf


def enter_number(act: Act) -> None:
    """Fill the fields of the page that the signatory signed; nothing where he signed none.

    A number that was voided was on another file: the page as signed is filled again.
    Raises PaperRefused or what the layout refuses, such as a number too long for its line.
    """
    if not act.may_sign:
        return
    document = act.document
    signed = shelf.current(act.session, document, "signed")
    if signed is None or document.number is None or document.numbered_at is None:
        return
    fonts, store = equipment().fonts, equipment().store
    if fonts is None:
        raise Conflict("没有安装公文字体，不能填写发文字号。请系统管理员运行 ./run 安装字体。")
    fields = papers.loaded(signed.fields)
    day = document.numbered_at.astimezone(SHANGHAI).date()
    texts = {papers.NUMBER: document.number, papers.PRINTED_ON: f"{long_date(day)}印发"}
    wanted = {each.name: texts[each.name] for each in fields if each.is_text}
    content = papers.fill(store.get(signed.sha256), fields, wanted, fonts)
    store.put(content)
    shelf.keep(act.session, document, "numbered", content, signed.fields, act.at)
