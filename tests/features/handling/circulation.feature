# language: zh-CN
功能: 传阅和专送，不占用流程

  背景:
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"

  @CIR-01
  场景: 专送件只能直接送达，收件人不能再传
    当 "office.head"把此件专送给"leader3"
    那么 送出了1份
    当 "leader3"阅读此件
    那么 "leader3"看不到传阅此件的办法
    当 "leader3"把此件传阅给"sole.head"
    那么 被拒绝，状态403，理由含"CIR-01"
    而且 什么都没有改变
    而且 "leader3"的被拒已记录在案
    而且 "sole.head"看不到此件

  @CIR-01
  场景: 传阅件阅读后可以再传给他人
    当 "office.head"把此件传阅给"leader3"，附言"请了解。"
    那么 "leader3"的待阅里有此件，写着"赵文涛传阅：请了解。"
    而且 "leader3"的待办没有此件
    当 "leader3"把此件传阅给"sole.head"
    那么 被拒绝，状态409，理由含"先阅读"
    当 "leader3"阅读此件
    那么 "leader3"能把此件再传阅
    当 "leader3"把此件传阅给"sole.head"
    那么 送出了1份
    而且 "sole.head"的待阅里有此件，写着"吴志刚传阅"

  @CIR-02
  场景: 发送人收回的，从三位收件人处一并消失，记录仍在
    当 "office.head"把此件传阅给"leader2、leader3、sole.head"
    那么 "leader2、leader3、sole.head"的待阅里有此件，写着"赵文涛传阅"
    当 "leader3"删除"office.head"送来的此件
    那么 被拒绝，状态403，理由含"只有发送人赵文涛可以收回"
    而且 什么都没有改变
    当 "office.head"收回送"leader2"的一份
    而且 "office.head"收回送"leader3"的一份
    而且 "office.head"收回送"sole.head"的一份
    那么 "leader2、leader3、sole.head"的待阅里没有此件
    而且 "leader2"看不到此件
    而且 "leader3"看不到此件
    而且 "sole.head"看不到此件
    而且 流转记录里有"office.head"的"传阅"
    而且 流转记录里有"office.head"的"收回传阅"

  @CIR-02
  场景: 已经阅读的不能再收回
    当 "office.head"把此件传阅给"leader3"
    而且 "leader3"阅读此件
    而且 "office.head"收回送"leader3"的一份
    那么 被拒绝，状态409，理由含"阅读此件，不能收回"
    而且 什么都没有改变

  @CIR-07
  场景: 收件人和收件部门至少选一项，可以多选
    当 "office.head"把此件传阅给""
    那么 被拒绝，状态422，理由含"至少选择"
    而且 什么都没有改变
    当 "secretary"把此件传阅给"leader2、leader3"和部门"office、engineering、finance"
    那么 送出了5份
    而且 "office.head、dept.head、sole.head"的待阅里有此件，写着"杨晓燕传阅"

  @CIR-08
  场景: 收件人不能删除收到的
    当 "office.head"把此件专送给"leader3"
    而且 "leader3"阅读此件
    而且 "leader3"删除"office.head"送来的此件
    那么 被拒绝，状态403，理由含"CIR-08"
    而且 什么都没有改变
    而且 "leader3"的被拒已记录在案

  @CIR-18
  场景: 随时检查阅读情况，催读并生成通报
    当 "office.head"把此件传阅给"leader2、leader3"
    而且 "leader3"阅读此件
    那么 "drafter"看到已阅的是"leader3"，未阅的是"leader2"
    而且 "archivist"看到已阅的是"leader3"，未阅的是"leader2"
    而且 "archivist"看到"leader3"于"2026-11-23 09:"阅读
    而且 "archivist"能生成检查通报，写着"应阅 2 人，已阅 1 人：吴志刚"
    而且 "archivist"能生成检查通报，写着"未阅 1 人：孙丽华"
    当 "archivist"催读，原因"今日下班前阅毕。"
    那么 办成了
    而且 "leader2"的待阅里有此件，写着"催读：今日下班前阅毕。"
    而且 "leader3"的待阅里没有此件
    而且 流转记录里有"archivist"的"催读"

  场景: 传阅不妨碍流程，退回也不收回传阅
    当 "office.head"把此件传阅给"leader3"
    而且 "office.head"把"office_check"退回"draft"，原因"请修改。"
    那么 当前环节是"draft"
    而且 "leader3"的待阅里有此件，写着"赵文涛传阅"
    当 "leader3"阅读此件
    那么 "leader3"的待办没有此件
