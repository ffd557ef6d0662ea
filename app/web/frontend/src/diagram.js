// 流程图: shows the diagram of one case with the state of each step. The table under the diagram
// says the same in words and is the page where this script does not run.
//
//   <div class="diagram" data-diagram="/api/v1/cases/7/diagram"></div>            or
//   <div class="diagram"><script type="application/json">{…}</script></div>
//
// The answer of getDiagram: {"xml": …, "called": {"countersign": xml}, "steps": [{"step": "draft",
// "state": "done" | "present" | "overdue" | "skipped" | "returned" | "suspended" | "waiting", "passes": 1, "people": ["张三"], "at": ISO time}]}
// A called process is shown under the main one as soon as one of its steps has been reached. The event
// "diagram:steps" at the frame, with steps as its detail, marks the same drawing anew; "diagram:draw", with
// an answer like the above, puts another drawing in its place. data-min-zoom around it lets the words at the steps stay when the drawing is smaller than 0.4.
// For the heat of many cases: "heat": [{"step": "draft", "heat": 0 to 5, "text": "12 次 · 中位 3 小时"}] in place of "steps".

import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const FONT = 'system-ui, "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", sans-serif';
const SIGNS = {
  done: "✓", present: "●", overdue: "■", skipped: "»", returned: "↺", suspended: "‖", waiting: "◷",
  added: "增", changed: "改", moved: "移", removed: "删",
};
const WORDS = {
  done: "已办", present: "在办", overdue: "超时", skipped: "按规则跳过", returned: "已退回", suspended: "暂停", waiting: "等候定时器",
  added: "新增", changed: "有改动", moved: "位置移动", removed: "删去",
};
const HEIGHTS = { min: 260, max: 720 }; // px, as are the two below
const SIDE = 14;
const FOOT = 56;

function element(tag, name, words) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = words;
  return made;
}

const clock = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

/** 11-16 14:38, in the time of the office whatever the machine's own zone. */
function moment(at) {
  const part = Object.fromEntries(clock.formatToParts(new Date(at)).map((each) => [each.type, each.value]));
  return `${part.month}-${part.day} ${part.hour}:${part.minute}`;
}

/** What stands above a step: sign and word, who, when, how often. Its title says all of it. */
function badge({ state, passes = 1, people = [], at }) {
  const who = people.length > 2 ? `${people.slice(0, 2).join("、")}等 ${people.length} 人` : people.join("、");
  const often = passes > 1 ? `${passes} 次` : "";
  const short = [state === "done" ? who : WORDS[state], state === "done" ? "" : who, often];
  const made = element("span", `diagram-badge is-${state}`, `${SIGNS[state]} ${short.filter(Boolean).join(" · ")}`.trim());
  made.title = [WORDS[state], people.join("、"), at && moment(at), often].filter(Boolean).join(" · ");
  return made;
}

function mark(viewer, steps) {
  const canvas = viewer.get("canvas");
  const overlays = viewer.get("overlays");
  const registry = viewer.get("elementRegistry");
  const minZoom = Number(canvas.getContainer().closest("[data-min-zoom]")?.dataset.minZoom ?? 0.4);
  overlays.clear();
  for (const each of registry.getAll()) for (const state of Object.keys(SIGNS)) canvas.removeMarker(each.id, `is-${state}`);
  for (const each of steps) {
    if (!(each.state in SIGNS) || !registry.get(each.step)) continue;
    canvas.addMarker(each.step, `is-${each.state}`);
    if (registry.get(each.step).waypoints) continue; // a flow is coloured, its words stand beside the drawing
    overlays.add(each.step, { position: { top: -13, left: 6 }, html: badge(each), show: { minZoom } });
  }
}

