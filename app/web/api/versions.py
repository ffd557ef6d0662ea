"""Versions of a document: one of them, two compared, who wrote what, and bringing one back."""

from flask import Response

from app.database import current_session
from app.documents import comparing, version_queries
from app.documents.runs import Run
from app.documents.text import of_stored, stored
from app.handling import access
from app.handling.acts.restoring import restore
from app.web import looking
from app.web.acts import acting
from app.web.api import answers, schemas
from app.web.api.blueprints import group
from app.web.current import current_actor

blueprint = group("versions", "版本")


@blueprint.get(
    "/documents/<int:id>/versions/<int:number>",
    operation_id="getVersion",
    summary="某一版的要素和正文",
    responses={200: schemas.VersionContent},
)
def get_version(path: schemas.VersionPath) -> Response:
    document, _ = looking.document(path.id)
    elements = version_queries.elements_of(current_session(), document.id, path.number)
    text = stored(of_stored(elements.pop("body", "")))
    return answers.reply(schemas.VersionContent(number=path.number, elements=elements, text=text))


@blueprint.get(
    "/documents/<int:id>/versions/<int:number>/comparison",
    operation_id="compareVersions",
    summary="两个版本对照：要素的改动和逐段、逐格的文字",
    responses={200: schemas.Comparison},
)
def compare_versions(path: schemas.VersionPath, query: schemas.CompareQuery) -> Response:
    document, _ = looking.document(path.id)
    found = version_queries.compare(current_session(), document.id, path.number, query.to)
    return answers.reply(
        schemas.Comparison(
            old=found.old,
            new=found.new,
            changes=list(found.difference.words),
            pairs=[
                schemas.ComparedPair(kind=each.kind, old=_side(each.old), new=_side(each.new))
                for each in found.pairs
            ],
        )
    )


def _side(side: comparing.Side | None) -> schemas.ComparedSide | None:
    if side is None:
        return None
    rows = [[_pieces(cell.runs) for cell in row] for row in side.rows]
    return schemas.ComparedSide(type=side.block.type, runs=_pieces(side.runs), rows=rows)


def _pieces(runs: tuple[Run, ...]) -> list[schemas.Piece]:
    return [schemas.Piece(kind=run.kind, text=run.text) for run in runs]


@blueprint.get(
    "/documents/<int:id>/authors",
    operation_id="getAuthors",
    summary="正文各段由谁、在哪个环节、何时写成",
    responses={200: schemas.Written},
)
def get_authors(path: schemas.NumberPath) -> Response:
    document, _ = looking.document(path.id)
    return answers.reply(
        schemas.Written(
            items=[
                schemas.WrittenBlock(
                    block=stored((each.block,))[0],
                    version=each.version,
                    author=each.author,
                    step=each.step,
                    at=each.at,
                )
                for each in version_queries.authors(current_session(), document.id)
            ]
        )
    )


@blueprint.post(
    "/documents/<int:id>/versions/<int:number>/restore",
    operation_id="restoreVersion",
    summary="恢复旧版本：另存为新的一版，须正由本人办理并写明理由",
    responses={200: schemas.Document},
)
@acting
def restore_version(path: schemas.VersionPath, body: schemas.Restoring) -> Response:
    session, actor = current_session(), current_actor()
    restore(session, actor, path.id, path.number, body.reason, body.version)
    session.flush()
    document, case = access.document_of(session, actor, path.id)
    return answers.reply(answers.document(document, case.id))
