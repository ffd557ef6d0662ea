// The form editor has no translation of its own: these words are found on its page and replaced.

export const FORM_WORDS = {
  Components: "组件", "Search components": "查找组件", "No components found.": "没有这个组件。", Input: "填写", Selection: "选择", Presentation: "文字", Containers: "分组",
  "Text field": "单行文字", "Text area": "多行文字", Number: "数字", "Date time": "日期", Checkbox: "是否", "Checkbox group": "多选", "Radio group": "单选", Select: "下拉选择",
  "Text view": "说明文字", Group: "分组", "Clear content": "清除", General: "基本", Validation: "填写要求", "Options source": "选项来源", "Static options": "选项", "Custom properties": "其他属性",
  "Field label": "名称", "Field description": "说明", Key: "字段名", "Group label": "分组名称", "Date label": "日期名称", "Time label": "时间名称", Subtype: "种类", Required: "必填", "Default value": "默认值",
  "Minimum length": "最少字数", "Maximum length": "最多字数", Minimum: "最小", Maximum: "最大", Type: "种类", Label: "名称", Value: "值", ID: "表单编号", Form: "表单", Text: "文字",
  Date: "日期", Time: "时间", "Date & Time": "日期和时间", Checked: "是", "Not checked": "否", "<none>": "（无）", None: "（无）", "Decimal digits": "小数位数", Duplicate: "再来一个", "Remove form field": "删除",
  "Delete item": "删除这一项", "Create new list item": "加一项", "Toggle list item": "展开或收起", "Toggle section": "展开或收起", "Section contains edits": "有内容", "Section contains an error": "有错误",
  "Build your form": "从左边拖入组件", "Drag and drop components here to start designing.": "把左边的组件拖到这里，开始设计表单。", "Use the preview window to test your form.": "下面是办理人看到的样子。", "Drag and drop components": "拖入组件",
  "Select a form field to edit its properties.": "选中一个组件来改它的属性。", "Multiple form fields are selected. Select a single form field to edit its properties.": "选中一个组件来改它的属性。",
  "List contains 1 item": "有 1 项", "List contains 2 items": "有 2 项", "List contains 3 items": "有 3 项", "List contains 4 items": "有 4 项", "<empty>": "（空）", Dynamic: "动态", Static: "固定", "Static values": "固定的选项",
  "Create a Text field element": "加单行文字", "Create a Text area element": "加多行文字", "Create a Number element": "加数字", "Create a Date time element": "加日期", "Create a Checkbox element": "加是否",
  "Create a Checkbox group element": "加多选", "Create a Radio group element": "加单选", "Create a Select element": "加下拉选择", "Create a Text view element": "加说明文字", "Create a Group element": "加分组",
  "Remove Text field": "删除单行文字", "Remove Text area": "删除多行文字", "Remove Number": "删除数字", "Remove Date time": "删除日期", "Remove Checkbox": "删除是否", "Remove Checkbox group": "删除多选", "Remove Radio group": "删除单选",
  "Remove Select": "删除下拉选择", "Remove Text view": "删除说明文字", "Remove Group": "删除分组", "Drag and drop components here.": "把组件拖到这里。", "Binds to a form variable": "条件和打印中用这个名字取值。", Decrement: "减", Increment: "增",
  "mm/dd/yyyy": "年-月-日", Constraints: "限制", "Disallow past dates": "不能早于今天", "Supports markdown and templating.": "只用文字。",
  Default: "默认", Duplicated: "已重复", "Move the field up": "上移", "Must not be empty.": "不能为空。", "Must be unique.": "不能重复。", "Must not contain spaces.": "不能有空格。",
};
