# language: zh-CN
功能: 转办与征求意见
  转办之后由同事办结本环节；征求意见之后仍回到本人。两样都记明谁交给谁、为什么。

  场景: 转办给同事，时限不变
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "office.head"把"office_check"转办给"secretary"，原因"我外出开会，请代为把关。"
    那么 办成了
    而且 "office_check"在"secretary"手上
    而且 "office.head"的待办没有此件
    而且 流转记录依次有:
      | 环节         | 办理人      | 动作 | 意见                     |
      | office_check | office.head | 转办 | 我外出开会，请代为把关。 |
    当 "office.head"以"同意"办结"office_check"，意见"同意。"
    那么 被拒绝，状态403，理由含"不是“办公室负责人把关”环节的办理人"
    当 "secretary"以"同意"办结"office_check"，意见"同意送签。"
    那么 当前环节是"leader_sign"

  场景: 征求意见之后回到本人手上
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"leader_sign"
    当 "leader"就"leader_sign"征求"leader2"的意见，要求"请核经费。"
    那么 "leader_sign"在"leader2"手上
    当 "leader2"以"同意签发"办结"leader_sign"，意见"同意。"
    那么 被拒绝，状态422，理由含"回复意见"
    而且 什么都没有改变
    当 "leader2"以"回复意见"办结"leader_sign"，意见"经费已落实。"
    那么 "leader_sign"在"leader"手上
    而且 公文没有签发人
    而且 流转记录依次有:
      | 环节        | 办理人  | 动作     | 意见         |
      | leader_sign | leader  | 征求意见 | 请核经费。   |
      | leader_sign | leader2 | 回复意见 | 经费已落实。 |
    当 "leader"以"同意签发"办结"leader_sign"，意见"同意。"
    那么 签发人是"leader"

  @OUT-04
  场景: 负责人拟的稿子不能转给拟稿人自己审核
    假如 "dept.head"拟了一份下行文通知
    而且 公文办到"dept_review"
    当 "dept.deputy"把"dept_review"转办给"dept.head"，原因"请办。"
    那么 被拒绝，状态422，理由含"OUT-04"
    而且 什么都没有改变

  @OUT-13
  场景大纲: 签发只能转办给其他领导
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"leader_sign"
    当 "leader"把"leader_sign"转办给"<某人>"，原因"请签。"
    那么 被拒绝，状态422，理由含"<理由>"
    而且 什么都没有改变

    例子:
      | 某人        | 理由           |
      | drafter     | 拟稿人以外     |
      | secretary   | 领导           |
      | auditor     | 不能办理公文   |
      | leader      | 不能选择自己   |
      | city.leader | 找不到人员     |

  场景: 对方没有打开，可以收回转办；打开了就不能
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "office.head"把"office_check"转办给"secretary"，原因"请办。"
    而且 "office.head"撤回刚才的"office_check"
    那么 办成了
    而且 "office_check"在"office.head"手上
    当 "office.head"把"office_check"转办给"secretary"，原因"请办。"
    而且 "secretary"打开"office_check"
    而且 "office.head"撤回刚才的"office_check"
    那么 被拒绝，状态409，理由含"已打开此件"
    而且 什么都没有改变

  @OUT-18
  场景: 同时送给几人，只收回没有打开的那几份
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"office_check"
    当 "office.head"在"office_check"指定会签人"leader2、leader3"，会签方式"同时"
    而且 "leader2"打开"sign_parallel"
    而且 "office.head"撤回刚才的"office_check"
    那么 办成了
    而且 撤回了"leader3"的，"leader2"的已打开没有撤回
    而且 "leader3"的待办没有此件
    而且 "leader3"看不到此件
    而且 "sign_parallel"在"leader2"手上
    而且 流转记录依次有:
      | 环节         | 办理人      | 动作 |
      | office_check | office.head | 撤回 |
