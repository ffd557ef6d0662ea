"""Outgoing documents of the county bureau on their turns: countersigned, sent or taken back."""

from app.handling.demo.acts import Attach, Back, Cancel, Do, Draft, Open, Revise, Withdraw
from app.handling.demo.stories import Story
from app.handling.demo.ways import FINANCE, OFFICE, countersigned_by, drafted, on, walk
from app.organization.demo import COUNTY

_COUNTERSIGNED = (
    # one after another: one of three has signed
    Story(
        COUNTY,
        -3.10,
        -0.45,
        (
            *drafted("downward", "metering", until="office_check"),
            *countersigned_by("sequential", "leader2", "sole.head", "leader3"),
            Open("sign", "leader2"),
            Do("sign", "leader2", "同意会签，计量设施补助请财务科一并测算。", "approve"),
            Open("sign", "sole.head"),
        ),
    ),
    # one after another: the first has asked a further leader
    Story(
        COUNTY,
        -2.70,
        0.25,
        (
            *drafted("parallel", "forest-source", until="office_check"),
            *countersigned_by("sequential", "leader2", "dept.deputy"),
            Open("sign", "leader2"),
            Do("sign", "leader2", "同意，请总工程师续签。", "approve", next=("leader3",)),
        ),
    ),
    # all at once: one of three has signed, another is reading
    Story(
        COUNTY,
        -2.90,
        -1.35,
        (
            *drafted("upward", "sand-plan", until="office_check"),
            *countersigned_by("parallel", "leader2", "leader3", "sole.head"),
            Open("sign_parallel", "leader3"),
            Do("sign_parallel", "leader3", "规划成果可行，同意会签。", "approve"),
            Open("sign_parallel", "leader2"),
        ),
    ),
    Story(
        COUNTY,
        -1.80,
        0.52,
        (
            *drafted("downward", "pond-check", until="office_check"),
            *countersigned_by("any", "leader2", "leader3"),
        ),
    ),
    # two thirds: one of three has agreed
    Story(
        COUNTY,
        -2.20,
        -0.30,
        (
            *drafted("downward", "water-fee", FINANCE, until="office_check"),
            *countersigned_by("share", "leader", "leader3", "dept.head"),
            Open("sign_share", "leader"),
            Do("sign_share", "leader", "同意会签。", "approve"),
        ),
    ),
    # somebody objected; changed, countersigned anew, back with the office head
    Story(
        COUNTY,
        -8.70,
        0.48,
        (
            *drafted("downward", "work-resume", until="office_check"),
            *countersigned_by("parallel", "leader2", "leader3"),
            Open("sign_parallel", "leader2"),
            Do("sign_parallel", "leader2", "第三项的期限偏紧，建议改为 5 日。", "object"),
            Open("sign_parallel", "leader3"),
            Do("sign_parallel", "leader3", None, "approve"),
            Open("office_check", "office.head"),
            Back("office_check", "office.head", "draft", "请按会签意见修改第三项。"),
            Open("draft", "drafter"),
            Revise("drafter", "复工情况于 3 日内", "复工情况于 5 日内"),
            Do("draft", "drafter", "已按会签意见修改。"),
            *walk((("dept_review", "dept.head"), ("office_check", "office.head"))),
            Open("sign_parallel", "leader2"),
            Do("sign_parallel", "leader2", "已修改，同意会签。", "approve"),
            Open("sign_parallel", "leader3"),
            Do("sign_parallel", "leader3", None, "approve"),
        ),
    ),
)

_SENT_BACK = (
    # to the drafter with a reason, to go along the route again
    Story(
        COUNTY,
        -2.50,
        0.33,
        (
            *drafted("upward", "rural-water-report", until="office_check"),
            Open("office_check", "office.head"),
            Back("office_check", "office.head", "draft", "第二段数字与附表不一致，请再核。"),
        ),
    ),
    # to the drafter, to come straight back; the attachment is put right already (OUT-08)
    Story(
        COUNTY,
        -3.70,
        -0.50,
        (
            Draft("drafter", "flood-drill"),
            Attach("drafter", "防汛抢险演练参加单位名单.pdf"),
            *on("downward", until="office_check"),
            Open("office_check", "office.head"),
            Back("office_check", "office.head", "draft", "附件漏列双桥水库。", straight=True),
            Open("draft", "drafter"),
            Attach(
                "drafter",
                "防汛抢险演练参加单位名单（更正）.pdf",
                replacing="防汛抢险演练参加单位名单.pdf",
            ),
        ),
    ),
    # came straight back, changed
    Story(
        COUNTY,
        -5.50,
        0.60,
        (
            Draft("drafter", "land-survey"),
            *on("parallel", until="leader_sign"),
            Open("leader_sign", "leader"),
            Back("leader_sign", "leader", "draft", "请补充用地范围坐标。", straight=True),
            Open("draft", "drafter"),
            Attach("drafter", "青溪河堤防工程用地范围.pdf"),
            Revise("drafter", "请予支持为盼", "用地范围坐标见附件，请予支持为盼"),
            Do("draft", "drafter", "已补充附件。"),
        ),
    ),
    # back behind the sign-off: the number stays, the signature is given anew
    Story(
        COUNTY,
        -7.40,
        -0.65,
        (
            *drafted("downward", "patrol-bulletin", until="seal"),
            Open("seal", "seal.keeper"),
            Back("seal", "seal.keeper", "draft", "“双桥水库”一处与正文前文不一致，请核对。"),
            Open("draft", "drafter"),
            Revise("drafter", "双桥水库值班电话", "双桥水库管理所值班电话"),
            Do("draft", "drafter", "已核对并修改。"),
            *on("downward", since="dept_review", until="leader_sign"),
        ),
    ),
    # one step back, and then out
    Story(
        COUNTY,
        -10.80,
        -5.60,
        (
            *drafted("parallel", "weather-share", until="office_check"),
            Open("office_check", "office.head"),
            Back("office_check", "office.head", "dept_review", "请业务科室确认数据交换频次。"),
            *on("parallel", since="dept_review"),
        ),
    ),
)

_TAKEN_BACK = (
    # sent too early, taken back before anybody opened it
    Story(
        COUNTY,
        -0.95,
        -0.10,
        (
            *drafted("downward", "archive-filing", OFFICE, until="dept_review"),
            Withdraw("draft", "secretary"),
        ),
    ),
    Story(
        COUNTY,
        -6.60,
        -5.10,
        (
            *drafted("downward", "seal-rules", OFFICE, until="office_check"),
            Cancel("secretary", "与上级新发文件重复，不再印发。"),
        ),
    ),
    Story(
        COUNTY,
        -7.90,
        -7.50,
        (
            Draft("secretary", "training-request"),
            Cancel("secretary", "市局已确定由其他单位承办。"),
        ),
    ),
)

STORIES = (*_COUNTERSIGNED, *_SENT_BACK, *_TAKEN_BACK)
