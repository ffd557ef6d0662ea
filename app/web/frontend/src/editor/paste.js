// What is pasted from Word, WPS or a page: only paragraphs and tables are kept, as plain words.
// The numbers that Word makes by itself become words, because the paper reads headings off them.

import { Fragment, Slice } from "prosemirror-model";

const OWN = /data-pm-slice/;
const BLOCKS = "p, div, li, h1, h2, h3, h4, h5, h6, pre, blockquote, section, article, dd, dt";
const BLANKS_BEFORE = /^[\s\u00a0\u3000]+/;
const BREAK_IN_CHINESE = /([\u2e80-\u9fff\uff00-\uffef])[\r\n]+ *(?=[\u2e80-\u9fff\uff00-\uffef])/g; // of the source, no blank
const WIDEST_SPAN = 40;

/** Clean HTML of what was pasted; `say` gets a sentence when pictures had to be left out. */
export function cleaned(html, say) {
  if (OWN.test(html)) return html; // cut or copied here
  // the policy of the page forbids styles even in what is only read: they are read as data
  const tags = html.replace(/<style[\s>][\s\S]*?<\/style\s*>/gi, "");
  const harmless = tags.replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/(\s)(style|on[a-z]+)(?=\s*=)/gi, "$1data-$2"));
  const source = new DOMParser().parseFromString(harmless, "text/html");
  if (source.querySelector("img, v\\:imagedata, picture, svg")) say("粘贴的图片没有带入，请用“图片”按钮上传。");
  for (const each of source.querySelectorAll("script, style, head, title, img, svg, picture, object, iframe, noscript")) each.remove();
  for (const each of source.querySelectorAll("del")) each.remove(); // struck out in Word's own traces
  writeNumbers(source);
  const clean = source.implementation.createHTMLDocument("");
  blocksOf(source.body, clean.body);
  return clean.body.innerHTML;
}

/** Word puts the number of a list in a span of its own; other programs leave it to the list. */
function writeNumbers(source) {
  for (const span of source.querySelectorAll("[data-style*='mso-list']")) {
    if (/mso-list\s*:\s*ignore/i.test(span.dataset.style)) span.replaceWith(span.textContent.replace(/[\s\u00a0]+/g, ""));
  }
  for (const list of source.querySelectorAll("ol")) {
    let number = list.start;
    for (const item of list.children) if (item.tagName === "LI") item.prepend(`${number++}.`);
  }
}

function blocksOf(from, to) {
  let line = "";
  const end = () => {
    const text = tidy(line);
    line = "";
    if (text) to.append(paragraph(to, text));
  };
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) line += node.data;
    else if (node.nodeType !== Node.ELEMENT_NODE) continue;
    else if (node.tagName === "BR") end();
    else if (node.tagName === "TABLE") end(), to.append(tableOf(node, to.ownerDocument));
    else if (node.matches(BLOCKS) || node.querySelector(`${BLOCKS}, table, br`)) end(), blocksOf(node, to);
    else line += node.textContent;
  }
  end();
}

function tidy(text) {
  return text.replace(BREAK_IN_CHINESE, "$1").replace(/[\t\r\n\f ]+/g, " ").replace(BLANKS_BEFORE, "").replace(/[ \u00a0]+$/, "").replaceAll("\u00a0", " ");
}

function paragraph(to, text) {
  const made = to.ownerDocument.createElement(to.tagName === "TD" ? "div" : "p");
  if (to.tagName === "TD") made.className = "line";
  made.textContent = text;
  return made;
}

function tableOf(table, clean) {
  const made = clean.createElement("table");
  const rows = [...table.rows].filter((row) => row.closest("table") === table);
  const head = rows.findIndex((row) => !row.closest("thead") && ![...row.cells].every((cell) => cell.tagName === "TH"));
  made.dataset.head = Math.max(0, Math.min(head, 10));
  for (const row of rows) {
    const own = made.insertRow();
    for (const cell of row.cells) own.append(cellOf(cell, clean));
  }
  return made;
}

function cellOf(cell, clean) {
  const made = clean.createElement("td");
  made.colSpan = Math.min(cell.colSpan, WIDEST_SPAN);
  made.rowSpan = cell.rowSpan || 1;
  const aligned = /text-align\s*:\s*(center|right)/i.exec([cell, ...cell.querySelectorAll("p")].map(alignment).join(";"));
  made.dataset.align = aligned ? aligned[1].toLowerCase() : "left";
  for (const inner of cell.querySelectorAll("table")) inner.replaceWith(inner.textContent);
  blocksOf(cell, made);
  if (!made.firstChild) made.append(paragraph(made, ""));
  return made;
}

const alignment = (part) => `text-align:${part.getAttribute("align") ?? ""};${part.dataset.style ?? ""}`;

/** Plain text: a paragraph to a line, without the blanks with which lines are indented. */
export function paragraphsOf(text, schema) {
  const lines = text.split(/\r\n?|\n/).map((line) => line.replace(BLANKS_BEFORE, ""));
  const nodes = lines.map((line) => {
    const title = /^# (.*)/.exec(line);
    const words = title ? title[1] : line;
    return schema.nodes[title ? "title" : "paragraph"].create(null, words ? [schema.text(words)] : []);
  });
  return new Slice(Fragment.from(nodes), nodes.length > 0 ? 1 : 0, nodes.length > 0 ? 1 : 0);
}

/** Lines of a cell become paragraphs outside of tables, and everything becomes lines inside one. */
export function fitted(slice, view) {
  const { schema } = view.state;
  const inCell = view.state.selection.$from.parent.type === schema.nodes.line;
  const { line, paragraph: text, title, table } = schema.nodes;
  if (slice.content.childCount === 1 && slice.content.firstChild.type.spec.tableRole) return slice; // cells of a table
  const fit = (node) => {
    if (!inCell) return node.type === line ? [text.create(null, node.content)] : [node];
    if (node.type === text || node.type === title) return [line.create(null, node.content)];
    if (node.type === table) return linesOf(node, line);
    return node.type === line || node.isText ? [node] : [];
  };
  const nodes = [];
  slice.content.forEach((node) => nodes.push(...fit(node)));
  return new Slice(Fragment.from(nodes), Math.min(slice.openStart, 1), Math.min(slice.openEnd, 1));
}

function linesOf(table, line) {
  const found = [];
  table.descendants((node) => (node.type === line ? (found.push(node), false) : true));
  return found;
}