/** Frequency and time of many cases at a step: the deeper the colour, the more of all time. */
function warm(viewer, steps) {
  for (const { step, heat, text } of steps) {
    if (!viewer.get("elementRegistry").get(step)) continue;
    if (heat) viewer.get("canvas").addMarker(step, `heat-${heat}`);
    const made = element("span", "diagram-badge is-heat", text);
    viewer.get("overlays").add(step, { position: { top: -13, left: 2 }, html: made, show: { minZoom: 0.4 } });
  }
}

/** As high as the drawing needs at full width, with room at the foot for the buttons and the mark. */
function fit(viewer, frame) {
  const canvas = viewer.get("canvas");
  const { inner } = canvas.viewbox();
  const width = frame.clientWidth;
  const wanted = (inner.height / inner.width) * (width - 2 * SIDE) + SIDE + FOOT;
  const height = Math.round(Math.min(HEIGHTS.max, Math.max(HEIGHTS.min, wanted)));
  frame.style.height = `${height}px`;
  canvas.resized();
  const scale = Math.min(1, (width - 2 * SIDE) / inner.width, (height - SIDE - FOOT) / inner.height);
  canvas.viewbox({
    x: inner.x - (width / scale - inner.width) / 2,
    y: inner.y - SIDE / scale,
    width: width / scale,
    height: height / scale,
  });
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

async function draw(frame, xml) {
  const viewer = new NavigatedViewer({
    container: frame,
    zoomScroll: { enabled: false }, // the wheel scrolls the page
    textRenderer: { defaultStyle: { fontFamily: FONT }, externalStyle: { fontFamily: FONT } },
  });
  await viewer.importXML(xml);
  fit(viewer, frame);
  buttons(viewer, frame);
  frame.dataset.shown = "yes";
  return viewer;
}

/** Draw a called process below `frame` if the case has been in it; give the state of the call. */
async function called(frame, process, xml, steps, paint) {
  if (!steps.some((each) => xml.includes(`id="${each.step}"`))) return null;
  const below = element("div", "diagram", "");
  below.dataset.shown = "pending";
  frame.after(below);
  const viewer = await draw(below, xml);
  const inside = steps.filter((each) => viewer.get("elementRegistry").get(each.step));
  if (!inside.length) {
    viewer.destroy();
    below.remove();
    return null;
  }
  paint(viewer, inside);
  const state = ["overdue", "present", "returned"].find((each) => inside.some((step) => step.state === each)) ?? "done";
  return { process, state };
}

/** Mark a drawing and the called ones below it, those of before taken away. */
async function markAll(frame, viewer, others, steps) {
  while (frame.nextElementSibling?.classList.contains("diagram")) frame.nextElementSibling.remove();
  const calls = [];
  for (const [process, text] of Object.entries(others)) {
    const found = await called(frame, process, text, steps, mark);
    const drawn = viewer.get("elementRegistry").filter((each) => each.businessObject.calledElement === process);
    if (found) calls.push(...drawn.map((each) => ({ step: each.id, state: found.state })));
  }
  mark(viewer, [...steps, ...calls]);
}

/** Draw and mark, and go on doing so as events ask for it, one after the other. */
async function follow(frame, first) {
  let viewer;
  let others;
  const another = async ({ xml, called: inside = {}, steps = [] }) => {
    viewer?.destroy();
    frame.querySelector(".diagram-zoom")?.remove();
    viewer = await draw(frame, xml);
    others = inside;
    await markAll(frame, viewer, others, steps);
  };
  const drawing = another(first);
  let last = drawing;
  const then = (act) => { last = last.then(act).catch(console.error); };
  frame.addEventListener("diagram:steps", ({ detail }) => then(() => markAll(frame, viewer, others, detail)));
  frame.addEventListener("diagram:draw", ({ detail }) => then(() => another(detail)));
  await drawing;
}

async function show(frame) {
  try {
    const found = await content(frame);
    if (!found.heat) return await follow(frame, found);
    const viewer = await draw(frame, found.xml);
    warm(viewer, found.heat);
    for (const [process, text] of Object.entries(found.called ?? {})) await called(frame, process, text, found.heat, warm);
  } catch (error) {
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
