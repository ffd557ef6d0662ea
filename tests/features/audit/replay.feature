# language: zh-CN
功能: 回放办理过程

  @REC-01 @REC-09
  场景: 凭记录就能说出任何一刻件在谁手里，到何时为止
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"leader_sign"
    当 "auditor"回放到最后一次"办理"
    那么 那一刻件在"leader_sign"，由"leader"办理
    而且 那一刻的公文与记录里的校验码一致
    当 "auditor"回放到第一次"办理"
    那么 那一刻件在"dept_review"，由"dept.head"办理
    而且 那一刻有1条意见

  @REC-01
  场景: 退回在回放里与平常的办理不同，并写明依据的条款
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "office.head"把"office_check"退回"draft"，原因"请补充报送时限。"
    而且 "auditor"回放到最后一次"退回"
    那么 那一刻件在"draft"，由"drafter"办理
    而且 那一条记录标为"back"，依据含"OUT-08"

  @REC-02 @REC-12
  场景: 回放里的正文是那一刻的版本，各人的增删分别标出
    假如 "drafter"拟了一份下行文通知
    当 "drafter"把正文改成这些段:
      | 段                 |
      | 请于三日内报送材料。 |
    而且 公文办到"dept_review"
    而且 "dept.head"把正文改成这些段:
      | 段                 |
      | 请于五日内报送材料。 |
    而且 "auditor"回放到最后一次"修改公文"
    那么 那一刻是第3版
    而且 那一刻的正文里"dept.head"增加了"五"
    而且 那一刻的正文里"dept.head"删去了"三"
    当 "auditor"回放到第一次"发起"
    那么 那一刻是第1版
    而且 那一刻的正文没有改动的痕迹

  @REC-01
  场景: 撤回在回放里有自己的标记
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"dept_review"
    当 "drafter"撤回刚才的"draft"
    而且 "auditor"回放到最后一次"撤回"
    那么 那一刻件在"draft"，由"drafter"办理
    而且 那一条记录标为"withdrawn"，依据含"OUT-01"

  @REC-01
  场景: 办理人在表单里选的、填的都在记录里，流程往哪里走凭它说得清
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "office.head"在"office_check"指定会签人"leader2、leader3"，会签方式"同时"
    而且 "auditor"回放到最后一次"办理"
    那么 那一条记录改动了"会签方式"，成为"同时"
    而且 那一条记录改动了"还须会签"，成为"是"
    当 "auditor"回放到第一次"办理"
    那么 那一刻的"还须会签"是"否"

  @REC-01
  场景: 回放只有安全审计员能看，看了也记录在案
    假如 "drafter"拟了一份下行文通知
    当 "process.admin"要求回放
    那么 被拒绝，状态403，理由含"安全审计员"
    而且 "process.admin"的被拒已记录在案
    当 "auditor"要求回放
    那么 办成了
    而且 "auditor"查看了这件的回放已记录在案
