# language: zh-CN
功能: 全过程留痕

  @OUT-27 @OUT-35
  场景: 已发公文的登记里有拟稿人、审核人、签发人和时间
    假如 现在是"2026-11-23 09:00"
    而且 "drafter"拟了一份下行文通知
    当 公文全部办完
    那么 流转记录依次有:
      | 环节                 | 办理人      | 动作       | 结论     | 身份       | 时间             |
      | draft                | drafter     | 办理       | 提交核稿 | 工程科科员 | 2026-11-23T09:01 |
      | dept_review          | dept.head   | 办理       | 同意     | 工程科科长 | 2026-11-23T09:02 |
      | office_check         | office.head | 办理       | 同意     | 办公室主任 | 2026-11-23T09:03 |
      |                      | leader      | 写入签发人 |          | 副局长     | 2026-11-23T09:04 |
      | leader_sign          | leader      | 办理       | 同意签发 | 副局长     | 2026-11-23T09:04 |
      | register_number      | printing    | 办理       | 登记编号 | 文印室     | 2026-11-23T09:05 |
      | final_check_dispatch | secretary   | 办理       | 审核发送 | 办公室秘书 | 2026-11-23T09:07 |
    而且 签发人是"leader"

  @OUT-34
  场景: 已发公文恰有一条审批记录和一条登记记录
    假如 "drafter"拟了一份下行文通知
    当 公文全部办完
    那么 流转记录里恰有1条"写入签发人"
    而且 流转记录里恰有1条"编号"
    而且 流转记录里恰有1条"发送"
    而且 "auditor"核验整条记录，结果完好

  @OUT-34
  场景: 退回重签的公文，记录分明，登记仍只有一条
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"seal"
    当 "seal.keeper"把"seal"退回"leader_sign"，原因"请再核一遍。"
    而且 公文全部办完
    那么 流转记录依次有:
      | 动作           | 办理人      |
      | 写入签发人     | leader      |
      | 编号           | printing    |
      | 签发、用印失效 | seal.keeper |
      | 退回           | seal.keeper |
      | 写入签发人     | leader      |
      | 用印           | seal.keeper |
      | 发送           | secretary   |
    而且 "auditor"核验整条记录，结果完好

  场景: 不是安全审计员不能核验记录
    当 "process.admin"核验记录
    那么 被拒绝，状态403，理由含"只有安全审计员"
    而且 什么都没有改变
    而且 "process.admin"的被拒已记录在案
