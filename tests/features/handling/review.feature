# language: zh-CN
功能: 部门负责人核稿，各级审核都须填写意见

  @OUT-03
  场景: 送部门负责人核稿，预选分管此项工作的一位
    假如 "工程科"还有一名部门负责人"dept.third"
    而且 "drafter"拟了一份下行文通知
    那么 "drafter"在"draft"可送"dept_review"的"dept.head、dept.deputy、dept.third"，预选"dept.head"
    当 "drafter"以"提交核稿"办结"draft"，意见""
    那么 "dept_review"在"dept.head"手上
    而且 "dept.deputy、dept.third"的待办没有此件

  @OUT-03
  场景: 拟稿人可以改选另一位部门负责人
    假如 "drafter"拟了一份下行文通知
    当 "drafter"以"提交核稿"办结"draft"，意见""，送"dept.deputy"
    那么 "dept_review"在"dept.deputy"手上
    而且 "dept.head"的待办没有此件

  @OUT-04
  场景: 拟稿人是部门负责人的，由另一名负责人核稿
    假如 "dept.head"拟了一份下行文通知
    那么 "dept.head"在"draft"可送"dept_review"的"dept.deputy"，预选"dept.deputy"
    当 "dept.head"以"提交核稿"办结"draft"，意见""，送"dept.head"
    那么 被拒绝，状态422，理由含"不是“部门负责人核稿”的办理人"
    而且 什么都没有改变
    当 "dept.head"以"提交核稿"办结"draft"，意见""
    那么 "dept_review"在"dept.deputy"手上
    当 "dept.head"以"同意"办结"dept_review"，意见"同意自己的稿子。"
    那么 被拒绝，状态403，理由含"请联系李春梅"
    而且 什么都没有改变

  @OUT-05
  场景: 唯一的部门负责人拟稿，由本人核稿，这一步不能省
    假如 "sole.head"拟了一份下行文通知
    当 "sole.head"以"提交核稿"办结"draft"，意见""
    那么 当前环节是"dept_review"
    而且 "dept_review"在"sole.head"手上
    当 "sole.head"以"同意"办结"dept_review"，意见""
    那么 被拒绝，状态422，理由含"须填写意见"
    而且 什么都没有改变
    当 "sole.head"以"同意"办结"dept_review"，意见"本人审核，同意。"
    那么 当前环节是"office_check"
    而且 流转记录里"dept_review"标明本人审核

  @OUT-06
  场景大纲: 没有意见就不算审核过
    假如 "drafter"拟了一份<方向><文种>
    而且 公文办到"<环节>"
    当 "<办理人>"以"<结论>"办结"<环节>"，意见"<意见>"
    那么 被拒绝，状态422，理由含"须填写意见"
    而且 什么都没有改变
    而且 当前环节是"<环节>"

    例子:
      | 方向   | 文种 | 环节           | 办理人      | 结论     | 意见         |
      | 下行文 | 通知 | dept_review    | dept.head   | 同意     |              |
      | 下行文 | 通知 | dept_review    | dept.head   | 同意     | （空格）     |
      | 下行文 | 通知 | office_check   | office.head | 同意     | （全角空格） |
      | 下行文 | 通知 | leader_sign    | leader      | 同意签发 |              |
      | 下行文 | 通知 | leader_sign    | leader      | 同意签发 | （换行）     |
      | 上行文 | 请示 | leader_review  | leader      | 同意     |              |
      | 上行文 | 请示 | unit_head_sign | unit.head   | 同意签发 | （零宽字符） |

  @OUT-06
  场景: 写了意见才算审核，意见留在记录里
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"dept_review"
    当 "dept.head"以"同意"办结"dept_review"，意见"数据已核对，同意。"
    那么 办成了
    而且 当前环节是"office_check"
    而且 流转记录依次有:
      | 环节        | 办理人    | 结论 | 意见               |
      | dept_review | dept.head | 同意 | 数据已核对，同意。 |

  @OUT-36 @REC-02 @REC-12
  场景: 审核人在本环节内改稿，每次修改各留一个版本
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"dept_review"
    当 "dept.head"把"正文"改为"现就冬季堤防巡查通知如下。"
    那么 办成了
    当 "dept.head"以"同意"办结"dept_review"，意见"正文已精简。"
    而且 "office.head"把"标题"改为"江洲县水务局关于冬季堤防巡查的通知"
    而且 "office.head"以"同意"办结"office_check"，意见"标题已改。"
    而且 "leader"把"主送机关"改为"各乡镇"
    而且 "leader"以"同意签发"办结"leader_sign"，意见"同意签发。"
    那么 版本依次是:
      | 版本 | 环节         | 修改人      | 修改                                             |
      | 1    | draft        | drafter     |                                                  |
      | 2    | dept_review  | dept.head   | 正文删去                                         |
      | 3    | office_check | office.head | 改为“江洲县水务局关于冬季堤防巡查的通知”         |
      | 4    | leader_sign  | leader      | 主送机关由“各乡镇水务站”改为“各乡镇”             |

  @OUT-36
  场景大纲: 不在本人环节的，不能改稿
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"<环节>"
    当 "<某人>"把"正文"改为"改动。"
    那么 被拒绝，状态<状态>，理由含"<理由>"
    而且 什么都没有改变

    例子:
      | 环节            | 某人        | 状态 | 理由           |
      | dept_review     | drafter     | 403  | 此件不在您手上 |
      | dept_review     | secretary   | 403  | 此件不在您手上 |
      | office_check    | dept.head   | 403  | 此件不在您手上 |
      | dept_review     | dept.deputy | 404  | 无权查看       |
      | register_number | printing    | 403  | 环节不修改公文 |
      | seal            | leader      | 403  | 此件不在您手上 |
