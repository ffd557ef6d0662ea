// Chinese for what the libraries show on our page; what our palette, menus and panel leave out is
// not here. ZH is asked by the libraries; PAGE_WORDS are written without asking.

const NAMES = {
  Association: "关联", "Call Activity": "调用流程", Collaboration: "协作图", "End Event": "结束", "Exclusive Gateway": "选择（只走一条）",
  Group: "分组", "Inclusive Gateway": "选择（可走几条）", Lane: "泳道", "Parallel Gateway": "并行", Participant: "流程池", Process: "流程",
  "Sequence Flow": "连线", "Service Task": "自动处理", "Start Event": "开始", "Sub Process": "子流程", Task: "任务（须改为办理环节）",
  "Text Annotation": "批注", "User Task": "办理环节", "Timer Boundary Event": "到时转走", "Timer Intermediate Catch Event": "等到时间",
  "Timer Start Event": "定时开始", "Conditional Flow": "有条件的连线", "Default Flow": "默认连线", "Message Flow": "消息流", "Data Object": "数据对象",
  "Data Object Reference": "数据对象", "Data Store Reference": "数据存储", "Script Task": "脚本任务", "Manual Task": "手工任务", "Send Task": "发送任务",
  "Receive Task": "接收任务", "Business Rule Task": "规则任务", "Message Start Event": "消息开始", "Message End Event": "消息结束", "Event Based Gateway": "事件网关",
};

const MENUS = {
  "Activate hand tool": "移动画布", "Activate lasso tool": "框选", "Activate create/remove space tool": "拉开或收拢空间", "Activate global connect tool": "连线",
  "Create start event": "开始", "Create end event": "结束", "Create gateway": "选择", "Create expanded sub-process": "子流程", "Create pool/participant": "流程池",
  "Append end event": "后面加结束", "Append gateway": "后面加选择", "Change element": "改变种类", "Connect to other element": "连到另一元素",
  "Connect using association": "用虚线关联", "Add text annotation": "加批注", Delete: "删除", "Add lane above": "上面加泳道", "Add lane below": "下面加泳道",
  "Divide into two lanes": "分成两条泳道", "Divide into three lanes": "分成三条泳道", "Align elements": "对齐", "Align elements left": "左对齐",
  "Align elements center": "左右居中", "Align elements right": "右对齐", "Align elements top": "上对齐", "Align elements middle": "上下居中",
  "Align elements bottom": "下对齐", "Distribute elements horizontally": "左右均匀分布", "Distribute elements vertically": "上下均匀分布",
  "Parallel multi-instance": "多人同时办理", "Sequential multi-instance": "多人依次办理", "Open {element}": "打开 {element}", "Search in diagram": "在图中查找",
  "Toggle non-interrupting": "到时不打断本环节", "Start event": "开始", "End event": "结束", "Exclusive gateway": "选择（只走一条）", "Parallel gateway": "并行",
  "Inclusive gateway": "选择（可走几条）", "User task": "办理环节", "Service task": "自动处理", "Call activity": "调用流程",
  "Sub-process (collapsed)": "子流程（收起）", "Sub-process (expanded)": "子流程（展开）", "Sequence flow": "连线", "Default flow": "默认连线",
  "Conditional flow": "有条件的连线", "Timer boundary event": "到时转走", "Timer boundary event (non-interrupting)": "到时另走一路", "Timer intermediate catch event": "等到时间",
};

const PANEL = {
  General: "基本", Name: "名称", ID: "编号", "Element documentation": "说明", "Process documentation": "流程说明", "Participant Name": "流程池名称",
  "Participant ID": "流程池编号", "Process ID": "流程编号", "Process name": "流程名称", "This maps to the process definition key.": "发布后不再改变。",
  Documentation: "说明", Template: "模板", Applied: "已套用", Select: "选择", Version: "版本", Description: "用途", Change: "更换模板", Unlink: "解除模板", Remove: "去掉模板和其中的内容",
  Update: "更新", "Update available": "有更新", "Not found": "没有找到", "Custom properties": "属性", "Section contains edits": "有内容", "Section contains an error": "有错误",
  "Toggle section": "展开或收起", "Create new list item": "加一项", "Create": "加一项", "Toggle list item": "展开或收起", "Delete item": "删除这一项",
  "List contains 1 item": "有 1 项", "List contains {numOfItems} items": "有 {numOfItems} 项", "<empty>": "（空）", "<none>": "（无）", "<unnamed>": "（未命名）", Value: "值",
  Type: "种类", Topic: "主题", "Called element": "被调用流程的编号", Binding: "版本", Condition: "条件", "Condition Expression": "条件", "Condition expression": "条件", Expression: "表达式",
  Duration: "时长", Date: "日期", "Loop cardinality": "份数", "Completion condition": "完成条件", Collection: "人员名单", "Element variable": "逐人变量",
  Assignee: "办理人", "Candidate groups": "办理角色", "Form key": "表单", Implementation: "实现方式", External: "外部", "Variable name": "变量名",
  "Multiple elements are selected. Select a single element to edit its properties.": "选中了几个元素。选中一个才能改它的属性。",
  "Select an element to edit its properties.": "选中一个元素来改它的属性。",
  "ID must not be empty.": "编号不能为空。", "ID must not contain spaces.": "编号不能有空格。", "ID must be unique.": "编号已被使用。", "ID must be a valid QName.": "编号只能用字母、数字和下划线。",
  "Process ID must not be empty.": "流程编号不能为空。", "Must not be empty.": "不能为空。", "{label} must not be empty.": "“{label}”不能为空。",
  "{label} must match pattern {pattern}.": "“{label}”的写法不对。", "Must match pattern {pattern}.": "写法不对。", "Form reference": "表单", "Form type": "表单种类",
};

export const ZH = { ...NAMES, ...MENUS, ...PANEL };

export const PAGE_WORDS = {
  ...PANEL,
  "Token Simulation": "试运行", "Open pop-up editor": "放大编辑", "Trigger Event": "走这一步", "Set Sequence Flow": "选走哪一条", "Add pause point": "在此停下",
  "Remove pause point": "不再停下", "Play/Pause Simulation": "继续或暂停", "Reset Simulation": "重新开始", "Toggle Simulation Log": "试运行记录",
  "Set animation speed = Slow": "慢", "Set animation speed = Normal": "中", "Set animation speed = Fast": "快", "Play Simulation": "继续", "Pause Simulation": "暂停",
  Finished: "已走完", "Found unsupported elements": "有不能试运行的元素", "Not supported": "不能试运行", "Simulation Log": "试运行记录", "No Entries": "还没有记录",
  "Process started": "流程开始", "Process finished": "流程结束", "Process": "流程", Results: "可改成的种类", "Start Event": "开始", "End Event": "结束", "List contains 2 items": "有 2 项",
  "List contains 3 items": "有 3 项", "Clear": "清除", Task: "环节", "User Task": "办理环节", "Gateway": "选择", "Close": "关闭", rule: "依据条款（rule）",
};
