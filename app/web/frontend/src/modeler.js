// 流程设计: bpmn-js with the panel, our element templates and Chinese words; loaded on its page only.
//
//   <div class="modeler" data-modeler data-address="/api/v1/process/drafts/7" data-file="outgoing.bpmn" data-token="…">
//     <div data-canvas></div> <div data-panel></div> <div data-dock hidden></div>
//     <script type="application/json" data-templates>[…]</script>
//   </div>
//
// The page works without it: its links lead to the table view, the check and the difference.

import { CamundaPlatformPropertiesProviderModule as CamundaPanel, BpmnPropertiesPanelModule as Panel, BpmnPropertiesProviderModule as BpmnPanel } from "bpmn-js-properties-panel";
import { ElementTemplatesPropertiesProviderModule as Templates } from "bpmn-js-element-templates";
import Modeler from "bpmn-js/lib/Modeler";
import Simulation from "bpmn-js-token-simulation";
import Behaviors from "camunda-bpmn-js-behaviors/lib/camunda-platform";
import camunda from "camunda-bpmn-moddle/resources/camunda.json";

import { chinese } from "./modeler/chinese.js";
import { dock } from "./modeler/dock.js";
import { lost } from "./modeler/keeping.js";
import ours from "./modeler/ours.js";
import { read, saving } from "./modeler/saving.js";
import { PAGE_WORDS } from "./modeler/zh.js";
import { reword } from "./reword.js";

const FONT = 'system-ui, "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif';
const SIDE = 24; // px

function modeler(frame) {
  return new Modeler({
    container: frame.querySelector("[data-canvas]"),
    propertiesPanel: { parent: frame.querySelector("[data-panel]") },
    additionalModules: [chinese, Panel, BpmnPanel, CamundaPanel, Templates, Behaviors, Simulation, ours],
    moddleExtensions: { camunda },
    elementTemplates: JSON.parse(frame.querySelector("[data-templates]").textContent),
    textRenderer: { defaultStyle: { fontFamily: FONT }, externalStyle: { fontFamily: FONT } },
  });
}

/** All of the drawing, beside the palette; never larger than drawn. */
function fit(canvas) {
  canvas.zoom("fit-viewport");
  const { inner, outer } = canvas.viewbox();
  const palette = canvas.getContainer().querySelector(".djs-palette");
  const left = palette.offsetLeft + palette.offsetWidth + SIDE;
  const scale = Math.min(1, (outer.width - left - SIDE) / inner.width, (outer.height - 2 * SIDE) / inner.height);
  canvas.viewbox({ x: inner.x - left / scale, y: inner.y - SIDE / scale, width: outer.width / scale, height: outer.height / scale });
}

async function open(frame) {
  const status = document.querySelector("[data-status]");
  const say = (words) => (status.textContent = words);
  try {
    const draft = await read(frame);
    frame.dataset.shown = "pending"; // the library measures its place
    const made = modeler(frame);
    reword(frame, PAGE_WORDS);
    const file = draft.files[frame.dataset.file];
    await made.importXML(file);
    const gone = lost(file, (await made.saveXML({ format: true })).xml);
    if (gone.length) {
      frame.dataset.closed = "";
      say(`这张流程图在画布上不能完整保存，会丢失：${[...new Set(gone)].slice(0, 5).join("、")}。请用表格视图修改，或者用原来的工具修改后重新上传。`);
    }
    fit(made.get("canvas"));
    dock(made, frame, draft, saving(made, frame, draft, say));
    frame.dataset.shown = "yes";
    Object.assign(frame, { modeler: made, lost }); // for the tests of the page
  } catch (error) {
    console.error(error);
    delete frame.dataset.shown;
    say("画布没有打开这张流程图，请用表格视图，或者下载文件后检查。");
  }
}

document.querySelectorAll("[data-modeler]").forEach(open);
