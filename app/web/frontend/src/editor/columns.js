// The widths of columns: the line between two of them is dragged, or the width typed in the bar. A
// table fills the type area, so what one column gains the others lose.

import { closeHistory } from "prosemirror-history";
import { Plugin } from "prosemirror-state";
import { isInTable, selectedRect } from "prosemirror-tables";

export const WHOLE = 1560; // tenths of a mm of the type area
const LEAST = 80; // tenths of a mm of a column
const NEAR = 5; // px from the line

/** Tenths of a mm of each column; equal where none are set, or columns were added since. */
export function widthsOf(table) {
  let columns = 0;
  table.firstChild.forEach((cell) => (columns += cell.attrs.colspan));
  const parts = table.attrs.widths.length === columns ? table.attrs.widths : Array(columns).fill(1);
  return scaled(parts, WHOLE);
}

/** Whole numbers in the proportions of `parts` that come to `whole`. */
export function scaled(parts, whole) {
  const sum = parts.reduce((a, b) => a + b);
  let [upTo, given] = [0, 0];
  return parts.map((part) => {
    upTo += part;
    const own = Math.round((upTo * whole) / sum) - given;
    given += own;
    return own;
  });
}

/** The widths with the line after column `index` moved by so many tenths of a mm. */
export function moved(widths, index, by) {
  const [left, right] = [widths[index], widths[index + 1]];
  const least = Math.min(LEAST, left, right);
  const step = Math.max(least - left, Math.min(right - least, Math.round(by)));
  return widths.map((width, i) => (i === index ? left + step : i === index + 1 ? right - step : width));
}

/** The widths with `wanted` for one column and the others in the proportions that they have. */
export function withWidth(widths, index, wanted) {
  if (widths.length === 1) return widths;
  const own = Math.max(LEAST, Math.min(WHOLE - LEAST * (widths.length - 1), Math.round(wanted)));
  const others = scaled(widths.filter((_, i) => i !== index), WHOLE - own);
  return widths.map((_, i) => (i === index ? own : others[i < index ? i : i - 1]));
}

/** Of the column with the cursor, in mm; null outside of tables. */
export function widthAt(state) {
  if (!isInTable(state)) return null;
  const { table, left } = selectedRect(state);
  return widthsOf(table)[left] / 10;
}

export const setWidth = (mm) => (state, dispatch) => {
  if (!isInTable(state)) return false;
  const { table, tableStart, left } = selectedRect(state);
  const widths = withWidth(widthsOf(table), left, mm * 10);
  dispatch?.(closeHistory(state.tr).setNodeAttribute(tableStart - 1, "widths", widths));
  return true;
};

/** A table whose columns follow when one is added or taken out, which changes no more than its cells. */
class TableView {
  constructor(node) {
    this.dom = document.createElement("table");
    this.dom.className = "in-text";
    this.columns = this.dom.appendChild(document.createElement("colgroup"));
    this.contentDOM = this.dom.appendChild(document.createElement("tbody"));
    this.show(node);
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    if (node.attrs !== this.node.attrs || node.firstChild !== this.node.firstChild) this.show(node);
    this.node = node;
    return true;
  }

  show(node) {
    this.node = node;
    this.dom.dataset.head = node.attrs.head;
    this.columns.replaceChildren(...widthsOf(node).map(column));
  }

  ignoreMutation({ target }) {
    return target === this.dom || this.columns.contains(target);
  }
}

function column(width) {
  const made = document.createElement("col");
  made.width = `${(width / WHOLE) * 100}%`;
  return made;
}

export const columnWidths = new Plugin({
  props: {
    nodeViews: { table: (node) => new TableView(node) },
    handleDOMEvents: {
      mousemove(view, event) {
        if (!event.buttons) view.dom.classList.toggle("between-columns", Boolean(lineAt(view, event)));
        return false;
      },
      mouseleave(view) {
        view.dom.classList.remove("between-columns");
        return false;
      },
      mousedown(view, event) {
        const line = event.button === 0 && view.editable && lineAt(view, event);
        if (line) drag(view, event, line);
        return Boolean(line);
      },
    },
  },
});

/** The line between two columns under the pointer: after which column, and of which table. */
function lineAt(view, event) {
  const cell = event.target.closest?.("td");
  const frame = cell?.closest("table")?.getBoundingClientRect();
  if (!frame) return null;
  const { left, right } = cell.getBoundingClientRect();
  const edge = [left, right].find((each) => Math.abs(each - event.clientX) <= NEAR);
  if (edge === undefined) return null;
  const $cell = view.state.doc.resolve(view.posAtDOM(cell, 0));
  let depth = $cell.depth;
  while (depth && $cell.node(depth).type.name !== "table") depth -= 1;
  if (!depth) return null;
  const widths = widthsOf($cell.node(depth));
  const scale = frame.width / WHOLE; // px for a tenth of a mm
  let at = frame.left;
  for (let index = 0; index < widths.length - 1; index += 1) {
    at += widths[index] * scale;
    if (Math.abs(at - edge) <= NEAR) return { index, widths, scale, frame, pos: $cell.before(depth) };
  }
  return null;
}

/** A line is shown until the button is let go; then the table changes, in one step to be undone. */
function drag(view, event, { index, widths, scale, frame, pos }) {
  event.preventDefault();
  const guide = document.createElement("div");
  guide.className = "column-guide";
  document.body.append(guide);
  const at = ({ clientX }) => moved(widths, index, (clientX - event.clientX) / scale);
  const show = (pointer) => {
    const upTo = at(pointer).slice(0, index + 1).reduce((a, b) => a + b);
    Object.assign(guide.style, { left: `${frame.left + upTo * scale}px`, top: `${frame.top}px`, height: `${frame.height}px` });
  };
  const end = (pointer) => {
    for (const [name, each] of Object.entries(listeners)) window.removeEventListener(name, each, true);
    guide.remove();
    if (pointer && view.state.doc.nodeAt(pos)?.type.name === "table") {
      view.dispatch(closeHistory(view.state.tr).setNodeAttribute(pos, "widths", at(pointer)));
    }
  };
  const listeners = {
    mousemove: (pointer) => (pointer.buttons ? show(pointer) : end(null)),
    mouseup: (pointer) => (pointer.preventDefault(), end(pointer)),
    keydown: (key) => key.key === "Escape" && end(null),
  };
  for (const [name, each] of Object.entries(listeners)) window.addEventListener(name, each, true);
  show(event);
}
