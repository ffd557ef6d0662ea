# language: zh-CN
功能: 外出和委托代办

  @ORG-27
  场景: 委托期内到达的公文，代办人可以办理，记录写明代谁办理
    假如 "office.head"委托"secretary"代办，自"2026-11-23 09:00"至"2026-11-28 00:00"
    而且 "drafter"拟了一份下行文通知
    当 公文办到"office_check"
    那么 "office_check"在"office.head、secretary"手上
    而且 "secretary"的待办里此件标明代"office.head"
    当 "secretary"以"同意"办结"office_check"，意见"格式无误。"
    那么 办成了
    而且 流转记录里"office_check"由"secretary"代"office.head"办理，依据含"委托（11月23日至27日）"

  @ORG-27
  场景: 委托期满自动收回，代办人不能再办
    假如 "office.head"委托"secretary"代办，自"2026-11-23 09:00"至"2026-11-28 00:00"
    而且 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 时间到了"2026-11-28 00:00"
    而且 "secretary"以"同意"办结"office_check"，意见"格式无误。"
    那么 被拒绝，状态403，理由含"委托已经结束"
    而且 什么都没有改变
    当 时间到了"2026-11-28 00:01"
    而且 系统检查时限
    那么 "office_check"在"office.head"手上
    而且 "secretary"的待办没有此件

  @ORG-27
  场景: 委托时可以连同现有的待办一并移交，提前结束随即收回
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"leader_sign"
    当 "leader"委托"leader2"代办，自"2026-11-23 09:00"至"2026-11-28 00:00"，收件箱一并移交
    那么 "leader_sign"在"leader、leader2"手上
    当 "leader"结束委托
    那么 "leader_sign"在"leader"手上
    而且 "leader2"看不到此件

  场景大纲: 不能这样委托
    当 "<委托人>"委托"<代办人>"代办，自"2026-11-23 09:00"至"<期满>"
    那么 被拒绝，状态<状态>，理由含"<理由>"
    而且 什么都没有改变

    例子:
      | 委托人       | 代办人       | 期满             | 状态 | 理由             |
      | leader       | leader       | 2026-11-28 00:00 | 422  | 不能委托本人     |
      | leader       | auditor      | 2026-11-28 00:00 | 422  | 不能代办公文     |
      | system.admin | leader       | 2026-11-28 00:00 | 403  | 不能委托他人     |
      | leader       | city.leader  | 2026-11-28 00:00 | 422  | 找不到人员       |
      | leader       | leader2      | 2026-11-20 00:00 | 422  | 已经过去         |
      | leader       | leader2      | 2028-01-01 00:00 | 422  | 最长一年         |

  场景: 不能互相委托
    假如 "leader"委托"leader2"代办，自"2026-11-23 09:00"至"2026-11-28 00:00"
    当 "leader2"委托"leader"代办，自"2026-11-24 09:00"至"2026-11-25 00:00"
    那么 被拒绝，状态409，理由含"互相委托"
    而且 什么都没有改变

  @ORG-20
  场景: A 岗外出，来文到了 B 岗看得到、办得了
    假如 "secretary"登记外出，自"2026-11-23 09:00"至"2026-11-28 00:00"，去向"培训"
    而且 "secretary"委托"archivist"代办，自"2026-11-23 09:00"至"2026-11-28 00:00"
    当 "dispatcher"登记了一份来文
    那么 "register"在"secretary、dispatcher、archivist"手上
    而且 "archivist"的待办里此件标明代"secretary"
    当 "archivist"以"送拟办"办结"register"，意见""
    那么 办成了
    而且 流转记录里"register"由"archivist"代"secretary"办理，依据含"委托（11月23日至27日）"

  @ORG-28
  场景: 选下一位办理人时，看到谁外出、到哪天、由谁代办
    假如 "leader"登记外出，自"2026-11-23 09:00"至"2026-11-28 00:00"，去向"赴市局开会"
    而且 "leader"委托"leader2"代办，自"2026-11-23 09:00"至"2026-11-28 00:00"
    而且 "drafter"拟了一份下行文通知
    当 公文办到"office_check"
    那么 "office.head"在"office_check"看到外出提示"刘国强 11月28日前外出，由孙丽华代办"
    当 时间到了"2026-11-28 09:00"
    那么 "office.head"在"office_check"没有看到外出提示

  @ORG-28
  场景: 外出而没有代办人的，提示可能超时，但不拦
    假如 "office.head"登记外出，自"2026-11-23 09:00"至"2026-11-28 00:00"，去向"休假"
    而且 "drafter"拟了一份下行文通知
    当 公文办到"dept_review"
    那么 "dept.head"在"dept_review"看到外出提示"赵文涛 11月28日前外出，无代办人，可能超时"
    当 "dept.head"以"同意"办结"dept_review"，意见"同意。"
    那么 办成了
