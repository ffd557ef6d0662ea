# language: zh-CN
功能: 登录、双因素和账号封锁

  @SEC-05
  场景: 第一次登录只能改密码，改了才能办事
    假如 系统管理员给了"drafter"初始密码
    当 "drafter"用密码登录
    那么 "drafter"只能打开"/password"
    当 "drafter"把密码改成自己的
    那么 "drafter"能打开待办

  @SEC-06
  场景: 密码到期，登录后须先改
    假如 "drafter"登录后进了待办
    当 过了90天
    而且 "drafter"用密码登录
    那么 "drafter"只能打开"/password"
    当 "drafter"把密码改成自己的
    那么 "drafter"能打开待办

  @SEC-08
  场景: 离开半小时，登录自动结束
    假如 "drafter"登录后进了待办
    当 离开29分钟
    那么 "drafter"能打开待办
    当 离开30分钟
    那么 "drafter"须重新登录

  @SEC-09
  场景: 封锁的账号，没有本人申请和身份核对不能解锁
    假如 安全管理员"security.admin"对"drafter"报失封锁，写明"本人来电，忘记密码"
    那么 页面办成
    当 过了30天
    而且 "drafter"用密码登录
    那么 页面拒绝，写着"账号暂时不能登录"
    当 安全管理员"security.admin"对"drafter"解锁，什么也不写
    那么 页面拒绝，写着"请填写本人申请和身份核对情况"
    而且 什么都没有改变
    当 "drafter"用密码登录
    那么 页面拒绝，写着"账号暂时不能登录"
    当 安全管理员"security.admin"对"drafter"解锁，写明"书面申请，已核对身份证"
    那么 页面办成
    而且 记录里有"account.unlocked"，理由是"书面申请，已核对身份证"
    当 "drafter"用密码登录
    那么 "drafter"能打开待办

  @SEC-10
  场景: 密码被盗，报告后登录立即结束，账号封锁
    假如 "drafter"登录后进了待办
    当 安全管理员"security.admin"对"drafter"报失封锁，写明"本人来电，密码被盗"
    那么 "drafter"须重新登录
    而且 记录里有"account.closed"，理由是"本人来电，密码被盗"
    当 "drafter"用密码登录
    那么 页面拒绝，写着"账号暂时不能登录"

  @SEC-07
  场景: 要求用证书登录的人，没有证书登不进
    假如 证书登录已开通
    而且 "seal.keeper"有本单位签发的个人证书
    而且 安全管理员"security.admin"要求印章管理员用证书登录
    当 "seal.keeper"用密码登录
    那么 页面拒绝，写着"本单位要求您用证书登录"
    而且 "seal.keeper"须重新登录
    当 "seal.keeper"用证书登录
    那么 "seal.keeper"能打开待办
    当 "drafter"用密码登录
    那么 "drafter"能打开待办

  # SIG-41 的一部分：不得转借。一人一证由证书登记保证。
  场景: 在他人的登录里出示自己的证书，被拒绝
    假如 证书登录已开通
    而且 "leader"有本单位签发的个人证书
    而且 "drafter"登录后进了待办
    当 在"drafter"的登录里出示"leader"的证书
    那么 页面拒绝，写着"不能转借他人使用"
    而且 "leader"有一条告警，安全管理员"security.admin"看得到

  # SIG-23 的一部分：登录。用印由签章服务拒绝。
  场景大纲: 冻结或者撤销的证书马上不能登录
    假如 证书登录已开通
    而且 "leader"有本单位签发的个人证书
    当 "leader"的证书被<办理>
    而且 "leader"用证书登录
    那么 页面拒绝，写着"证书已<办理>"
    而且 "leader"须重新登录

    例子:
      | 办理 |
      | 冻结 |
      | 撤销 |

  场景: 不经入口送来的证书不算，记录在案
    假如 证书登录已开通
    而且 "leader"有本单位签发的个人证书
    当 有人不经入口，冒用"leader"的证书登录
    那么 页面拒绝，写着"不是由本单位的入口送来"
    而且 记录里有"sign-in.refused"，理由是"不是由本单位的入口送来"

  场景: 启用双因素后，密码之外还要验证码，一个验证码只用一次
    假如 "drafter"启用了双因素
    当 "drafter"用密码登录
    那么 "drafter"只能打开"/sign-in/code"
    当 "drafter"输入手机上的验证码
    那么 "drafter"能打开待办
    当 "drafter"用密码登录
    而且 "drafter"输入刚才那个验证码
    那么 页面拒绝，写着"已经用过"
    当 "drafter"输入第1个恢复码
    那么 "drafter"能打开待办
    当 "drafter"用密码登录
    而且 "drafter"输入第1个恢复码
    那么 页面拒绝，写着"已经用过"

  场景: 单位要求双因素的人，启用之前什么也不能办
    假如 安全管理员"security.admin"要求印章管理员用验证码登录
    当 "seal.keeper"用密码登录
    那么 "seal.keeper"只能打开"/account/factor"
    当 "drafter"用密码登录
    那么 "drafter"能打开待办

  场景: 知道密码的人换着电脑猜验证码，账号锁定，告警
    假如 "drafter"启用了双因素
    当 "drafter"每次换一台电脑，用对的密码试5个验证码
    而且 "drafter"用密码登录
    那么 页面拒绝，写着"账号暂时不能登录"
    而且 "drafter"有一条告警，安全管理员"security.admin"看得到
    当 离开31分钟
    而且 "drafter"用密码登录
    而且 "drafter"输入手机上的验证码
    那么 "drafter"能打开待办

  场景: 遗失手机和恢复码，由安全管理员凭申请重置
    假如 "drafter"启用了双因素
    当 安全管理员"security.admin"对"drafter"重置双因素，什么也不写
    那么 页面拒绝，写着"请填写本人申请和身份核对情况"
    而且 什么都没有改变
    当 安全管理员"security.admin"对"drafter"重置双因素，写明"书面申请，已核对身份证"
    那么 页面办成
    而且 记录里有"factor.reset"，理由是"书面申请，已核对身份证"
    当 "drafter"用密码登录
    那么 "drafter"能打开待办
