# language: zh-CN
功能: 会签
  会签领导一位接一位，签署意见后可以转交相关领导；最后一位签完回到办公室负责人。

  @CSG-01
  场景: 会签领导签署意见后转交相关领导
    假如 "drafter"拟了一份下行文通知，会签"leader2"
    而且 公文办到"sign"
    那么 "sign"在"leader2"手上
    而且 "leader3"看不到此件
    当 "leader2"以"同意会签"办结"sign"，意见"经费可以安排，请总工会签。"，送"leader3"
    那么 当前环节是"sign"
    而且 "sign"在"leader3"手上
    而且 "leader3"看到的流转记录有"leader2"在"sign"的意见"经费可以安排，请总工会签。"
    当 "leader2"再以"有不同意见"办结刚才的"sign"，意见"改为不同意。"
    那么 被拒绝，状态409，理由含"已由孙丽华"
    而且 什么都没有改变
    假如 "leader3"打开"sign"
    当 "leader2"撤回刚才的"sign"
    那么 被拒绝，状态409，理由含"吴志刚已打开此件"
    而且 什么都没有改变

  @CSG-01
  场景大纲: 不能转交给不存在或外单位的人
    假如 "drafter"拟了一份下行文通知，会签"leader2"
    而且 公文办到"sign"
    当 "leader2"以"同意会签"办结"sign"，意见"请会签。"，送"<某人>"
    那么 被拒绝，状态422，理由含"<某人>"
    而且 什么都没有改变

    例子:
      | 某人        |
      | 没有这个人  |
      | city.leader |

  @CSG-02
  场景: 全部会签之后送回办公室负责人
    假如 "drafter"拟了一份下行文通知，会签"leader2、leader3"
    而且 公文办到"sign"
    当 "leader2"以"同意会签"办结"sign"，意见"同意。"
    那么 "sign"在"leader3"手上
    而且 "office.head"的待办没有此件
    而且 "office.head"在"sign"看到尚未签署的是"leader3"
    当 "office.head"以"同意"办结"sign"，意见"不等了。"
    那么 被拒绝，状态403，理由含"请联系吴志刚"
    而且 什么都没有改变
    当 "leader3"以"同意会签"办结"sign"，意见"同意。"
    那么 "office_check"在"office.head"手上
    当 "office.head"以"同意"办结"office_check"，意见"会签完毕，同意送签。"
    那么 当前环节是"leader_sign"

  @CSG-02
  场景: 同时会签，缺谁看得出来，签齐才回办公室
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "office.head"在"office_check"指定会签人"leader2、leader3、unit.head"，会签方式"同时"
    那么 "sign_parallel"在"leader2、leader3、unit.head"手上
    当 "leader3"以"同意会签"办结"sign_parallel"，意见"同意。"
    而且 "leader2"以"同意会签"办结"sign_parallel"，意见"同意。"
    那么 "sign_parallel"在"unit.head"手上
    而且 "office.head"的待办没有此件
    而且 "unit.head"在"sign_parallel"看到尚未签署的是"unit.head"
    而且 "office.head"在"sign_parallel"看到尚未签署的是"unit.head"
    当 "office.head"以"同意"办结"sign_parallel"，意见"不等了。"
    那么 被拒绝，状态403，理由含"请联系郑德明"
    而且 什么都没有改变
    当 "unit.head"以"同意会签"办结"sign_parallel"，意见"同意。"
    那么 "office_check"在"office.head"手上

  @CSG-04
  场景: 三级呈签，一级签了二级收到，有一级不同意就退回拟稿人
    假如 "drafter"拟了一份下行文通知，会签"dept.deputy、leader2、unit.head"
    而且 公文办到"sign"
    那么 "sign"在"dept.deputy"手上
    当 "dept.deputy"以"同意会签"办结"sign"，意见"同意呈签。"
    那么 "sign"在"leader2"手上
    当 "leader2"把"sign"退回"draft"，原因"经费没有着落，请重拟。"
    那么 当前环节是"draft"
    而且 "drafter"的待办里此件是退回件，原因是"经费没有着落，请重拟。"
    而且 "unit.head"的待办没有此件

  @CSG-05
  场景: 会签人的意见和时间都留在处理记录里
    假如 "drafter"拟了一份下行文通知，会签"leader2、leader3"
    而且 公文办到"sign"
    而且 时间到"2026-11-23 15:00"
    当 "leader2"以"同意会签"办结"sign"，意见"经费可以安排。"
    而且 时间到"2026-11-24 09:30"
    而且 "leader3"以"有不同意见"办结"sign"，意见"第二条需再论证。"
    那么 "office_check"在"office.head"手上
    当 公文全部办完
    那么 流转记录依次有:
      | 环节 | 办理人  | 动作 | 结论       | 意见             | 时间             | 身份     |
      | sign | leader2 | 办理 | 同意会签   | 经费可以安排。   | 2026-11-23T15:00 | 副局长   |
      | sign | leader3 | 办理 | 有不同意见 | 第二条需再论证。 | 2026-11-24T09:30 | 总工程师 |

  @CSG-07
  场景大纲: 没有意见不能会签，也不能转交
    假如 "drafter"拟了一份下行文通知，会签"leader2"
    而且 公文办到"sign"
    当 "leader2"以"<结论>"办结"sign"，意见"<意见>"，送"leader3"
    那么 被拒绝，状态422，理由含"须填写意见"
    而且 什么都没有改变
    而且 "sign"在"leader2"手上
    而且 "leader3"的待办没有此件

    例子:
      | 结论       | 意见         |
      | 同意会签   |              |
      | 同意会签   | （全角空格） |
      | 有不同意见 | （零宽字符） |

  场景: 会签之后正文改过，要重新会签
    假如 "drafter"拟了一份下行文通知，会签"leader2"
    而且 公文办到"sign"
    当 "leader2"以"同意会签"办结"sign"，意见"同意。"
    而且 "office.head"把"office_check"退回"draft"，原因"请改第二条。"
    而且 "drafter"把"正文"改为"第二条已改。"
    而且 公文办到"sign"
    那么 "sign"在"leader2"手上

  @CSG-01
  场景: 会签领导先请相关领导续签，签署意见后送达，意见锁定
    假如 "drafter"拟了一份下行文通知，会签"leader2"
    而且 公文办到"sign"
    当 "leader2"在"sign"请"leader3、unit.head"在本人之后会签，原因"涉及工程和全局。"
    那么 "sign"在"leader2"手上
    而且 "leader3"看不到此件
    而且 流转记录里有"leader2"的"加签：吴志刚、郑德明（在本人之后）"，原因"涉及工程和全局。"
    当 "leader2"以"同意会签"办结"sign"，意见"经费可以安排。"
    那么 "sign"在"leader3"手上
    而且 "leader3"看到的流转记录有"leader2"在"sign"的意见"经费可以安排。"
    当 "leader2"再以"有不同意见"办结刚才的"sign"，意见"改为不同意。"
    那么 被拒绝，状态409，理由含"已由孙丽华"
    而且 什么都没有改变
    当 "leader3"以"同意会签"办结"sign"，意见"同意。"
    那么 "sign"在"unit.head"手上
    当 "unit.head"以"同意会签"办结"sign"，意见"同意。"
    那么 "office_check"在"office.head"手上

  场景大纲: 请人先签，签完回到本人，退回的路不变
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "office.head"在"office_check"指定会签人"leader2、leader3"，会签方式"<方式>"
    而且 "leader2"在"<环节>"请"unit.head"在本人之前会签，原因"请先定调。"
    那么 "<环节>"在"<随后>"手上
    而且 "leader2"的待办没有此件
    当 "unit.head"以"同意会签"办结"<环节>"，意见"同意。"
    那么 "<环节>"在"<最后>"手上
    而且 "leader2"能把"<环节>"退回的环节是"office_check、dept_review、draft"

    例子:
      | 方式 | 环节          | 随后               | 最后             |
      | 依次 | sign          | unit.head          | leader2          |
      | 同时 | sign_parallel | unit.head、leader3 | leader2、leader3 |

  @CSG-02
  场景: 加签的人没有签，会签不算完；减签之后不再等他
    假如 "drafter"拟了一份下行文通知，会签"leader2、leader3"
    而且 公文办到"sign"
    当 "leader2"在"sign"请"unit.head"在本人同时会签，原因""
    而且 "leader2"以"同意会签"办结"sign"，意见"同意。"
    那么 "sign"在"unit.head"手上
    而且 "office.head"在"sign"看到尚未签署的是"unit.head、leader3"
    当 "office.head"在"sign"减签"leader3"，原因"已另行沟通。"
    那么 办成了
    而且 "leader3"看不到此件
    而且 "office.head"在"sign"看到尚未签署的是"unit.head"
    而且 流转记录里有"office.head"的"减签：吴志刚"，原因"已另行沟通。"
    当 "unit.head"以"同意会签"办结"sign"，意见"同意。"
    那么 "office_check"在"office.head"手上

  场景: 没有打开的人被减签后看不到此件，签过的人和最后一人不能减签
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "office.head"在"office_check"指定会签人"leader2、leader3、unit.head"，会签方式"同时"
    而且 "office.head"在"sign_parallel"减签"leader3"，原因"已另行沟通。"
    那么 "sign_parallel"在"leader2、unit.head"手上
    而且 "leader3"看不到此件
    当 "leader2"以"同意会签"办结"sign_parallel"，意见"同意。"
    而且 "office.head"在"sign_parallel"减签"leader2"，原因"不需要。"
    那么 被拒绝，状态422，理由含"已签署意见"
    而且 什么都没有改变
    当 "office.head"在"sign_parallel"减签"unit.head"，原因"不需要。"
    那么 "office_check"在"office.head"手上
    而且 "unit.head"看不到此件

  场景大纲: 谁可以加签减签，加签谁
    假如 "drafter"拟了一份下行文通知，会签"leader2、leader3"
    而且 公文办到"sign"
    当 "<谁>"在"sign"<做什么>
    那么 被拒绝，状态<状态>，理由含"<理由>"
    而且 什么都没有改变

    例子:
      | 谁          | 做什么                                         | 状态 | 理由   |
      | leader2     | 请"leader3"在本人之后会签，原因"请签。"        | 422  | 会签之列 |
      | leader2     | 请"drafter"在本人之前会签，原因"请签。"        | 422  | 拟稿人 |
      | leader2     | 请"auditor"在本人同时会签，原因"请签。"        | 422  | 审计员 |
      | leader2     | 请"city.leader"在本人之后会签，原因"请签。"    | 422  | 找不到 |
      | office.head | 请"unit.head"在本人之后会签，原因"请签。"      | 403  | 请联系 |
      | leader2     | 减签"leader3"，原因"不需要。"                  | 403  | 请联系 |
      | secretary   | 减签"leader3"，原因"不需要。"                  | 403  | 请联系 |
      | leader3     | 减签"leader2"，原因"不需要。"                  | 404  | 没有   |

  场景: 不是会签的环节用转办和征求意见
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "office.head"在"office_check"请"leader2"在本人之前会签，原因"请先看。"
    那么 被拒绝，状态422，理由含"转办"
    而且 什么都没有改变
