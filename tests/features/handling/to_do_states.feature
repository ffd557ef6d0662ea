# language: zh-CN
功能: 待办按办理状态分列

  @SRC-04
  场景: 一人手上有待审稿、待批示、待签发的件，各状态的件数分列，点开只列出这一状态的件
    假如 "drafter"拟了一份上行文请示
    而且 公文办到"leader_review"
    而且 "drafter"拟了一份下行文通知
    而且 公文办到"leader_sign"
    而且 "drafter"拟了一份下行文通知
    而且 公文办到"leader_sign"
    而且 "drafter"以自由流转起草了一份下行文通知
    当 "drafter"以"批示"办结"handle"，意见""，送"leader"
    那么 "leader"的待办分列为"待审稿 1、待批示 1、待签发 2"
    而且 "leader"在待办里点开"待签发"，只有第2件和第3件
    当 "leader"以"同意签发"办结"leader_sign"第2件，意见"同意。"
    那么 "leader"的待办分列为"待审稿 1、待批示 1、待签发 1"

  @SRC-04
  场景: 待盖章、待发文和已发文各归各处
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"seal"
    那么 "seal.keeper"的待办分列为"待盖章 1"
    当 公文办到"final_check_dispatch"
    那么 "seal.keeper"的待办没有分列
    而且 "secretary"的待办分列为"待发文 1"
    当 公文全部办完
    那么 "secretary"的待办分列为"已发文 1"
    而且 "drafter"的待办分列为"已发文 1"
    而且 "secretary"在待办里点开"已发文"，只有第1件
