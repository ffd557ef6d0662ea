// What of the stock editor means something here: palette, menus, panel.

const PANEL = {
  general: "基本",
  documentation: "说明",
  multiInstance: "会签",
  timer: "时限",
  CamundaPlatform__Condition: "条件",
  CamundaPlatform__CallActivity: "自动处理",
  CamundaPlatform__Implementation: "自动处理",
  CamundaPlatform__UserAssignment: "办理人",
  CamundaPlatform__Form: "表单",
  CamundaPlatform__ExtensionProperties: "其他属性",
};
const UNUSED = /^(isExecutable|processIsExecutable|executionPlatform|versionTag|candidateUsers|dueDate|followUpDate|priority|formRef|calledElementBinding|calledElementTenantId|calledElementVersion|calledElementBusinessKey|businessKey|multiInstanceAsynchronous|multiInstanceExclusive|calledElementDelegate|variableMapping)/i;
const PALETTE = [
  "hand-tool", "lasso-tool", "space-tool", "global-connect-tool", "tool-separator",
  "create.start-event", "create.end-event", "create.exclusive-gateway", "create.task",
  "create.subprocess-expanded", "create.participant-expanded",
];
// What the publish check takes; the library's own names of the entries of its replace menu.
const KINDS = new RegExp(`^(replace-with-(${[
  "none-(start|end)", "(exclusive|parallel|inclusive)-gateway", "(user|service)-task", "call-activity", "(expanded|collapsed)-subprocess",
  "(non-interrupting-)?timer-boundary", "timer-intermediate-catch", "(conditional|default|sequence)-flow",
].join("|")})|toggle-(parallel|sequential)-mi)$`);

class Panel {
  static $inject = ["propertiesPanel"];

  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(100, this); // last, when the others have added theirs
  }

  getGroups() {
    return (groups) => groups.filter((group) => group.id in PANEL || group.id.startsWith("ElementTemplates__")).map((group) => {
      const label = PANEL[group.id] ?? group.label;
      const entries = group.entries?.filter((entry) => !UNUSED.test(entry.id));
      return entries ? { ...group, label, entries } : { ...group, label };
    }).filter((group) => !group.entries || group.entries.length);
  }
}

class Menus {
  static $inject = ["popupMenu", "palette", "contextPad", "elementFactory", "create", "autoPlace", "translate"];

  constructor(popupMenu, palette, contextPad, elementFactory, create, autoPlace, translate) {
    Object.assign(this, { elementFactory, create, autoPlace, translate });
    palette.registerProvider(100, this);
    contextPad.registerProvider(100, this);
    popupMenu.registerProvider("bpmn-replace", 100, this);
  }

  getPaletteEntries() {
    const step = (event) => this.create.start(event, this.elementFactory.createShape({ type: "bpmn:UserTask" }));
    return (entries) => Object.fromEntries(PALETTE.filter((name) => name in entries).map((name) => {
      if (name !== "create.task") return [name, entries[name]];
      return [name, { ...entries[name], className: "bpmn-icon-user-task", title: "办理环节", action: { dragstart: step, click: step } }];
    }));
  }

  getContextPadEntries() {
    const make = (event, element) => this.create.start(event, this.elementFactory.createShape({ type: "bpmn:UserTask" }), { source: element });
    const place = (_, element) => this.autoPlace.append(element, this.elementFactory.createShape({ type: "bpmn:UserTask" }));
    return (entries) => {
      const { "append.append-task": task, "append.intermediate-event": _event, "append.receive-task": _receive, ...rest } = entries;
      if (!task) return rest;
      return { ...rest, "append.append-task": { ...task, className: "bpmn-icon-user-task", title: "后面加一个办理环节", action: { dragstart: make, click: place } } };
    };
  }

  getPopupMenuEntries() {
    return (entries) => Object.fromEntries(Object.entries(entries).filter(([name]) => KINDS.test(name)));
  }

  getPopupMenuHeaderEntries() {
    return (entries) => Object.fromEntries(Object.entries(entries).filter(([name]) => KINDS.test(name)));
  }
}

export default { __init__: ["ourPanel", "ourMenus"], ourPanel: ["type", Panel], ourMenus: ["type", Menus] };
