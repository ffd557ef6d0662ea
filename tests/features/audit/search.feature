# language: zh-CN
功能: 审计检索和抽样

  @SRC-01
  场景: 两个字的词、人员、日期、动作、偏差都能查到记录，只有审计员能查
    假如 现在是"2026-11-23 09:00"
    而且 "drafter"拟了一份下行文通知
    而且 公文办到"dept_review"
    当 "dept.head"把"dept_review"退回"draft"，原因"水位数据有误。"
    那么 "auditor"按"words=水位"检索，查到的动作有"退回"
    而且 "auditor"按"person=dept.head&deviation=returned"检索，查到的动作有"退回"
    而且 "auditor"按"since=2026-11-23&until=2026-11-23&action=task.returned"检索，查到的动作有"退回"
    而且 "auditor"按"until=2026-11-22&words=水位"检索，什么也没有
    而且 "auditor"按"words=水库泄洪"检索，什么也没有
    当 "office.head"检索"words=水位"
    那么 被拒绝，状态403，理由含"只有安全审计员"

  @SRC-01
  场景: 按公布的种子抽样，记入记录，同一种子抽出同样的件
    假如 "drafter"拟了一份下行文通知
    而且 "drafter"拟了一份下行文通知
    当 "auditor"以种子"2026-07"从全部件中抽1件
    那么 办成了
    而且 样本已记入审计记录，用同一种子重抽结果相同
