# language: zh-CN
功能: 岗位交接

  背景:
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"

  @ORG-24
  场景: 领导没有签字的交接，停用账号的事不办
    当 "system.admin"提交"office.head"交"secretary"的岗位交接
    那么 办成了
    而且 岗位交接仍在待签字清单上，"office.head"照常使用账号
    而且 "office_check"在"office.head"手上
    当 "office.head"为岗位交接监交签字
    那么 被拒绝，状态403，理由含"ORG-24"
    而且 什么都没有改变
    当 "system.admin"为岗位交接监交签字
    那么 被拒绝，状态403，理由含"领导监交签字"
    而且 什么都没有改变
    而且 岗位交接仍在待签字清单上，"office.head"照常使用账号
    当 "leader"为岗位交接监交签字
    那么 办成了
    而且 岗位交接已办完，"office.head"不能再登录
    而且 审计记录依次有"leader"的"task.taken_over、handover.done"

  @ORG-13
  场景: 离岗的人手上的件都有人接，账号不能再登录
    假如 "office.head"拟了一份下行文通知
    当 "office.head"提交"office.head"交"secretary"的岗位交接
    那么 交接清单含"“办公室负责人把关”"
    而且 交接清单含"发起的办件"
    当 "leader"为岗位交接监交签字
    那么 办成了
    而且 岗位交接已办完，"office.head"不能再登录
    而且 "draft"在"secretary"手上
    当 回到第1份公文
    那么 "office_check"在"secretary"手上
    当 "secretary"以"同意"办结"office_check"，意见"同意。"
    那么 办成了

  @ORG-14
  场景: 流程图里指定了离岗的人，交接清单列出要改的环节
    假如 "process.admin"发布流程，改动是"拟办指定由leader2办理"，由"process.admin2"启用
    当 "system.admin"提交"leader2"交"leader"的岗位交接
    那么 交接清单含"流程图“收文办理”第 2 版的“办公室主任拟办”指定由本人办理"
    当 "unit.head"为岗位交接监交签字
    那么 岗位交接已办完，"leader2"不能再登录

  @ORG-13
  场景: 接替人按规定不能办的件停下，由流程管理员指定，不会无人办理
    假如 公文办到"leader_sign"
    当 "system.admin"提交"leader"交"printing"的岗位交接
    而且 "unit.head"为岗位交接监交签字
    那么 办成了
    而且 交接清单含"按规定接替人不能办理"
    而且 岗位交接已办完，"leader"不能再登录
    而且 "printing"的待办没有此件
