# language: zh-CN
功能: 导入 Word，导出 Word 和 PDF

  @DRF-21
  场景: 未经签发的，导出的 Word 和 PDF 每页都标明是草稿
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"dept_review"
    那么 "dept.head"导出的 Word 每页标明"非正式稿"
    而且 "dept.head"导出的 PDF 标明草稿

  @DRF-21
  场景: 签发以后，导出的不再标明草稿
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"register_number"
    那么 "printing"导出的 Word 没有标明"非正式稿"
    而且 "printing"导出的 PDF 没有标明草稿

  @DRF-21
  场景: 收回签发以后，导出的又标明草稿
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"register_number"
    当 "printing"把"register_number"退回"leader_sign"，原因"数据有误。"
    那么 "leader"导出的 Word 每页标明"非正式稿"

  @DRF-21
  场景: 看不到公文的人也导不出
    假如 "drafter"拟了一份下行文通知
    那么 "east.drafter"导不出 Word，状态404

  @OUT-36
  场景: 导入 Word 只读入，不改变公文，保存才留一个版本
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"dept_review"
    当 "dept.head"为此件导入一份 Word 通知
    那么 办成了
    而且 公文仍是第1版
    而且 读入的正文有"一、提高认识"和一个表格
    而且 读入时说明"批注没有保留：请核对数字"
    当 "dept.head"把读入的正文保存
    那么 办成了
    而且 版本依次是:
      | 版本 | 环节        | 修改人    | 修改     |
      | 1    | draft       | drafter   |          |
      | 2    | dept_review | dept.head | 正文增加 |

  @OUT-36
  场景大纲: 不在本人环节的，不能为此件导入 Word
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"<环节>"
    当 "<某人>"为此件导入一份 Word 通知
    那么 被拒绝，状态<状态>，理由含"<理由>"
    而且 什么都没有改变

    例子:
      | 环节            | 某人        | 状态 | 理由           |
      | dept_review     | drafter     | 403  | 此件不在您手上 |
      | dept_review     | dept.deputy | 404  | 无权查看       |
      | register_number | printing    | 403  | 环节不修改公文 |
