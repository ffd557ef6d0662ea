# language: zh-CN
功能: 印章管理：专人保管，第二人核对，停用即时生效

  @SIG-02
  场景: 没有保管人的印章不能制发
    当 "office.head"制发印文为"江洲县水务局"的印章，由""保管
    那么 被拒绝，状态422，理由含"没有专人保管的印章不能制发"
    而且 什么都没有改变

  @SIG-04
  场景大纲: 只有本单位印章管理员能保管印章
    当 "office.head"制发印文为"江洲县水务局"的印章，由"<谁>"保管
    那么 被拒绝，状态422，理由含"须由本单位印章管理员保管"
    而且 什么都没有改变

    例子:
      | 谁               |
      | drafter          |
      | unit.head        |
      | east.seal.keeper |

  @SIG-15
  场景: 停用即时生效，恢复须由另一人
    假如 "office.head"制发了印文为"江洲县水务局"的印章，由"seal.keeper"保管
    当 "office.head"因"机构更名"停用印章
    那么 办成了
    当 "office.head"因"已核实"恢复印章
    那么 被拒绝，状态403，理由含"请由另一人核对后恢复"
    当 "security.admin"因"已核实"恢复印章
    那么 办成了

  @SIG-12
  场景大纲: 用印登记由监督和管理的人查看
    假如 "office.head"制发了印文为"江洲县水务局"的印章，由"seal.keeper"保管
    那么 "<谁>"查看用印登记，状态<状态>

    例子:
      | 谁          | 状态 |
      | auditor     | 200  |
      | secretary   | 200  |
      | office.head | 200  |
      | seal.keeper | 200  |
      | drafter     | 403  |
      | printing    | 403  |

  @SIG-10
  场景: 图片印章：版式文件上有印章，登记写明谁、何时、哪个文本
    假如 "office.head"制发了印文为"江洲县水务局"的印章，由"seal.keeper"保管
    而且 "system.admin"选定签发"record"、用印"image"
    而且 "drafter"拟了一份下行文通知
    而且 公文办到"seal"
    当 "seal.keeper"以"用印"办结"seal"，意见""
    那么 办成了
    而且 公文是"已用印"
    而且 "auditor"看到用印登记:
      | 类别     | 印章         | 用印人 | 说明 |
      | 图片印章 | 江洲县水务局 | 黄守印 |      |
    而且 登记的文本是此件现在的文本

  @SIG-10
  场景: 签名图：打印的发文稿纸显示签发人手写签名，登记写明谁、何时、哪个文本
    假如 "office.head"给"leader"登记了签名章"刘国强"和图片，由"seal.keeper"保管
    而且 "security.admin"因"已核对"恢复印章
    而且 "system.admin"选定签发"record"、用印"none"、签名图"shown"
    而且 "drafter"拟了一份下行文通知
    当 公文办到"final_check_dispatch"
    那么 "auditor"看到用印登记:
      | 类别     | 印章   | 用印人 | 说明       |
      | 图片印章 | 刘国强 | 刘国强 | 签发签名图 |
    而且 登记的文本是此件现在的文本
    而且 "drafter"打印的发文稿纸上有签名图

  @SIG-11
  场景: 电子公文不加印鉴：没有用印环节，以签发记录为准
    假如 "system.admin"选定签发"record"、用印"none"
    而且 "drafter"拟了一份下行文通知
    当 公文办到"final_check_dispatch"
    那么 公文是"已编号"
    而且 依次办理了"draft、dept_review、office_check、leader_sign、register_number"
    当 公文全部办完
    那么 公文是"已发文"

  @SIG-06
  场景: 不在流程中的文件，不能用印
    假如 "office.head"制发了印文为"江洲县水务局"的印章，由"seal.keeper"保管
    当 "seal.keeper"以"用印"办结"seal"，意见""
    那么 被拒绝，状态404，理由含"没有这个公文或事项"
    而且 什么都没有改变

  @SIG-07
  场景: 正文空白的公文不能用印
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"seal"
    而且 正文被清空
    当 "seal.keeper"以"用印"办结"seal"，意见""
    那么 被拒绝，状态409，理由含"正文是空白的，不能用印"
    而且 什么都没有改变

  @SIG-09
  场景: 用电子印章的单位，没有加盖的不能作为正式公文发送
    假如 "drafter"拟了一份下行文通知
    而且 "system.admin"选定签发"record"、用印"none"
    而且 公文办到"final_check_dispatch"
    而且 "system.admin"选定签发"record"、用印"digital"
    当 "secretary"以"审核发送"办结"final_check_dispatch"，意见""
    那么 被拒绝，状态409，理由含"没有加盖电子印章，不能作为正式公文发送"
    而且 什么都没有改变
