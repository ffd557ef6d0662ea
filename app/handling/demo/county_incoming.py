"""Received documents of the county bureau, one waiting at every step and some closed."""

from app.handling.demo.acts import Back, Do, Open, Register
from app.handling.demo.stories import Story
from app.handling.demo.supervising import AskLater, Report, Settle, Supervise
from app.handling.demo.ways import received
from app.organization.demo import COUNTY

STORIES = (
    Story(COUNTY, 0.68, 0.68, (Register("dispatcher", "data-survey"),)),
    Story(COUNTY, -0.20, 0.28, received("safety-month", until="propose", scan=True)),
    # at whatever hour the demonstration is installed: urgent, waiting for a few minutes
    Story(COUNTY, -20, -12, received("storm-warning", until="propose"), by_clock=True),
    Story(
        COUNTY,
        -0.32,
        -0.12,
        (*received("gate-power", until="distribute"), Open("distribute", "secretary")),
    ),
    # one of three leaders has read
    Story(
        COUNTY,
        -2.40,
        -0.55,
        (
            *received("clearing", "leader", "leader2", "leader3", until="leader_read", scan=True),
            Open("leader_read", "leader"),
            Do("leader_read", "leader", "已阅。请工程科拿出清障清单。"),
            Open("leader_read", "leader2"),
        ),
    ),
    # nobody has read yet, for days
    Story(
        COUNTY, -3.90, -2.20, received("county-meeting", "leader", "unit.head", until="leader_read")
    ),
    Story(COUNTY, -3.20, 0.36, received("school-water", "leader", "leader3", until="collect")),
    # read once, and sent to further leaders
    Story(
        COUNTY,
        -5.70,
        -0.28,
        (
            *received("fund-notice", "leader2", until="collect"),
            Open("collect", "secretary"),
            Do("collect", "secretary", "按领导批示，再送局长阅示。", "more_readers"),
            Do("distribute", "secretary", next=("unit.head", "leader")),
            Open("leader_read", "unit.head"),
            Do("leader_read", "unit.head", "请财务科商工程科落实到项目。"),
        ),
    ),
    # supervised, in time yet
    Story(
        COUNTY,
        -4.60,
        -0.18,
        (
            *received("shiqiao-request", "leader", until="handle", scan=True),
            Supervise(
                "secretary",
                "engineering",
                6,
                "实地核查石桥镇所报情况，提出处理意见，报分管副局长审定。",
                "分管副局长批示",
            ),
            Report("dept.head", "已与石桥镇水务站联系，拟于近日到现场核查。"),
        ),
    ),
    # lies in the department, overdue (INC-03), and so is what the office head asked of it
    Story(
        COUNTY,
        -8.20,
        -4.30,
        (
            *received("audit-opinion", "leader2", "unit.head", until="collect"),
            Open("collect", "secretary"),
            Do(
                "collect",
                "secretary",
                "请财务科牵头整改。",
                "to_handle",
                {"handling_department": "finance"},
            ),
            Supervise(
                "office.head",
                "finance",
                2,
                "对照审计意见逐项列出整改措施和完成时间。",
                "局长办公会议定事项",
            ),
        ),
    ),
    Story(COUNTY, -5.30, 0.42, received("training", "leader", until="close")),
    # sent back to the registration
    Story(
        COUNTY,
        -1.70,
        -0.38,
        (
            *received("proposal-answer", until="propose"),
            Open("propose", "office.head"),
            Back("propose", "office.head", "register", "来文缺少附件，请与县政府办联系补齐。"),
        ),
    ),
    # closed, and so is its supervision
    Story(
        COUNTY,
        -13.20,
        -8.60,
        (
            *received("reservoir-list", "leader", "leader3", scan=True),
            Supervise(
                "office.head", "engineering", 3, "核对水库名录，报送核对表。", "上级来文要求"
            ),
            Report("dept.deputy", "名录已核对完毕，核对表已报市局。"),
            Settle("office.head", "核对表已报送市局并经确认。"),
        ),
    ),
    # closed, with something still to do about it: a later date is asked for
    Story(
        COUNTY,
        -8.90,
        -5.40,
        (
            *received("border-answer", "leader", handler="dept.head"),
            Supervise(
                "secretary", "engineering", 7, "与邻县水务局签订界河管护协议。", "主要领导批示"
            ),
            AskLater("dept.head", 12, "邻县水务局要求先行会商，协议文本尚未商定。"),
        ),
    ),
)
