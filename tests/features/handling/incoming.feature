# language: zh-CN
功能: 收文自登记到办结
  秘书登记，办公室主任拟办，秘书分送，领导一位接一位阅批，全部阅毕回秘书，转承办部门，再回秘书办结。

  @INC-01
  场景: 收文依次经过每一个环节
    假如 "secretary"登记了一份来文
    那么 当前环节是"register"
    当 "secretary"以"送拟办"办结"register"，意见""
    而且 "office.head"以"送秘书分送"办结"propose"，意见"请三位领导阅批，工程科承办。"
    而且 "secretary"以"送领导阅批"办结"distribute"，意见""，送"leader、leader2、leader3"
    那么 "leader_read"在"leader"手上
    当 "leader"以"已阅"办结"leader_read"，意见"请抓紧办理。"
    那么 "leader_read"在"leader2"手上
    当 "leader2"以"已阅"办结"leader_read"，意见"已阅。"
    那么 "leader_read"在"leader3"手上
    当 "leader3"以"已阅"办结"leader_read"，意见"已阅。"
    那么 "collect"在"secretary"手上
    当 "secretary"以"转承办部门"办结"collect"，意见""，送"dept.head"
    那么 当前环节是"handle"
    当 "dept.head"以"办理完毕"办结"handle"，意见"已清障十二处。"
    那么 "close"在"secretary"手上
    当 "secretary"以"办结"办结"close"，意见""
    那么 此件已办结
    而且 公文是"已办结"
    而且 依次办理了"register、propose、distribute、leader_read、leader_read、leader_read、collect、handle、close"

  @INC-01
  场景: 有一位领导没有阅批，不能转承办部门
    假如 "secretary"登记了一份来文
    而且 公文办到"leader_read"
    当 "leader"以"已阅"办结"leader_read"，意见"已阅。"
    那么 "leader_read"在"leader2"手上
    而且 "secretary、dept.head、leader3"的待办没有此件
    当 "secretary"以"转承办部门"办结"leader_read"，意见"先办。"，送"dept.head"
    那么 被拒绝，状态403，理由含"请联系孙丽华"
    而且 什么都没有改变
    当 "secretary"以"转承办部门"办结"collect"，意见""，送"dept.head"
    那么 被拒绝，状态404
    而且 什么都没有改变
    当 "leader2"以"转承办部门"办结"leader_read"，意见"直接去办。"，送"dept.head"
    那么 被拒绝，状态422
    而且 什么都没有改变

  @INC-01
  场景: 秘书汇总时可以再送领导阅批
    假如 "secretary"登记了一份来文
    而且 公文办到"collect"
    当 "secretary"以"再送领导阅批"办结"collect"，意见""
    而且 "secretary"以"送领导阅批"办结"distribute"，意见""，送"unit.head"
    那么 "leader_read"在"unit.head"手上

  @INC-02
  场景: 领导阅后回到秘书岗位，任何一位秘书都可以接办
    假如 "办公室"还有一名办公室秘书"secretary2"
    而且 "secretary"登记了一份来文
    而且 公文办到"distribute"
    当 "secretary"以"送领导阅批"办结"distribute"，意见""，送"leader"
    那么 "leader"在"leader_read"只能送"collect"岗位，不能指定某人
    当 "leader"以"已阅"办结"leader_read"，意见"已阅。"，送"secretary2"
    那么 被拒绝，状态422
    而且 什么都没有改变
    当 "leader"以"已阅"办结"leader_read"，意见"已阅。"
    那么 "collect"在"secretary、secretary2"手上
    当 "secretary2"以"转承办部门"办结"collect"，意见""，送"dept.head"
    那么 当前环节是"handle"

  # INC-03 的一部分：逾期有记录、有提醒；“滞留在部门”的清单本期没有，所以不标规则号。
  场景: 承办部门逾期没有送回，记录超时并提醒
    假如 现在是"2026-11-23 09:00"
    而且 "secretary"登记了一份来文
    而且 公文办到"handle"
    当 时间到"2026-11-24 18:00:01"
    而且 系统检查时限
    那么 流转记录里有1条超时
    而且 "dept.head"的待阅有"在“承办部门办理”环节已超过时限"
    而且 "office.head"的待阅有"在“承办部门办理”环节已超过时限"

  @INC-05
  场景大纲: 没有公文来源不能送出
    假如 "dispatcher"登记一份"公文来源"为"<来源>"的来文
    那么 办成了
    当 "dispatcher"以"送拟办"办结"register"，意见""
    那么 被拒绝，状态422，理由含"请填写公文来源"
    而且 什么都没有改变
    而且 当前环节是"register"

    例子:
      | 来源         |
      |              |
      | （全角空格） |

  @INC-16
  场景大纲: 登记项目缺了不能保存
    当 "secretary"登记一份没有"<项目>"的来文
    那么 被拒绝，状态422，理由含"请填写<项目>"
    而且 什么都没有改变
    当 "secretary"登记一份"<项目>"为""的来文
    那么 被拒绝，状态422，理由含"请填写<项目>"
    而且 什么都没有改变

    例子:
      | 项目     |
      | 来文单位 |
      | 标题     |
      | 来文日期 |
      | 收文时间 |

  @INC-16
  场景: 标题里看不出文种的，要选文种才能登记
    当 "secretary"登记一份"标题"为"江洲市水务局防汛简报第12期"的来文
    那么 被拒绝，状态422，理由含"请选择文种"
    而且 什么都没有改变

  @INC-16
  场景: 登记不收涉密件
    当 "secretary"登记一份"密级"为"机密"的来文
    那么 被拒绝，状态422，理由含"不处理涉及国家秘密的公文"
    而且 什么都没有改变

  @INC-23
  场景: 分送错了人，撤回重送，撤回、原因和重新分送都在记录里
    假如 "secretary"登记了一份来文
    而且 公文办到"distribute"
    当 "secretary"以"送领导阅批"办结"distribute"，意见"请阅批。"，送"leader3"
    那么 "leader_read"在"leader3"手上
    当 "secretary"撤回刚才的"distribute"，原因"分送有误，应送分管领导。"
    那么 "distribute"在"secretary"手上
    而且 "leader3"的待办没有此件
    当 "secretary"以"送领导阅批"办结"distribute"，意见"请阅批。"，送"leader"
    那么 "leader_read"在"leader"手上
    而且 流转记录里有"secretary"的"撤回"，原因"分送有误，应送分管领导。"

  @INC-20
  场景: 每一次流转都有记录：从谁到谁，何时，做了什么
    假如 现在是"2026-11-23 09:00"
    而且 "secretary"登记了一份来文
    当 "secretary"以"送拟办"办结"register"，意见""
    而且 "office.head"打开"propose"
    而且 "office.head"以"送秘书分送"办结"propose"，意见"请领导阅批。"
    而且 "secretary"以"送领导阅批"办结"distribute"，意见""，送"leader"
    而且 "leader"打开"leader_read"
    而且 "leader"以"已阅"办结"leader_read"，意见"请工程科办理。"
    那么 流转记录依次有:
      | 环节        | 办理人      | 动作 | 结论       | 意见           | 时间             |
      | register    | secretary   | 办理 | 送拟办     |                | 2026-11-23T09:01 |
      | propose     | office.head | 打开 |            |                | 2026-11-23T09:02 |
      | propose     | office.head | 办理 | 送秘书分送 | 请领导阅批。   | 2026-11-23T09:03 |
      | distribute  | secretary   | 办理 | 送领导阅批 |                | 2026-11-23T09:04 |
      | leader_read | leader      | 打开 |            |                | 2026-11-23T09:05 |
      | leader_read | leader      | 办理 | 已阅       | 请工程科办理。 | 2026-11-23T09:06 |

  @INC-31
  场景: 上级的通知按正式文件走收文流程
    假如 "secretary"登记了一份"江洲市水务局"的来文
    那么 此件走"incoming"流程，当前环节是"register"
    而且 "office.head"的待阅没有此件
    当 公文全部办完
    那么 依次办理了"register、propose、distribute、leader_read、leader_read、leader_read、collect、handle、close"

  @INC-38
  场景: 来文登记后只在办公室手上
    假如 "secretary"登记了一份"江洲市水务局"的来文
    那么 "register"在"secretary、dispatcher"手上
    而且 "drafter、dept.head、leader、unit.head、sole.head"的待办没有此件
    而且 "dept.head"看不到此件

  @ORG-32 @ORG-06
  场景大纲: 不在收文岗位的不能登记来文
    当 "<某人>"登记一份来文
    那么 被拒绝，状态403，理由含"只有办公室秘书和收发员可以登记来文"
    而且 什么都没有改变
    而且 "<某人>"的被拒已记录在案

    例子:
      | 某人         |
      | drafter      |
      | dept.head    |
      | office.head  |
      | leader       |
      | unit.head    |
      | printing     |
      | archivist    |
      | system.admin |
