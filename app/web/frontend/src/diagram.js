// 流程图: shows the diagram of one case with the state of each step. The table under the diagram
// says the same in words and is the page where this script does not run.
//
//   <div class="diagram" data-diagram="/cases/7/diagram.json"></div>            or
//   <div class="diagram"><script type="application/json">{…}</script></div>
//
// {"xml": "<bpmn:definitions …", "steps": [{"step": "draft", "state": "done", "note": "张三 11-16", "passes": 2}]}
// state: done, present, overdue, returned

import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const FONT = 'system-ui, "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif';
const SIGNS = { done: "✓", present: "●", overdue: "■", returned: "↺" };
const WORDS = { done: "已办", present: "在办", overdue: "超时", returned: "已退回" };
const HEIGHTS = { min: 260, max: 720 }; // px

function element(tag, name, words) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = words;
  return made;
}

/** The badge above a step: sign and word always, then person and time, then how often it was passed. */
function badge({ state, note, passes }) {
  const parts = [state === "done" ? "" : WORDS[state], note, passes > 1 ? `${passes} 次` : ""];
  const made = element("span", `diagram-badge is-${state}`, `${SIGNS[state]} ${parts.filter(Boolean).join(" · ")}`.trim());
  made.title = `${WORDS[state]}${note ? `：${note}` : ""}`;
  return made;
}

function mark(viewer, steps) {
  const canvas = viewer.get("canvas");
  const overlays = viewer.get("overlays");
  const registry = viewer.get("elementRegistry");
  for (const each of steps) {
    if (!(each.state in SIGNS) || !registry.get(each.step)) continue;
    canvas.addMarker(each.step, `is-${each.state}`);
    overlays.add(each.step, { position: { top: -13, left: 6 }, html: badge(each), show: { minZoom: 0.4 } });
  }
}

/** As high as the drawing needs at full width, so that the page scrolls and not the diagram. */
function fit(viewer, frame) {
  const canvas = viewer.get("canvas");
  const { inner } = canvas.viewbox();
  const wanted = (inner.height / inner.width) * frame.clientWidth + 60;
  frame.style.height = `${Math.round(Math.min(HEIGHTS.max, Math.max(HEIGHTS.min, wanted)))}px`;
  canvas.resized();
  canvas.zoom("fit-viewport", "auto");
}

function buttons(viewer, frame) {
  const step = (factor) => () => viewer.get("canvas").zoom(viewer.get("canvas").zoom() * factor, "auto");
  const group = element("div", "diagram-zoom", "");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "缩放流程图");
  for (const [words, name, act] of [
    ["＋", "放大", step(1.25)],
    ["－", "缩小", step(0.8)],
    ["全图", "显示全图", () => fit(viewer, frame)],
  ]) {
    const button = element("button", "btn small", words);
    button.type = "button";
    button.setAttribute("aria-label", name);
    button.title = name;
    button.addEventListener("click", act);
    group.append(button);
  }
  frame.append(group);
}

async function content(frame) {
  const inline = frame.querySelector('script[type="application/json"]');
  if (inline) return JSON.parse(inline.textContent);
  const answer = await fetch(frame.dataset.diagram, { credentials: "same-origin", headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

async function show(frame) {
  let viewer;
  try {
    const { xml, steps = [] } = await content(frame);
    viewer = new NavigatedViewer({
      container: frame,
      zoomScroll: { enabled: false }, // the wheel scrolls the page
      textRenderer: { defaultStyle: { fontFamily: FONT }, externalStyle: { fontFamily: FONT } },
    });
    await viewer.importXML(xml);
    fit(viewer, frame);
    mark(viewer, steps);
    buttons(viewer, frame);
    frame.dataset.shown = "yes";
  } catch (error) {
    viewer?.destroy();
    console.error(error);
    frame.append(element("p", "hint", "流程图没有显示出来，请看下面的表。"));
  }
}

const all = () => document.querySelectorAll(".diagram:not([data-shown])").forEach((frame) => {
  frame.dataset.shown = "pending";
  show(frame);
});
document.addEventListener("htmx:after:swap", all);
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", all);
else all();
