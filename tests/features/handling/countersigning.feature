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
