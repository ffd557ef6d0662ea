# language: zh-CN
功能: 账号、岗位和权限

  @ORG-01
  场景: 已有账号的人，换个登录名再开一个，被拒绝
    当 系统管理员在命令行为"陈雨桐"开通账号"yutong.chen"
    那么 命令被拒绝，理由含"陈雨桐已有账号（登录名 drafter），一人一号"
    而且 什么都没有改变
    当 系统管理员在命令行给"drafter"登记工号"A017"
    那么 命令办成，写着"工号已登记"
    当 系统管理员在命令行为"陈雨桐"开通账号"yutong.chen"，工号"a017"
    那么 命令被拒绝，理由含"工号 a017 的人员已有账号"
    而且 什么都没有改变
    当 系统管理员在命令行为"陈宇彤"开通账号"yutong.chen"，工号"A017"
    那么 命令被拒绝，理由含"工号 a017 的人员已有账号"
    当 系统管理员在命令行为"陈雨桐"开通账号"yutong.chen"，工号"A018"
    那么 命令办成，写着"登录名 yutong.chen"

  @ORG-01
  场景: 一个登录名只有一个人、一个账号
    当 系统管理员在命令行为"陈雨桐"开通账号"drafter"
    那么 命令被拒绝，理由含"已有使用这个登录名的人员"
    而且 什么都没有改变
    当 系统管理员在命令行为"陈雨桐"开通账号"DRAFTER"
    那么 命令被拒绝，理由含"已有使用这个登录名的人员"
    而且 什么都没有改变
    而且 登录名"drafter"只有一个人、一个账号

  @ORG-07
  场景: 没有用印权限的领导不能用印，兼任印章管理员的可以
    假如 "drafter"拟了一份上行文请示
    而且 "leader"兼任印章管理员
    而且 公文办到"seal"
    那么 "seal"在"seal.keeper、leader"手上
    当 "unit.head"以"用印"办结"seal"，意见""
    那么 被拒绝，状态403，理由含"不是“用印”环节的办理人"
    而且 什么都没有改变
    而且 公文是"已编号"
    当 "leader"以"用印"办结"seal"，意见""
    那么 办成了
    而且 公文是"已用印"

  @ORG-07
  场景: 岗位按单位设定，别的单位同样的岗位不算
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"seal"
    当 "city.seal.keeper"以"用印"办结"seal"，意见""
    那么 被拒绝，状态404
    而且 什么都没有改变

  @ORG-09
  场景大纲: 没有拟稿权限的不能拟稿
    当 "<某人>"拟一份<方向><文种>
    那么 被拒绝，状态403，理由含"只有拟稿人和部门负责人可以拟稿"
    而且 什么都没有改变
    而且 "<某人>"的被拒已记录在案

    例子:
      | 某人           | 方向   | 文种 |
      | leader         | 下行文 | 通知 |
      | unit.head      | 上行文 | 请示 |
      | printing       | 下行文 | 通知 |
      | seal.keeper    | 平行文 | 函   |
      | archivist      | 下行文 | 通报 |
      | process.admin  | 下行文 | 通知 |
      | auditor        | 下行文 | 通知 |
      | system.admin   | 上行文 | 报告 |
      | security.admin | 下行文 | 通知 |

  @ORG-08
  场景: 岗位一调整，旧岗位的件办不了，新岗位的件马上能办，都有记录
    假如 "sole.head"拟了一份下行文通知
    而且 公文办到"register_number"
    那么 "register_number"在"printing"手上
    当 安全管理员免去"drafter"的拟稿人，改任文印室
    那么 "register_number"在"drafter、printing"手上
    当 安全管理员免去"printing"的文印室，改任收发员
    那么 "register_number"在"drafter"手上
    当 "printing"以"登记编号"办结"register_number"，意见""
    那么 被拒绝，状态403，理由含"请联系陈雨桐"
    而且 什么都没有改变
    当 "drafter"以"登记编号"办结"register_number"，意见""
    那么 办成了
    而且 审计记录依次有"security.admin"的"post.ended、post.given、post.ended、post.given"

  @ORG-03
  场景: 登录名认人，口令为凭；口令不对登不进，记录在案
    当 "drafter"的登录名配上不对的口令登录
    那么 登录被拒绝，写着"登录名或密码不正确"
    而且 "drafter"的登录失败已记录在案

  @ORG-34
  场景: 管技术的人看不到公文，维护的事照常
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"seal"
    那么 "system.admin"看不到此件
    而且 "security.admin"看不到此件
    而且 "process.admin"看不到此件
    当 "system.admin"为"江洲县水务局"登记人员"new.clerk"
    那么 登记办成

  场景: 岗位调整以后，新办的件按新的岗位
    当 安全管理员免去"drafter"的拟稿人，改任文印室
    而且 "drafter"拟一份下行文通知
    那么 被拒绝，状态403，理由含"只有拟稿人和部门负责人可以拟稿"
    而且 什么都没有改变
    假如 "sole.head"拟了一份下行文通知
    而且 公文办到"register_number"
    那么 "register_number"在"drafter、printing"手上
    当 "drafter"以"登记编号"办结"register_number"，意见""
    那么 发文字号是"江水〔2026〕1号"
    而且 审计记录依次有"security.admin"的"post.ended、post.given"

  @ORG-17
  场景: 单位的系统管理员只管本单位的人员
    当 "system.admin"为"江洲市水务局"登记人员"new.clerk"
    那么 登记被拒绝，理由含"系统管理员"
    而且 什么都没有改变
    当 "system.admin"为"江洲县水务局"登记人员"new.clerk"
    那么 登记办成
