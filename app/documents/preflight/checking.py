"""Running the checks on a document, and what is answered when it cannot go on."""

from collections.abc import Iterable, Mapping, Sequence

from app.documents.errors import DocumentError
from app.documents.preflight.findings import Explanation, Finding, Severity
from app.documents.preflight.paper import Paper
from app.documents.preflight.rules import RULES
from app.errors import FieldError, Invalid

EXPLANATIONS = "explanations"
"""Name of the input that holds the reasons, by rule."""


class PreflightFailed(DocumentError, Invalid):
    """发前检查: what has to be mended or explained first (DRF-02, DRF-03, DRF-16); not recorded.

    ``findings`` are all that stop the document.
    """

    code = "preflight"

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = findings
        errors = [FieldError(field_of(each), sentence_of(each)) for each in findings]
        Invalid.__init__(self, _summary(findings, errors), errors)


def check(
    paper: Paper,
    severities: Mapping[str, Severity],
    explanations: Iterable[Explanation] = (),
) -> list[Finding]:
    """Everything found, the heaviest first; rules that are switched off are not asked.

    severities    of the unit, by rule; what is not in it is as shipped
    explanations  given so far; each holds for its own sentence
    """
    given = {(each.rule, each.sentence): each for each in explanations}
    found = [
        Finding(rule, severity, spot, given.get((rule.key, spot.sentence)))
        for rule in RULES.values()
        if (severity := severities.get(rule.key, rule.severity)) is not Severity.OFF
        for spot in rule.check(paper)
    ]
    return sorted(found, key=lambda each: -each.severity.weight)


def ensure_passed(findings: Iterable[Finding]) -> None:
    """Raises PreflightFailed with everything that stops the document, at once."""
    stopping = [each for each in findings if each.stops]
    if stopping:
        raise PreflightFailed(stopping)


def field_of(finding: Finding) -> str:
    """The element to mend, or ``explanations.<rule>`` where a reason would do."""
    return f"{EXPLANATIONS}.{finding.rule.key}" if finding.asks else finding.spot.field


def sentence_of(finding: Finding) -> str:
    """The sentence with its clause, and with what may be written instead."""
    sentence = f"{finding.spot.sentence}（{finding.rule.clause}）"
    if finding.asks and finding.excuse:
        return f"{sentence}确需照此办理的，请填写{finding.excuse.label}。"
    return sentence


def _summary(findings: Sequence[Finding], errors: Sequence[FieldError]) -> str:
    if len(errors) == 1:
        return f"发前检查：{errors[0].message}"
    reasons = sum(each.asks for each in findings)
    parts = [f"{len(findings) - reasons} 处必须修改"] if reasons < len(findings) else []
    parts += [f"{reasons} 处须修改或者说明"] if reasons else []
    return f"发前检查有 {'，'.join(parts)}。"
