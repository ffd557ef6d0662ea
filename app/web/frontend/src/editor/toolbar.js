// The bar over the text: its words and controls stand in macros/editor.html, here is what they do.

import { redo, redoDepth, undo, undoDepth } from "prosemirror-history";
import * as tables from "prosemirror-tables";

import { WHOLE, setWidth, widthAt } from "./columns.js";
import * as commands from "./commands.js";
import * as find from "./find.js";
import { heading } from "./headings.js";
import { showGallery, upload, use } from "./pictures.js";

const LEVELS = ["正文", "一级", "二级", "三级", "四级"];

const ACTIONS = {
  undo,
  redo,
  "page-break": commands.insertPageBreak,
  "row-before": tables.addRowBefore,
  "row-after": tables.addRowAfter,
  "row-out": tables.deleteRow,
  "column-before": tables.addColumnBefore,
  "column-after": tables.addColumnAfter,
  "column-out": tables.deleteColumn,
  merge: tables.mergeCells,
  split: tables.splitCell,
  head: commands.toggleHead,
  "table-out": tables.deleteTable,
  left: commands.align("left"),
  center: commands.align("center"),
  right: commands.align("right"),
};

export function toolbar(root, view, say) {
  const part = (selector) => root.querySelector(selector);
  const [level, file] = [part("[data-level-choice]"), part("[data-file]")];
  const panels = Object.fromEntries([...root.querySelectorAll("[data-panel]")].map((each) => [each.dataset.panel, each]));
  const run = (command) => {
    command(view.state, view.dispatch, view);
    view.focus();
  };

  function show(name, open = panels[name].hidden) {
    panels[name].hidden = !open;
    part(`[data-open="${name}"]`)?.setAttribute("aria-expanded", String(open));
    if (open) panels[name].querySelector("input")?.focus();
    else view.focus();
    if (name === "find" && !open) find.look(view, "");
    if (name === "gallery" && open) showGallery(panels.gallery, root);
  }

  root.addEventListener("mousedown", (event) => {
    if (event.target.closest("button")) event.preventDefault(); // what is marked in the text stays marked
  });
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.action in ACTIONS) run(ACTIONS[button.dataset.action]);
    else if (button.dataset.open) show(button.dataset.open);
    else if (button.dataset.use) put(use(button.dataset.use, root.closest("form"), root.dataset.pictures));
    else PRESSED[button.dataset.action]?.();
  });
  level.addEventListener("change", () => run(commands.setLevel(level.value)));

  const rows = part("[data-rows-wanted]");
  const columns = part("[data-columns-wanted]");
  const wanted = (field, most) => Math.max(1, Math.min(most, Math.round(Number(field.value)) || 1));
  const [words, by] = [part("[data-find]"), part("[data-replace]")];
  const told = (place) => {
    const count = find.look(view, words.value);
    say(words.value ? (count ? `共 ${count} 处${place ? `，现为第 ${place} 处` : ""}。` : "没有找到。") : "请先填写要查找的文字。");
  };
  const PRESSED = {
    table: () => {
      show("table-new", false);
      run(commands.insertTable(wanted(rows, 100), wanted(columns, 20)));
    },
    picture: () => file.click(),
    "picture-out": () => run((state, dispatch) => (dispatch(state.tr.deleteSelection()), true)),
    next: () => (find.look(view, words.value), told(find.next(view))),
    replace: () => (find.look(view, words.value), told(find.replace(view, by.value))),
    "replace-all": () => {
      find.look(view, words.value);
      say(`已替换 ${find.replaceAll(view, by.value)} 处。`);
    },
  };
  for (const field of root.querySelectorAll("input")) {
    field.addEventListener("keydown", (event) => enter(event, field));
    for (const each of ["input", "change"]) field.addEventListener(each, (event) => event.stopPropagation()); // no part of the form
  }
  function enter(event, field) {
    if (event.key === "Escape") show(field.closest("[data-panel]").dataset.panel, false);
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault(); // or the form would be sent
    field.closest("[data-panel]").querySelector("button[data-default]")?.click();
  }

  const column = part("[data-column-width]");
  column.addEventListener("change", () => run(setWidth(Number(column.value) || WHOLE / 10)));

  const [width, alt] = [part("[data-picture-width]"), part("[data-picture-alt]")];
  const limited = (value) => Math.max(5, Math.min(156, Number(value) || 156));
  width.addEventListener("change", () => commands.changePicture({ width: limited(width.value) })(view.state, view.dispatch));
  alt.addEventListener("change", () => commands.changePicture({ alt: alt.value })(view.state, view.dispatch));

  file.addEventListener("change", async () => {
    const chosen = [...file.files];
    file.value = "";
    for (const each of chosen) await take(each);
  });
  async function take(each) {
    say(`正在上传“${each.name}”…`);
    await put(upload(each, root.closest("form"), root.dataset.pictures));
  }
  async function put(coming) {
    try {
      run(commands.insertPicture(await coming));
      show("gallery", false);
      say("图片已插入。说明印在图下，不需要的不填。");
    } catch (error) {
      say(error.message, true);
    }
  }

  moveByArrows(part("[role=toolbar]"), view);

  /** What the bar shows follows the cursor. */
  return {
    take,
    update(state) {
      const now = commands.levelAt(state);
      level.disabled = now === null;
      if (now !== null) level.value = now;
      level.options[0].textContent = now === "auto" ? automatic(state) : "自动";
      root.querySelector("[data-action=undo]").setAttribute("aria-disabled", String(!undoDepth(state)));
      root.querySelector("[data-action=redo]").setAttribute("aria-disabled", String(!redoDepth(state)));
      panels.table.hidden = !tables.isInTable(state);
      if (document.activeElement !== column) column.value = widthAt(state) ?? "";
      const picture = commands.pictureAt(state);
      panels.picture.hidden = !picture;
      if (picture && document.activeElement !== width) width.value = picture.attrs.width;
      if (picture && document.activeElement !== alt) alt.value = picture.attrs.alt;
    },
  };
}

function automatic(state) {
  const { level, part } = heading(state.selection.$from.node(1).textContent);
  return part === "text" && level ? `自动：${LEVELS[level]}` : "自动";
}

/** One stop for Tab; the arrows go from control to control (ARIA: toolbar). */
function moveByArrows(bar, view) {
  const controls = () => [...bar.querySelectorAll("button, select")];
  const stop = (at) => controls().forEach((each) => (each.tabIndex = each === at ? 0 : -1));
  stop(controls()[0]);
  bar.addEventListener("focusin", (event) => stop(event.target));
  bar.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return view.focus();
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = controls();
    all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
  });
}
