# language: zh-CN
功能: 流程管理
  非常措施由两位流程管理员办，写明原因和依据，在此件中看得见。流程管理员不看公文。

  @OUT-39
  场景: 流程管理员看得到在办件在谁手上、等了多久、办过哪些环节
    假如 现在是"2026-11-23 09:00"
    而且 "drafter"拟了一份下行文通知
    而且 "drafter"以"提交核稿"办结"draft"，意见""
    而且 时间到"2026-11-23 10:31"
    那么 "process.admin"在在办里看到此件在"dept_review"，由"dept.head"办理，已等90分钟，办过"拟稿"
    而且 "process.admin"看不到此件
    而且 "drafter"不能看在办

  场景: 改派要另一位流程管理员确认
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "process.admin"提请把"office_check"改派给"secretary"
    那么 办成了
    而且 "office_check"在"office.head"手上
    当 "process.admin"确认该提请
    那么 被拒绝，状态403，理由含"另一位流程管理员"
    而且 什么都没有改变
    而且 "process.admin"的被拒已记录在案
    当 "process.admin2"确认该提请
    那么 办成了
    而且 "office_check"在"secretary"手上
    而且 流转记录最后是管理员的"把“办公室负责人把关”改派给杨晓燕"，原因"办理人突发疾病。"，依据"办公会纪要〔2026〕3号"，由"process.admin、process.admin2"
    而且 "drafter"的待阅有"改派"

  场景大纲: 原因和依据都要写
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "process.admin"提请暂停此件，原因"<原因>"，依据"<依据>"
    那么 被拒绝，状态422，理由含"请写明"
    而且 什么都没有改变

    例子:
      | 原因         | 依据         |
      |              | 局长口头指示 |
      | 文件有误     |              |
      | （零宽字符） | 局长口头指示 |
      | 文件有误     | （全角空格） |

  场景大纲: 不是本单位流程管理员的不能提请
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "<谁>"提请暂停此件
    那么 被拒绝，状态<状态>
    而且 什么都没有改变

    例子:
      | 谁                 | 状态 |
      | drafter            | 403  |
      | office.head        | 403  |
      | auditor            | 404  |
      | city.process.admin | 404  |

  场景: 不同意的提请不执行
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    而且 "process.admin"提请把"office_check"跳转到"draft"
    当 "process.admin2"不同意该提请，理由"办理人明天回来。"
    那么 办成了
    而且 最近的提请"未同意"
    而且 当前环节是"office_check"

  场景大纲: 经办此件的流程管理员不能提请，也不能确认
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    而且 "office.head"把"office_check"转办给"process.admin"，原因"请代为把关。"
    而且 "process.admin"<办理>
    当 "process.admin"提请暂停此件
    那么 被拒绝，状态403，理由含"请安全管理员增设"
    而且 什么都没有改变
    而且 "process.admin"的被拒已记录在案
    当 "process.admin2"提请暂停此件
    那么 被拒绝，状态409，理由含"没有另一位与此件无关的流程管理员"
    而且 什么都没有改变
    当 "leader3"兼任流程管理员
    而且 "process.admin2"提请暂停此件
    那么 办成了
    当 "process.admin"确认该提请
    那么 被拒绝，状态403，理由含"请其他流程管理员"
    而且 什么都没有改变
    当 "leader3"确认该提请
    那么 办成了
    而且 此件"暂停"

    例子:
      | 办理                                          |
      | 打开"office_check"                            |
      | 以"同意"办结"office_check"，意见"同意。"      |

  场景: 停下的件落在流程管理员处，不算经办
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"leader_sign"
    而且 安全管理员免去"printing"的文印室，改任收发员
    而且 公文办到"register_number"
    那么 "register_number"在"process.admin、process.admin2"手上
    当 "process.admin"提请把"register_number"改派给"dispatcher"
    而且 "process.admin2"确认该提请
    那么 办成了
    而且 "register_number"在"dispatcher"手上

  场景: 提请人在另一位确认之前可以撤回提请
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    而且 "process.admin"提请把"office_check"改派给"secretary"
    当 "process.admin2"撤回该提请
    那么 被拒绝，状态403，理由含"只有提请人本人"
    而且 什么都没有改变
    当 "process.admin"撤回该提请
    那么 办成了
    而且 最近的提请"已撤回"
    而且 "office_check"在"office.head"手上
    当 "process.admin"撤回该提请
    那么 被拒绝，状态409，理由含"已撤回"
    当 "process.admin2"提请暂停此件
    那么 办成了

  场景: 已经执行的提请不能撤回
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    而且 "process.admin"提请把"office_check"改派给"secretary"
    而且 "process.admin2"确认该提请
    当 "process.admin"撤回该提请
    那么 被拒绝，状态409，理由含"已执行"
    而且 什么都没有改变

  场景: 提请之后此件有变动的，提请失效
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    而且 "process.admin"提请把"office_check"改派给"secretary"
    而且 "office.head"以"同意"办结"office_check"，意见"同意。"
    当 "process.admin2"确认该提请
    那么 被拒绝，状态409，理由含"已失效"
    而且 最近的提请"已失效"
    而且 当前环节是"leader_sign"

  场景大纲: 不能跳过签发、编号和用印
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"<环节>"
    当 "process.admin"提请把"<环节>"跳转到"<目标>"
    那么 被拒绝，状态422，理由含"<所缺>"
    而且 什么都没有改变

    例子:
      | 环节            | 目标                 | 所缺     |
      | office_check    | register_number      | 尚未签发 |
      | office_check    | seal                 | 尚未签发 |
      | leader_sign     | final_check_dispatch | 尚未签发 |
      | register_number | seal                 | 尚未编号 |
      | seal            | final_check_dispatch | 尚未用印 |

  场景: 跳回签发之前的，签发失效，重新走
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"seal"
    而且 "process.admin"提请把"seal"跳转到"leader_sign"
    当 "process.admin2"确认该提请
    那么 办成了
    而且 "leader_sign"在"leader"手上
    而且 公文没有签发人
    当 公文全部办完
    那么 公文是"已发文"

  场景: 暂停期间谁也不能办，时限不走，恢复后接着算
    假如 现在是"2026-11-23 09:00"
    而且 "drafter"拟了一份下行文通知
    而且 "drafter"以"提交核稿"办结"draft"，意见""
    而且 时间到"2026-11-24 16:59"
    而且 "process.admin"提请暂停此件
    当 "process.admin2"确认该提请
    那么 此件"暂停"
    而且 "drafter"看到"dept_review"的灯是"paused"，写着"暂停"
    当 "dept.head"以"同意"办结"dept_review"，意见"同意。"
    那么 被拒绝，状态409，理由含"暂停办理"
    而且 什么都没有改变
    当 "drafter"以"不发了"撤销此件
    那么 被拒绝，状态409，理由含"暂停办理"
    当 时间到"2026-11-25 20:00"
    而且 系统检查时限
    那么 流转记录里有0条超时
    当 时间到"2026-11-26 08:29"
    而且 "process.admin2"提请恢复此件
    而且 "process.admin"确认该提请
    那么 此件"在办"
    而且 "dept_review"的时限到"2026-11-26 09:30"
    而且 "dept_review"的时限算法写着"其间不计时限"
    当 "dept.head"以"同意"办结"dept_review"，意见"同意。"
    那么 办成了

  @OPS-07
  场景: 系统步骤失败的停在原处，报流程管理员，查明原因后排除
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"seal"
    而且 印章服务中断
    当 "seal.keeper"以"用印"办结"seal"，意见""
    那么 被拒绝，状态409，理由含"已通知流程管理员"
    而且 "seal"在"seal.keeper"手上
    而且 故障列表有"用印"，试过1次，原因含"流程不能往下走"
    当 "process.admin"重试该故障，处理情况"已联系机房。"
    那么 被拒绝，状态409，理由含"仍然失败"
    而且 故障列表有"用印"，试过2次，原因含"流程不能往下走"
    当 印章服务恢复
    而且 "process.admin"重试该故障，处理情况"（全角空格）"
    那么 被拒绝，状态422，理由含"查明的原因和处理情况"
    而且 什么都没有改变
    当 "process.admin"重试该故障，处理情况"印章服务器断电，已恢复。"
    那么 办成了
    而且 故障列表是空的
    而且 公文是"已编号"
    而且 "seal.keeper"的待阅有"故障已排除，请重新办理。"
    当 "seal.keeper"以"用印"办结"seal"，意见""
    那么 办成了

  @OPS-07
  场景: 减签之后系统步骤失败的，会签停在原处，重试的就是减签
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "office.head"在"office_check"指定会签人"leader2、leader3"，会签方式"同时"
    而且 "leader3"以"同意会签"办结"sign_parallel"，意见"同意。"
    而且 会签登记服务中断
    而且 "drafter"在"sign_parallel"减签"leader2"，原因"出差。"
    那么 被拒绝，状态409，理由含"已通知流程管理员"
    而且 "sign_parallel"在"leader2"手上
    而且 故障列表有"同时会签"，试过1次，原因含"减签孙丽华"
    当 "process.admin"重试该故障，处理情况"已联系机房。"
    那么 被拒绝，状态409，理由含"仍然失败"
    而且 故障列表有"同时会签"，试过2次，原因含"减签孙丽华"
    当 会签登记服务恢复
    而且 "process.admin"重试该故障，处理情况"服务已恢复。"
    那么 办成了
    而且 故障列表是空的
    而且 "sign_parallel"在"leader2"手上
    而且 "drafter"的待阅有"故障已排除，请重新办理。"
    当 "drafter"在"sign_parallel"减签"leader2"，原因"出差。"
    那么 办成了
    而且 "office_check"在"office.head"手上

  @OPS-07
  场景: 不写处理情况不能放弃故障
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"seal"
    而且 印章服务中断
    而且 "seal.keeper"以"用印"办结"seal"，意见""
    当 "process.admin"放弃该故障，处理情况""
    那么 被拒绝，状态422，理由含"OPS-07"
    而且 什么都没有改变
    当 "process.admin2"放弃该故障，处理情况"改用物理印章。"
    那么 办成了
    而且 故障列表是空的
