# language: zh-CN
功能: 扫描件发文：已在纸上办完的公文，由收发员登记扫描件后发送

  @OUT-17 @ATT-09
  场景: 收发员登记扫描件，秘书核对后发送，记录写明扫描件和手工录入的签发人
    当 "dispatcher"登记一份扫描件
    那么 办成了
    而且 此件走"scan"流程，当前环节是"register_scan"
    而且 公文没有签发人
    当 "dispatcher"上传扫描件"通知扫描件.tif"
    而且 "dispatcher"以"送核对"办结"register_scan"，意见""
    那么 "check_scan"在"secretary"手上
    当 "secretary"以"核对无误，发送"办结"check_scan"，意见"与纸质件一致。"
    那么 办成了
    而且 公文是"已发文"
    而且 发文字号是"江水〔2026〕1号"
    而且 此件标明是扫描件，签发人"赵纸签"为手工录入
    而且 流转记录里有"dispatcher"的"登记扫描件（签发人为手工录入）"
    而且 流转记录里有"secretary"的"照纸质件登记字号和签发人（手工录入）"
    而且 "江水"的登记簿是:
      | 文号            | 状态 | 说明 |
      | 江水〔2026〕1号 | 使用 |      |
    而且 "secretary"打印的办理单里有:
      | 内容                   |
      | 扫描件，签发人为手工录入 |
      | 赵纸签（手工录入）     |
    而且 "auditor"核验整条记录，结果完好

  @OUT-17
  场景大纲: 不是收发员的，不能办理扫描件发文
    当 "<谁>"登记一份扫描件
    那么 被拒绝，状态403，理由含"只有收发员可以办理扫描件发文"
    而且 "<谁>"的被拒已记录在案

    例子:
      | 谁          |
      | secretary   |
      | drafter     |
      | unit.head   |
      | office.head |
      | printing    |

  @OUT-17
  场景大纲: 签发人须手工填写，空的不收
    当 "dispatcher"登记一份签发人为"<签发人>"的扫描件
    那么 被拒绝，状态422，理由含"请填写签发人"
    而且 什么都没有改变

    例子:
      | 签发人       |
      |              |
      | （全角空格） |
      | （零宽字符） |

  @OUT-17 @OUT-13
  场景: 别的公文仍然不能手工填写签发人
    假如 "drafter"拟了一份下行文通知
    当 "drafter"把"纸质件签发人"改为"赵纸签"
    那么 被拒绝，状态422，理由含"不能修改"
    而且 什么都没有改变

  @OUT-17 @ATT-09
  场景: 没有扫描件的不能送核对，扫描件只收 PDF、TIFF 和 JPEG
    当 "dispatcher"登记一份扫描件
    而且 "dispatcher"以"送核对"办结"register_scan"，意见""
    那么 被拒绝，状态422，理由含"请上传扫描件"
    而且 什么都没有改变
    当 "dispatcher"添加附件"通知.docx"
    那么 被拒绝，状态415，理由含"只接收 PDF、TIFF 和 JPEG"
    而且 什么都没有改变
    当 "dispatcher"上传扫描件"假的.tif"，内容不是图片
    那么 被拒绝，状态415，理由含"文件内容与扩展名"
    而且 什么都没有改变

  @OUT-17
  场景: 秘书核对不符的退回收发员，改后重新核对
    当 "dispatcher"登记一份扫描件
    而且 "dispatcher"上传扫描件"通知扫描件.tif"
    而且 "dispatcher"以"送核对"办结"register_scan"，意见""
    而且 "secretary"把"check_scan"退回"register_scan"，原因"签发人与纸质件不符。"
    那么 "register_scan"在"dispatcher"手上
    当 "dispatcher"把"纸质件签发人"改为"钱纸签"
    那么 办成了
    当 "dispatcher"以"送核对"办结"register_scan"，意见""
    而且 "secretary"以"核对无误，发送"办结"check_scan"，意见""
    那么 此件标明是扫描件，签发人"钱纸签"为手工录入

  @OUT-17 @NUM-02
  场景: 纸质件上的号已被用过的，不能登记也不能发送
    当 "dispatcher"登记一份扫描件
    而且 "dispatcher"上传扫描件"通知扫描件.tif"
    而且 "dispatcher"以"送核对"办结"register_scan"，意见""
    假如 "drafter"拟了一份下行文通知
    而且 公文办到"seal"
    那么 发文字号是"江水〔2026〕1号"
    假如 回到第1份公文
    当 "secretary"以"核对无误，发送"办结"check_scan"，意见""
    那么 被拒绝，状态422，理由含"已经用在另一件公文上"
    而且 什么都没有改变
    当 "dispatcher"登记一份扫描件
    那么 被拒绝，状态422，理由含"已经用在另一件公文上"
    而且 什么都没有改变

  @OUT-17
  场景: 以扫描件为准，不排版，不制 Word，不作发前检查
    当 "dispatcher"登记一份扫描件
    而且 "dispatcher"上传扫描件"通知扫描件.tif"
    那么 "dispatcher"打不开此件的"document.pdf"，理由含"以扫描件为准，不另排版"
    而且 "dispatcher"打不开此件的"document.docx"，理由含"以扫描件为准，不制 Word"
    而且 "dispatcher"打不开此件的"preflight"，理由含"不作发前检查"

  @OUT-17 @DDL-08
  场景: 扫描件发出以后，照样核查接收情况
    当 "dispatcher"登记一份扫描件
    而且 "dispatcher"上传扫描件"通知扫描件.tif"
    而且 "dispatcher"以"送核对"办结"register_scan"，意见""
    而且 "secretary"以"核对无误，发送"办结"check_scan"，意见""
    那么 接收情况是"各乡镇水务站未核查"

  @OUT-17
  场景: 登记扫描件的环节转办给不是收发员的人，他不能改手工录入的签发人
    当 "dispatcher"登记一份扫描件
    而且 "dispatcher"把"register_scan"转办给"secretary"，原因"请代为补正。"
    那么 "register_scan"在"secretary"手上
    当 "secretary"把"纸质件签发人"改为"钱纸签"
    那么 被拒绝，状态403，理由含"只能由收发员"
