"""记录核验 as pages: the state of the record, its checkpoints, and proofs to take away."""

import io
import json
from typing import Any

from flask import Response, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from app import audit, clock
from app.audit import accesses, checkpoints, proofs, witnesses
from app.audit.cosigning import queries as cosigning
from app.database import current_session
from app.errors import DomainError, Invalid, NotFound
from app.web import refusals
from app.web.acts import acting
from app.web.audit.blueprint import blueprint
from app.web.current import current_actor

SHOWN = 50
MOST_DIGITS = 12


@blueprint.get("/", endpoint="record")
def show() -> Response:
    return _draw()


@blueprint.post("/verify", endpoint="verify")
def verify() -> Response:
    """Read first, then recorded: a long record keeps nobody from writing."""
    try:
        known = _witnessed()
    except Invalid as error:
        return _draw(error=error)
    key = request.form.get("key", "").strip().lower()
    found = audit.verify(current_session(), known, [key] if key else [])
    looks = accesses.verify(current_session())
    current_session().rollback()
    return _recorded(found, looks)


def _witnessed() -> list[checkpoints.Checkpoint]:
    """What the auditor brought of a witness's files. Raises Invalid naming file and line."""
    found: list[checkpoints.Checkpoint] = []
    for given in request.files.getlist("witness"):
        name = given.filename or "见证文件"
        try:
            found += witnesses.of_text(name, given.stream.read().decode("utf-8"))
        except ValueError as fault:
            said = f"{name} 不是文本" if isinstance(fault, UnicodeDecodeError) else str(fault)
            raise Invalid.at("witness", f"{said}，请选取见证处的 .jsonl 文件。") from None
    return sorted(found, key=lambda each: each.size)


@acting
def _recorded(found: audit.Verification, looks: accesses.Sealed) -> Response:
    note_verification(found, looks)
    return _draw(found=found, looks=looks)


def note_verification(found: audit.Verification, looks: accesses.Sealed) -> None:
    """The auditor's own reading is on record too, with what was wrong."""
    audit.record(
        current_session(),
        "audit.verified",
        current_actor().signature(),
        at=clock.now(current_session()),
        outcome="done" if found.ok and looks.ok else "failed",
        detail={
            "entries": found.entries,
            "first_bad": found.first_bad,
            "checkpoints": found.checkpoints,
            "witnessed": found.witnessed,
            "cosigned": found.cosigned,
            "looks": looks.rows,
            "first_bad_look": looks.first_bad,
        },
    )


@blueprint.post("/proof", endpoint="proof")
def take_proof() -> Response:
    try:
        return _proof(_number(request.form.get("seq", "")))
    except (Invalid, NotFound) as error:
        refusals.undo_and_note(error)
        return _draw(error=error)


@acting
def _proof(seq: int) -> Response:
    found = proofs.of_entry(current_session(), seq)
    note_export("proof", seq)
    return _file(json.dumps(found.as_json(), ensure_ascii=False, indent=1), f"记录证明-{seq}.json")


@blueprint.post("/checkpoints", endpoint="checkpoints")
@acting
def take_checkpoints() -> Response:
    """Every checkpoint, a line each, as the witnesses have them: kept elsewhere it is one."""
    found = checkpoints.listed(current_session(), limit=None)
    note_export("checkpoints", len(found))
    lines = (json.dumps(each.as_json(), sort_keys=True) for each in reversed(found))
    return _file("".join(f"{line}\n" for line in lines), "审计检查点.jsonl")


@blueprint.get("/case-file", endpoint="case_file")
def find_case_file() -> ResponseReturnValue:
    """The page of the case file, by the number of the case."""
    given = request.args.get("case", "").strip()
    if not given.isascii() or not given.isdigit() or len(given) > MOST_DIGITS:
        raise NotFound("件的编号应为数字，例如 42；在流转记录和地址中可以看到。")
    return redirect(url_for("desk.case_file", id=int(given)))


def note_export(what: str, number: int) -> None:
    audit.record(
        current_session(),
        "audit.exported",
        current_actor().signature(),
        at=clock.now(current_session()),
        detail={"what": what, "number": number},
    )


def _number(text: str) -> int:
    if not text.strip().isascii() or not text.strip().isdigit() or len(text.strip()) > MOST_DIGITS:
        raise Invalid.at("seq", "记录序号应为数字，例如 128；序号见流转记录的导出。")
    return int(text)


def _draw(
    found: audit.Verification | None = None,
    error: DomainError | None = None,
    looks: accesses.Sealed | None = None,
) -> Response:
    session = current_session()
    shown: dict[str, Any] = {
        "count": audit.entries(session),
        "rows": checkpoints.listed(session, SHOWN),
        "cosigners": cosigning.witnesses(session, clock.now(session)),
        "logs": cosigning.logs(session),
        "found": found,
        "looks": looks,
        "error": error,
        "errors": list(error.errors) if isinstance(error, Invalid) else [],
        "typed": request.form.get("seq", ""),
    }
    if found is None:
        session.commit()
    html = render_template("audit/record.html", **shown)
    return make_response(html, refusals.status_of(error) if error else 200)


def _file(text: str, name: str) -> Response:
    """In memory, because the answer of an act is kept with its act."""
    content = io.BytesIO(text.encode())
    found = send_file(content, mimetype="application/json", as_attachment=True, download_name=name)
    found.direct_passthrough = False
    return found
