"""发前检查规则, 附件规则, 签发用印方式 and 审查清单 as pages, all of one make."""

from app.documents.admission import policies as admission
from app.documents.preflight import RULES
from app.documents.preflight import policies as preflight
from app.documents.review import policies as review
from app.seals.registry import policies as signing
from app.web.office.choosing import Page

PAGES = (
    Page("preflight", "发前检查规则", RULES, preflight),
    Page(
        *("attachments", "附件规则", admission.LABELS, admission),
        {"offered": admission.TYPES, "labels": admission.LABELS},
    ),
    Page(
        *("signing", "签发用印方式", signing.LABELS, signing),
        {"labels": signing.LABELS, "ways": signing.WAYS},
    ),
    Page(
        *("checklist", "审查清单", review.LABELS, review),
        {"labels": review.LABELS, "musts": review.MUST},
    ),
)
for _page in PAGES:
    _page.serve()
