# language: zh-CN
功能: 发文严格按流程运转
  上行文由主要领导签发，下行文和平行文由主管领导签发；哪一步都不能跳过。
  用印（SIG-03）在编号和发送之间，见决定第 6 条。

  @OUT-01 @DRF-15
  场景: 上行文依次经过每一个环节
    假如 "drafter"拟了一份上行文请示
    那么 当前环节是"draft"
    当 "drafter"以"提交核稿"办结"draft"，意见""
    那么 当前环节是"dept_review"
    当 "dept.head"以"同意"办结"dept_review"，意见"同意。"
    那么 当前环节是"office_check"
    当 "office.head"以"同意"办结"office_check"，意见"同意送审。"
    那么 当前环节是"leader_review"
    当 "leader"以"同意"办结"leader_review"，意见"同意。"
    那么 当前环节是"unit_head_sign"
    当 "unit.head"以"同意签发"办结"unit_head_sign"，意见"同意签发。"
    那么 当前环节是"register_number"
    当 "printing"以"登记编号"办结"register_number"，意见""
    那么 当前环节是"seal"
    当 "seal.keeper"以"用印"办结"seal"，意见""
    那么 当前环节是"final_check_dispatch"
    当 "secretary"以"审核发送"办结"final_check_dispatch"，意见""
    那么 此件已办结
    而且 公文是"已发文"
    而且 依次办理了"draft、dept_review、office_check、leader_review、unit_head_sign、register_number、seal、final_check_dispatch"

  @OUT-01 @OUT-07
  场景大纲: 任何一步都不能跳过
    假如 "drafter"拟了一份上行文请示
    而且 公文办到"<环节>"
    当 "<办理人>"以"<想要的结论>"办结"<环节>"，意见"直接往下送。"
    那么 被拒绝，状态422，理由含"请从本环节的结论中选择"
    而且 什么都没有改变
    而且 当前环节是"<环节>"

    例子:
      | 环节                 | 办理人      | 想要的结论 |
      | draft                | drafter     | 同意签发   |
      | dept_review          | dept.head   | 登记编号   |
      | office_check         | office.head | 审核发送   |
      | leader_review        | leader      | 审核发送   |
      | unit_head_sign       | unit.head   | 用印       |
      | register_number      | printing    | 审核发送   |
      | seal                 | seal.keeper | 审核发送   |
      | final_check_dispatch | secretary   | 用印       |

  @OUT-02
  场景大纲: 下行文和平行文由主管领导签发，不经主要领导
    假如 "drafter"拟了一份<方向><文种>
    当 公文办到"leader_sign"
    那么 "leader_sign"在"leader"手上
    当 "leader"以"同意签发"办结"leader_sign"，意见"同意签发。"
    那么 当前环节是"register_number"
    而且 签发人是"leader"
    而且 "unit.head"的待办没有此件
    当 公文全部办完
    那么 依次办理了"draft、dept_review、office_check、leader_sign、register_number、seal、final_check_dispatch"
    而且 "unit.head"看不到此件

    例子:
      | 方向   | 文种 |
      | 下行文 | 通知 |
      | 下行文 | 批复 |
      | 平行文 | 函   |

  @OUT-07
  场景大纲: 不能送给不在下一环节的人
    假如 "drafter"拟了一份下行文通知
    当 "drafter"以"提交核稿"办结"draft"，意见""，送"<某人>"
    那么 被拒绝，状态422，理由含"请从"
    而且 什么都没有改变

    例子:
      | 某人        |
      | leader      |
      | office.head |
      | sole.head   |
      | city.leader |
      | drafter     |

  @OUT-07
  场景大纲: 不是本环节办理人的不能办结
    假如 "drafter"拟了一份上行文请示
    而且 公文办到"<环节>"
    当 "<某人>"以"<结论>"办结"<环节>"，意见"代为办理。"
    那么 被拒绝，状态<状态>
    而且 什么都没有改变
    而且 当前环节是"<环节>"

    例子: 看得见而无权的，说明该找谁
      | 环节            | 某人        | 结论     | 状态 |
      | dept_review     | drafter     | 同意     | 403  |
      | office_check    | dept.head   | 同意     | 403  |
      | leader_review   | office.head | 同意     | 403  |
      | unit_head_sign  | leader      | 同意签发 | 403  |
      | register_number | unit.head   | 登记编号 | 403  |
      | seal            | printing    | 用印     | 403  |

    例子: 看不见的，如同没有
      | 环节            | 某人             | 结论     | 状态 |
      | dept_review     | dept.deputy      | 同意     | 404  |
      | leader_review   | leader2          | 同意     | 404  |
      | unit_head_sign  | city.unit.head   | 同意签发 | 404  |
      | seal            | east.seal.keeper | 用印     | 404  |

  @OUT-07
  场景: 已经办过的环节不能再办
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "dept.head"以"同意"办结"dept_review"，意见"再同意一次。"
    那么 被拒绝，状态409，理由含"已由王建军"
    而且 什么都没有改变

  @OUT-39
  场景: 在办公文随时可以看到在谁手上、等了多久、办过哪些环节
    假如 现在是"2026-11-23 10:00"
    而且 "drafter"拟了一份下行文通知
    当 "drafter"以"提交核稿"办结"draft"，意见""
    而且 "dept.head"以"同意"办结"dept_review"，意见"同意。"
    那么 跟踪可见"office_check"由"office.head"办理，自"2026-11-23 10:02"等候
    而且 跟踪可见已办环节"draft、dept_review"
    而且 流转记录依次有:
      | 环节        | 办理人    | 结论     | 意见   |
      | draft       | drafter   | 提交核稿 |        |
      | dept_review | dept.head | 同意     | 同意。 |

  @OUT-39
  场景大纲: 经手过的人都能看到公文现在在谁手上
    假如 "drafter"拟了一份上行文请示
    而且 公文办到"register_number"
    那么 "<某人>"看到"register_number"的灯是"green"，写着"剩 1 天"
    而且 "<某人>"看到此件在"register_number"，由"printing"办理

    例子:
      | 某人        |
      | drafter     |
      | dept.head   |
      | office.head |
      | leader      |
      | unit.head   |
      | secretary   |

  场景大纲: 没有经手的人看不到
    假如 "drafter"拟了一份上行文请示
    而且 公文办到"leader_review"
    那么 "<某人>"看不到此件

    例子:
      | 某人             |
      | dept.deputy      |
      | sole.head        |
      | unit.head        |
      | printing         |
      | process.admin    |
      | auditor          |
      | system.admin     |
      | city.secretary   |
      | city.office.head |
      | east.leader      |
