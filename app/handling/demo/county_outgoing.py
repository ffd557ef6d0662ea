"""Outgoing documents of the county bureau: one waiting at every step in every direction, and more.

A point of 0.x is today, green by its lamp; -0.x yesterday, amber in the day; below that, red.
"""

from app.handling.demo.acts import Attach, Draft, Note, Open
from app.handling.demo.archiving import Accept, File, HandOver
from app.handling.demo.stories import Story
from app.handling.demo.ways import BY_THE_HEAD, FINANCE, OFFICE, drafted
from app.organization.demo import COUNTY

_UPWARD = (
    Story(COUNTY, 0.30, 0.55, drafted("upward", "pump-station", until="draft")),
    # the only head reviews what he drafted himself (OUT-05)
    Story(COUNTY, -0.30, 0.40, drafted("upward", "fund-carryover", FINANCE, until="dept_review")),
    Story(COUNTY, -2.60, -0.70, drafted("upward", "safety-report", until="office_check")),
    # urgent: thirty minutes a step, and this one lies longer
    Story(
        COUNTY,
        -0.45,
        -0.20,
        (
            *drafted("upward", "drought-report", until="leader_review"),
            Open("leader_review", "leader"),
        ),
    ),
    Story(
        COUNTY,
        -4.40,
        -0.35,
        (
            *drafted("upward", "reservoir-design", until="unit_head_sign"),
            Open("unit_head_sign", "unit.head"),
            Note("unit_head_sign", "unit.head", "投资概算第三项请再核"),
        ),
    ),
    Story(COUNTY, -5.20, 0.62, drafted("upward", "river-chief-report", until="register_number")),
    Story(COUNTY, -5.80, -0.15, drafted("upward", "water-quota", until="seal")),
    Story(
        COUNTY,
        -8.30,
        -3.40,
        drafted("upward", "ecological-flow", BY_THE_HEAD, until="final_check_dispatch"),
    ),
    # the sample of the guides, sent
    Story(
        COUNTY,
        -9.52,
        -9.04,
        (
            Draft("drafter", "dike-fund"),
            Attach("drafter", "汛前堤防应急加固工程量清单.pdf"),
            *drafted("upward", "dike-fund")[1:],
            File("drafter", "permanent", "堤防应急加固的资金依据，有长期查考价值。"),
        ),
    ),
    Story(
        COUNTY,
        -13.40,
        -9.10,
        (
            Draft("sole.head", "fund-performance"),
            Attach("sole.head", "水利专项资金绩效自评表.pdf"),
            *drafted("upward", "fund-performance", FINANCE)[1:],
            File("sole.head"),
        ),
    ),
)

_DOWNWARD = (
    # begun and not yet written
    Story(COUNTY, 0.50, 0.50, (Draft("drafter", "gate-check", body=False),)),
    Story(COUNTY, 0.20, 0.70, drafted("downward", "winter-patrol", until="dept_review")),
    Story(COUNTY, -2.30, -1.60, drafted("downward", "reservoir-duty", until="office_check")),
    Story(COUNTY, -2.10, -0.40, drafted("downward", "canal-repair", until="leader_sign")),
    Story(
        COUNTY,
        -4.90,
        -2.35,
        drafted("downward", "audit-rectify", FINANCE, until="register_number"),
    ),
    Story(COUNTY, -3.80, 0.45, drafted("downward", "final-accounts", FINANCE, until="seal")),
    Story(
        COUNTY,
        -0.98,
        -0.56,
        (
            *drafted("downward", "heavy-rain", until="final_check_dispatch"),
            Open("final_check_dispatch", "secretary"),
        ),
    ),
    # on a list that waits for the archivist
    Story(
        COUNTY,
        -14.20,
        -10.30,
        (
            *drafted("downward", "qingxi-reply"),
            File("drafter"),
            HandOver("drafter", "纸质正本随清单一并移交。"),
        ),
    ),
    Story(COUNTY, -12.80, -7.60, drafted("downward", "holiday-duty", OFFICE)),
)

_PARALLEL = (
    Story(COUNTY, -0.60, -0.60, drafted("parallel", "data-platform", OFFICE, until="draft")),
    # a head drafts, another head reviews (OUT-04)
    Story(
        COUNTY, -0.90, -0.55, drafted("parallel", "road-crossing", BY_THE_HEAD, until="dept_review")
    ),
    Story(COUNTY, -0.80, 0.66, drafted("parallel", "school-safety", until="office_check")),
    Story(
        COUNTY,
        -3.30,
        -1.45,
        (
            *drafted("parallel", "archive-transfer", OFFICE, until="leader_sign"),
            Open("leader_sign", "leader"),
        ),
    ),
    Story(COUNTY, -3.60, -0.25, drafted("parallel", "joint-drill", until="register_number")),
    Story(COUNTY, -6.40, -2.70, drafted("parallel", "farm-irrigation", until="seal")),
    Story(
        COUNTY,
        -4.20,
        0.58,
        drafted("parallel", "finance-match", FINANCE, until="final_check_dispatch"),
    ),
    Story(COUNTY, -14.60, -12.20, (*drafted("parallel", "border-patrol"), File("drafter"))),
    # in the archive, with what its department had filed before
    Story(
        COUNTY,
        -12.30,
        -8.20,
        (
            *drafted("parallel", "water-tax", FINANCE),
            File("sole.head"),
            HandOver("sole.head"),
            Accept("archivist"),
        ),
    ),
)

STORIES = (*_UPWARD, *_DOWNWARD, *_PARALLEL)
