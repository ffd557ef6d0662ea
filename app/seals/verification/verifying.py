"""From facts to findings: the one place that decides whether a paper is good."""

import base64
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from app.seals.digests import digests
from app.seals.papers.fields import SEALS, SIGN_OFF, TEXTS, kind_of
from app.seals.verification import sentences
from app.seals.verification.asking import confined
from app.seals.verification.verdict import Expected, Finding, Signed, Trust, Verdict

Ask = Callable[[dict[str, Any]], dict[str, Any]]
Facts = Mapping[str, Any]


def verify(
    pdf: bytes,
    trust: Trust,
    at: datetime,
    *,
    expected: Expected | None = None,
    on_record: bool = True,
    ask: Ask = confined,
) -> Verdict:
    """The verdict on one file as of ``at`` (aware).

    expected   what the record knows of this file; None: nothing is known, the file speaks alone
    on_record  False: the record was asked, and no paper of this office is this file
    ask        who reads the file; only tests read it in their own process
    Raises VerificationStopped.
    """
    facts = ask(
        {
            "pdf": _encoded(pdf),
            "roots": [_encoded(each) for each in trust.roots],
            "certificates": [_encoded(each) for each in trust.certificates],
            "lists": [_encoded(each) for each in trust.lists],
            "at": at.isoformat(),
        }
    )
    own = digests(pdf)
    found: list[Finding] = []
    if "broken" in facts:
        found.append(Finding("damaged", sentences.broken(facts["broken"])))
        return Verdict(False, sentences.of(found, ()), (), tuple(found), own.sha256, own.sm3, {})
    wanted = expected or Expected()
    if wanted.sha256 and (wanted.sha256, wanted.sm3 or own.sm3) != (own.sha256, own.sm3):
        found.append(Finding("digest_differs", sentences.DIGEST_DIFFERS))
    found += dict.fromkeys(_findings(facts, wanted, at))
    found += _of_digests(facts, trust, at)
    if not on_record and all(finding.harmless for finding in found):
        found.append(Finding("not_ours", sentences.NOT_OURS))
    signed = tuple(_signed(each, at) for each in facts["signatures"])
    ok = all(finding.harmless for finding in found)
    if ok:
        found.insert(0, Finding("intact", sentences.INTACT))
    said = sentences.of(found, signed)
    return Verdict(ok, said, signed, tuple(found), own.sha256, own.sm3, dict(facts["texts"]))


def _findings(facts: Facts, expected: Expected, at: datetime) -> Iterator[Finding]:
    if not facts["signatures"]:
        yield Finding("not_signed", sentences.NOT_SIGNED)
        if not facts["fields"]:
            return
    for signature in facts["signatures"]:
        yield from _of_signature(signature, expected, at)
    yield from _of_fields(facts, expected)
    yield from _of_end(facts, expected)
    if expected.withdrawn:
        yield Finding("withdrawn", expected.withdrawn)
    yield from _of_texts(facts["texts"], expected)


def _of_signature(signature: Facts, expected: Expected, at: datetime) -> Iterator[Finding]:
    field = signature["field"]
    for code in signature["faults"]:
        yield Finding(code, sentences.fault(code, signature), field)
    wanted = expected.certificates.get(field)
    if wanted and wanted != signature["certificate"]:
        yield Finding("wrong_signer", sentences.fault("wrong_signer", signature), field)
    if signature["faults"]:
        return
    if signature["revoked_at"]:
        yield Finding("revoked_after", sentences.fault("revoked_after", signature), field)
    elif at > _time(signature["not_after"]):
        yield Finding("expired_since", sentences.fault("expired_since", signature), field)


