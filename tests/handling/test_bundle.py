"""The attachments of a document in one file."""

import hashlib
import io
import zipfile

import pytest

from app.errors import Invalid, NotFound
from app.handling.acts import editing
from app.handling.acts.editing import Save
from app.handling.views import bundle
from tests.documents.files import pdf
from tests.world import World


def attach(world: World, document: int, *names: str) -> None:
    uploads = editing.take_in([(name, io.BytesIO(pdf())) for name in names])
    world._act(editing.save, world.actor("drafter"), document, Save({}, uploads=uploads))


def test_every_file_is_in_it_under_its_name(world: World) -> None:
    done = world.draft(title="关于甲/乙堤段的通知")
    document = done.case.document_id
    attach(world, document, "巡查表.pdf", "名单.pdf")
    first, second = world.document(done.case).attachments
    second.name = "巡查表.PDF"  # from before names had to differ
    world.session.commit()
    found = bundle.of_document(world.session, world.actor("drafter"), document)
    assert found.file_name == "关于甲_乙堤段的通知附件.zip"
    with found.zipped() as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["巡查表.pdf", "巡查表（2）.PDF"]
        digests = [hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()]
    assert digests == [first.sha256, second.sha256]


def test_what_is_not_there_is_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    done = world.draft()
    document = done.case.document_id
    with pytest.raises(NotFound, match="没有附件"):
        bundle.of_document(world.session, world.actor("drafter"), document)
    attach(world, document, "巡查表.pdf")
    with pytest.raises(NotFound):
        bundle.of_document(world.session, world.actor("east.leader"), document)
    monkeypatch.setattr(bundle, "MOST_BYTES", 10)
    with pytest.raises(Invalid, match="逐个下载"):
        bundle.of_document(world.session, world.actor("drafter"), document)
