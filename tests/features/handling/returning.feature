# language: zh-CN
功能: 退回与撤回
  退回要写原因；撤回只在对方打开之前。做过的事都留在记录里。

  @OUT-08
  场景大纲: 办公室把附件放错或漏加的稿子退回拟稿人
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "office.head"把"office_check"退回"draft"，原因"<原因>"
    那么 办成了
    而且 当前环节是"draft"
    而且 "drafter"的待办里此件是退回件，原因是"<原因>"
    而且 流转记录依次有:
      | 环节         | 办理人      | 动作 | 意见   |
      | office_check | office.head | 退回 | <原因> |

    例子:
      | 原因                           |
      | 正文混作附件添加，请重新拟稿。 |
      | 应加的附件没有加，请补上。     |

  @OUT-08
  场景大纲: 退回不写原因不行
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "office.head"把"office_check"退回"draft"，原因"<原因>"
    那么 被拒绝，状态422，理由含"退回须写明原因"
    而且 什么都没有改变

    例子:
      | 原因         |
      |              |
      | （全角空格） |
      | （零宽字符） |

  @OUT-07 @OUT-08
  场景大纲: 只能退回到已经办过的环节
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"<环节>"
    当 "<办理人>"把"<环节>"退回"<目标>"，原因"请改。"
    那么 被拒绝，状态422，理由含"不能退回到"
    而且 什么都没有改变

    例子:
      | 环节         | 办理人      | 目标            |
      | office_check | office.head | leader_sign     |
      | office_check | office.head | register_number |
      | office_check | office.head | office_check    |
      | office_check | office.head | sign            |
      | dept_review  | dept.head   | 没有的环节      |

  场景: 退回后重新流转，一步不少
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"leader_sign"
    当 "leader"把"leader_sign"退回"dept_review"，原因"请核对数据。"
    那么 "dept_review"在"dept.head"手上
    当 公文全部办完
    那么 依次办理了"draft、dept_review、office_check、dept_review、office_check、leader_sign、register_number、seal、final_check_dispatch"

  场景: 退回后改好直接送回退回的人
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"leader_sign"
    当 "leader"把"leader_sign"退回"draft"，原因"请改标题。"，改后直接送回
    而且 "drafter"把"标题"改为"江洲县水务局关于冬季堤防巡查的通知"
    而且 "drafter"以"提交核稿"办结"draft"，意见"已改。"
    那么 当前环节是"leader_sign"
    而且 "leader_sign"在"leader"手上

  @OUT-08 @CSG-02
  场景: 会签已经结束，领导退回会签，会签人重新逐人会签
    假如 "drafter"拟了一份下行文通知，会签"leader2、leader3"
    而且 公文办到"leader_sign"
    当 "leader"把"leader_sign"退回"sign"，原因"经费数额有变，请重新会签。"
    那么 "sign"在"leader2"手上
    而且 "leader2"的待办里此件是退回件，原因是"经费数额有变，请重新会签。"
    当 "leader2"以"同意会签"办结"sign"，意见"同意新的数额。"
    那么 "sign"在"leader3"手上
    当 "leader3"以"同意会签"办结"sign"，意见"同意。"
    那么 "office_check"在"office.head"手上
    当 公文全部办完
    那么 依次办理了"draft、dept_review、office_check、sign、sign、office_check、sign、sign、office_check、leader_sign、register_number、seal、final_check_dispatch"

  @OUT-13
  场景: 签发后退回修改，签发失效，要重新签发
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"register_number"
    那么 签发人是"leader"
    当 "printing"把"register_number"退回"office_check"，原因"正文有误。"
    那么 公文没有签发人
    而且 公文没有发文字号
    而且 公文是"审核中"
    当 公文办到"register_number"
    那么 签发人是"leader"

  场景: 编号后退回，重新办理后仍用原来的文号
    # 决定第 7 条：退回不另占文号
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"seal"
    那么 发文字号是"江水〔2026〕1号"
    当 "seal.keeper"把"seal"退回"office_check"，原因"主送机关有误。"
    而且 公文全部办完
    那么 发文字号是"江水〔2026〕1号"
    假如 "drafter"拟了一份下行文通知
    当 公文办到"seal"
    那么 发文字号是"江水〔2026〕2号"

  场景: 下一位还没有打开，可以撤回
    假如 "drafter"拟了一份下行文通知
    而且 "drafter"以"提交核稿"办结"draft"，意见""
    当 "drafter"撤回"draft"的发送
    那么 办成了
    而且 "draft"在"drafter"手上
    而且 "dept.head"的待办没有此件
    而且 "dept.head"看不到此件
    而且 流转记录依次有:
      | 环节  | 办理人  | 动作 |
      | draft | drafter | 办理 |
      | draft | drafter | 撤回 |

  场景: 下一位已经打开，不能撤回
    假如 "drafter"拟了一份下行文通知
    而且 "drafter"以"提交核稿"办结"draft"，意见""
    而且 "dept.head"打开"dept_review"
    当 "drafter"撤回"draft"的发送
    那么 被拒绝，状态409，理由含"王建军已打开此件，不能撤回"
    而且 什么都没有改变
    而且 "dept_review"在"dept.head"手上

  场景大纲: 不是发送人不能撤回
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "<某人>"撤回"dept_review"的发送
    那么 被拒绝，状态<状态>
    而且 什么都没有改变

    例子:
      | 某人        | 状态 |
      | drafter     | 403  |
      | secretary   | 403  |
      | dept.deputy | 404  |

  场景大纲: 编号、用印、发送之后不能撤回
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"<下一环节>"
    当 "<办理人>"撤回"<环节>"的发送
    那么 被拒绝，状态409，理由含"提交后即生效，不能撤回"
    而且 什么都没有改变

    例子:
      | 环节            | 办理人      | 下一环节             |
      | register_number | printing    | seal                 |
      | seal            | seal.keeper | final_check_dispatch |

  场景: 拟稿人在签发前可以撤销，别人不能，签发后也不能
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"leader_sign"
    当 "dept.head"以"不发了。"撤销此件
    那么 被拒绝，状态403，理由含"只有拟稿人本人可以撤销"
    而且 什么都没有改变
    当 "drafter"以"（空格）"撤销此件
    那么 被拒绝，状态422，理由含"撤销须写明原因"
    而且 什么都没有改变
    当 公文办到"register_number"
    而且 "drafter"以"不发了。"撤销此件
    那么 被拒绝，状态409，理由含"此件已签发，不能撤销"
    而且 什么都没有改变