def _of_fields(facts: Facts, expected: Expected) -> Iterator[Finding]:
    """The set and the order of fields: what is missing, what nobody of us laid out."""
    stamps = {stamp["field"] for stamp in facts["stamps"]}
    names = [name for name in facts["fields"] if name not in stamps]
    strange = [name for name in names if not kind_of(name)]
    if strange or len(set(names)) < len(names) or (expected.fields and _other(names, expected)):
        yield Finding("wrong_fields", sentences.wrong_fields(strange))
    signed = [signature["field"] for signature in facts["signatures"]]
    if signed != [name for name in names if name in signed]:
        yield Finding("wrong_fields", sentences.WRONG_ORDER)
    missing = facts["unsigned"]
    if expected.signed is not None:
        missing = [name for name in expected.signed if name not in signed]
    if missing and (expected.finished or expected.signed is not None):
        yield Finding("cut_off", sentences.unsigned(missing))


def _other(names: list[str], expected: Expected) -> bool:
    return tuple(names) != expected.fields


def _of_end(facts: Facts, expected: Expected) -> Iterator[Finding]:
    """What follows the last signature: a finished paper ends with its archival time stamp."""
    stamps = facts["stamps"]
    for stamp in stamps:
        if not stamp["trusted"]:
            yield Finding("stamp_invalid", sentences.STAMP_INVALID, stamp["field"])
        elif stamp["changed"] not in ("none", "proof"):
            yield Finding("added_after", sentences.ADDED_TO_FINISHED)
    if facts["signatures"] and not _may_follow(facts):
        yield Finding("added_after", sentences.ADDED_TO_FINISHED)
    if not expected.finished or not facts["signatures"]:
        return
    if not stamps:
        yield Finding("cut_off", sentences.NO_ARCHIVAL_STAMP)
    elif not facts["whole"]:
        yield Finding("added_after", sentences.ADDED_TO_FINISHED)


def _of_digests(facts: Facts, trust: Trust, at: datetime) -> Iterator[Finding]:
    """A digest proves until its end; what a newer stamp had covered before that is proven."""
    stamps = facts["stamps"]
    times = [_time(stamp["at"]) for stamp in stamps]
    covered = [*zip(facts["signatures"], [times[0] if times else at] * 64, strict=False)]
    covered += zip(stamps, [*times[1:], at], strict=False)
    for each, until in covered:
        for digest in each["digests"]:
            ends_at = trust.retired.get(digest)
            if ends_at is not None and ends_at <= until:
                said = sentences.digest_retired(digest, ends_at)
                yield Finding("algorithm_retired", said, each["field"])


def _may_follow(facts: Facts) -> bool:
    """After the last seal only proof; after 签发 of a paper without seals its texts as well."""
    last = facts["signatures"][-1]
    if last["changed"] == "filled":
        return kind_of(last["field"]) == SIGN_OFF
    return last["changed"] != "other" or bool(last["faults"])


def _of_texts(texts: Mapping[str, str], expected: Expected) -> Iterator[Finding]:
    for name, value in texts.items():
        wanted = expected.texts.get(name)
        if wanted is not None and wanted != value:
            yield Finding("number_differs", sentences.number_differs(name, value, wanted), name)
        elif expected.finished and kind_of(name) in TEXTS and not value.strip():
            yield Finding("cut_off", sentences.not_filled(name), name)


def _signed(signature: Facts, at: datetime) -> Signed:
    of_certificate = [code for code in signature["faults"] if code in sentences.THEN]
    then = of_certificate[0] if of_certificate else "valid"
    now = _now(signature, at)
    kind = kind_of(signature["field"])
    return Signed(
        field=signature["field"],
        kind=kind if kind == SIGN_OFF or kind in SEALS else "",
        name=signature["name"],
        unit=signature["unit"],
        issuer=signature["issuer"],
        serial=signature["serial"],
        at=_time(signature["at"]) if signature["at"] else None,
        then=then,
        now=now,
        changed=signature["changed"],
        when=sentences.when(signature),
        remark=sentences.remark(then, now, signature["changed"]),
    )


def _now(signature: Facts, at: datetime) -> str:
    if "unknown_issuer" in signature["faults"]:
        return "unknown"
    if signature["revoked_at"]:
        return "suspended" if signature["revocation"] == "certificate_hold" else "revoked"
    return "expired" if at > _time(signature["not_after"]) else "valid"


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()
