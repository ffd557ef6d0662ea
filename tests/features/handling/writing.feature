# language: zh-CN
功能: 写稿：一人写，别人等；没有保存的不丢

  @SRC-10
  场景: 两人打开同一份来文，后来的人看到谁在修改，他的保存不会盖掉前一人的
    假如 "secretary"登记了一份来文
    当 "secretary"开始修改
    那么 "secretary"可以修改
    当 "dispatcher"开始修改
    那么 "dispatcher"看到"secretary"正在修改
    当 "dispatcher"把"标题"改为"江洲市水务局关于乙的通知"
    那么 被拒绝，状态409，理由含"正在修改此件"
    而且 什么都没有改变
    当 "secretary"把"标题"改为"江洲市水务局关于甲的通知"
    那么 办成了

  @SRC-10
  场景: 两人都从第一版改起，后保存的人得到提示，先保存的不丢
    假如 "secretary"登记了一份来文
    当 "secretary"从第 1 版把"标题"改为"江洲市水务局关于甲的通知"
    那么 办成了
    当 "dispatcher"从第 1 版把"标题"改为"江洲市水务局关于乙的通知"
    那么 被拒绝，状态409，理由含"保存了新的一版"
    而且 什么都没有改变

  @SRC-10
  场景: 请求接手，对方同意
    假如 "secretary"登记了一份来文
    而且 "secretary"开始修改
    当 "dispatcher"请求接手修改
    那么 "dispatcher"还在等"secretary"答复
    当 "secretary"开始修改
    那么 "secretary"看到"dispatcher"请求接手
    当 "secretary"答复"同意"
    而且 "dispatcher"开始修改
    那么 "dispatcher"可以修改
    当 "secretary"把"标题"改为"江洲市水务局关于甲的通知"
    那么 被拒绝，状态409，理由含"正在修改此件"
    而且 流转记录先后记下"请求接手修改、同意接手"

  @SRC-10
  场景: 请求接手，对方暂不转交
    假如 "secretary"登记了一份来文
    而且 "secretary"开始修改
    当 "dispatcher"请求接手修改
    而且 "secretary"答复"暂不转交"
    而且 "dispatcher"开始修改
    那么 "dispatcher"看到"secretary"正在修改
    而且 流转记录先后记下"请求接手修改、不同意接手"

  @SRC-10
  场景: 两分钟没有答复，转给请求的人
    假如 "secretary"登记了一份来文
    而且 "secretary"开始修改
    当 "dispatcher"请求接手修改
    而且 过了2分钟
    而且 "dispatcher"开始修改
    那么 "dispatcher"可以修改
    而且 流转记录先后记下"请求接手修改、接手修改"

  @SRC-10
  场景: 关掉页面三分钟以后，别人可以修改
    假如 "secretary"登记了一份来文
    而且 "secretary"开始修改
    当 过了3分钟
    而且 "dispatcher"开始修改
    那么 "dispatcher"可以修改

  @OUT-36 @SRC-10
  场景: 不在本人环节的，不能占着不让别人改
    假如 "drafter"拟了一份下行文通知
    而且 "drafter"开始修改
    而且 公文办到"dept_review"
    当 "drafter"开始修改
    那么 被拒绝，状态403，理由含"此件不在您手上"
    当 "dept.head"开始修改
    那么 "dept.head"可以修改

  @DRF-05
  场景: 存好的草稿选定办理方式和办理人，送出后到其待办，拟稿人不再修改
    假如 "drafter"以自由流转起草了一份下行文通知
    当 "drafter"把"正文"改为"现就冬季堤防巡查通知如下。"
    那么 办成了
    当 "drafter"以"审稿"办结"handle"，意见""，送"dept.head"
    那么 "review"在"dept.head"手上
    而且 "drafter"的待办没有此件
    当 "drafter"把"正文"改为"改动。"
    那么 被拒绝，状态403，理由含"此件不在您手上"
    而且 什么都没有改变

  @OUT-36
  场景: 审核人在正文里加表格，作为本环节的一版留存
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"dept_review"
    当 "dept.head"在正文后面加一个表格"项目｜金额"
    那么 办成了
    而且 正文的最后一块是表格"项目｜金额"
    而且 版本依次是:
      | 版本 | 环节        | 修改人    | 修改     |
      | 1    | draft       | drafter   |          |
      | 2    | dept_review | dept.head | 正文增加 |

  @SEC-27
  场景: 图片只有上传的人能放进正文，看得到公文的人才看得到图片
    假如 "drafter"上传了一张正文图片
    那么 "dept.head"看不到这张图片
    当 "sole.head"拟一份正文带这张图片的下行文通知
    那么 被拒绝，状态422，理由含"不是您上传的"
    而且 什么都没有改变
    当 "drafter"拟一份正文带这张图片的下行文通知
    那么 办成了
    假如 公文办到"dept_review"
    那么 "dept.head"看得到这张图片
    而且 "city.drafter"看不到这张图片
