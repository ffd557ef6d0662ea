# language: zh-CN
功能: 签发、编号、用印、发送各归其位

  @OUT-13
  场景大纲: 签发人由系统写入
    假如 "drafter"拟了一份<方向><文种>
    而且 公文办到"<签发环节>"
    那么 公文没有签发人
    当 "<签发人>"以"同意签发"办结"<签发环节>"，意见"同意签发。"
    那么 签发人是"<签发人>"
    而且 公文是"已签发"

    例子:
      | 方向   | 文种 | 签发环节       | 签发人    |
      | 下行文 | 通知 | leader_sign    | leader    |
      | 平行文 | 函   | leader_sign    | leader    |
      | 上行文 | 报告 | unit_head_sign | unit.head |

  @OUT-22
  场景大纲: 上行文由主要领导签发，分管领导签不了；下行文反过来也一样
    假如 "drafter"拟了一份<方向><文种>
    而且 公文办到"<签发环节>"
    当 "<越权的人>"以"同意签发"办结"<签发环节>"，意见"同意签发。"
    那么 被拒绝，状态<状态>
    而且 什么都没有改变
    而且 公文没有签发人
    当 "<签发人>"以"同意签发"办结"<签发环节>"，意见"同意签发。"
    那么 签发人是"<签发人>"

    例子:
      | 方向   | 文种 | 签发环节       | 签发人    | 越权的人  | 状态 |
      | 上行文 | 请示 | unit_head_sign | unit.head | leader    | 403  |
      | 上行文 | 报告 | unit_head_sign | unit.head | dept.head | 403  |
      | 下行文 | 通知 | leader_sign    | leader    | dept.head | 403  |

  @OUT-26
  场景: 发出之前，文号、成品和主送机关都已齐备
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"final_check_dispatch"
    那么 发文字号是"江水〔2026〕1号"
    而且 "secretary"能打开排好版的公文，主送"各乡镇水务站"
    当 "secretary"以"审核发送"办结"final_check_dispatch"，意见""
    那么 公文是"已发文"

  @OUT-13
  场景: 拟稿时不能填写签发人
    当 "drafter"拟一份"签发人"为"刘国强"的下行文通知
    那么 被拒绝，状态422，理由含"没有“signatory”这一栏"
    而且 什么都没有改变

  @OUT-13
  场景大纲: 任何人任何时候都不能改签发人
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"<环节>"
    当 "<某人>"把"签发人"改为"陈雨桐"
    那么 被拒绝，状态<状态>
    而且 什么都没有改变

    例子:
      | 环节                 | 某人        | 状态 |
      | draft                | drafter     | 422  |
      | leader_sign          | leader      | 422  |
      | register_number      | printing    | 422  |
      | register_number      | leader      | 422  |
      | register_number      | secretary   | 422  |
      | final_check_dispatch | office.head | 422  |

  @OUT-09 @NUM-01
  场景大纲: 签发之前不给文号
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"<环节>"
    当 "<某人>"以"登记编号"办结"<环节>"，意见"请先给文号。"
    那么 被拒绝，状态<状态>
    而且 什么都没有改变
    而且 公文没有发文字号
    而且 "printing"的待办没有此件

    例子:
      | 环节         | 某人        | 状态 |
      | draft        | drafter     | 422  |
      | dept_review  | dept.head   | 422  |
      | office_check | office.head | 422  |
      | leader_sign  | leader      | 422  |
      | leader_sign  | secretary   | 403  |
      | leader_sign  | printing    | 404  |

  @OUT-09
  场景: 文号不能手填
    当 "drafter"拟一份"发文字号"为"江水〔2026〕9号"的下行文通知
    那么 被拒绝，状态422
    而且 什么都没有改变

  @OUT-09 @NUM-01
  场景: 签发之后由文印室登记编号
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"leader_sign"
    当 "leader"以"同意签发"办结"leader_sign"，意见"同意签发。"
    那么 "register_number"在"printing"手上
    而且 公文没有发文字号
    当 "printing"以"登记编号"办结"register_number"，意见""
    那么 发文字号是"江水〔2026〕1号"
    而且 公文是"已编号"

  @OUT-10
  场景大纲: 只有办公室秘书能审核发送
    假如 "drafter"拟了一份上行文请示
    而且 公文办到"final_check_dispatch"
    当 "<某人>"以"审核发送"办结"final_check_dispatch"，意见""
    那么 被拒绝，状态403，理由含"请联系杨晓燕"
    而且 什么都没有改变
    而且 公文是"已用印"

    例子:
      | 某人        |
      | drafter     |
      | dept.head   |
      | office.head |
      | leader      |
      | unit.head   |
      | printing    |
      | seal.keeper |
      | dispatcher  |

  @OUT-10
  场景: 办公室秘书审核后发送
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"final_check_dispatch"
    那么 "final_check_dispatch"在"secretary"手上
    当 "secretary"以"审核发送"办结"final_check_dispatch"，意见""
    那么 公文是"已发文"
    而且 此件已办结

  @OUT-33
  场景大纲: 审批没有完成，不能发送
    假如 "drafter"拟了一份上行文请示
    而且 公文办到"<环节>"
    当 "secretary"以"审核发送"办结"<环节>"，意见"先发出去。"
    那么 被拒绝，状态403
    而且 什么都没有改变
    当 "secretary"以"审核发送"办结"final_check_dispatch"，意见""
    那么 被拒绝，状态404
    而且 什么都没有改变

    例子:
      | 环节            |
      | draft           |
      | dept_review     |
      | office_check    |
      | leader_review   |
      | unit_head_sign  |
      | register_number |
      | seal            |

  @SEC-27
  场景大纲: 发出的公文谁也不能再改
    假如 "drafter"拟了一份下行文通知
    而且 公文全部办完
    当 "<某人>"把"正文"改为"改动。"
    那么 被拒绝，状态403
    而且 什么都没有改变

    例子:
      | 某人      |
      | drafter   |
      | leader    |
      | secretary |

  @DDL-15
  场景: 领导外出时用手机看待办、写意见、签发
    假如 现在是"2026-11-23 09:00"
    而且 "drafter"拟了一份下行文通知
    而且 公文办到"leader_sign"
    而且 "leader"用手机登录
    当 他在手机上打开待办"leader_sign"
    那么 页面适合手机，写着"冬季堤防巡查"和正文"按日巡查"
    当 他在手机上选"同意签发"，意见"同意，外出途中签发。"，提交
    那么 签发人是"leader"
    而且 "drafter"看到的流转记录有"leader"在"leader_sign"的意见"同意，外出途中签发。"
