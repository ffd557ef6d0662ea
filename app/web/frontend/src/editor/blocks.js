// Between the blocks as the server has them and the document of the editor. A text that nobody
// touched comes back as it went in: what equals its default is left out, as the server leaves it.

import { schema } from "./schema.js";

const nodes = schema.nodes;
const words = (text) => (text ? [schema.text(text)] : []);

export function fromBlocks(blocks) {
  return nodes.doc.create(null, blocks.length ? blocks.map(nodeOf) : [nodes.paragraph.create()]);
}

export function toBlocks(doc) {
  const blocks = [];
  doc.forEach((node) => blocks.push(blockOf(node)));
  const blank = blocks.length === 1 && Object.keys(blocks[0]).length === 1 && blocks[0].type === "paragraph";
  return blank ? [] : blocks;
}

function nodeOf(block) {
  if (block.type === "paragraph") return nodes.paragraph.create({ level: block.level ?? null }, words(block.text));
  if (block.type === "title") return nodes.title.create(null, words(block.text));
  if (block.type === "image") return nodes.image.create(given(block, ["sha256", "width", "alt"]));
  if (block.type === "page_break") return nodes.page_break.create();
  const rows = block.rows.map((row) => nodes.table_row.create(null, row.map(cellOf)));
  return nodes.table.create(given(block, ["head", "widths"]), rows);
}

function cellOf(cell) {
  const attrs = { colspan: cell.across ?? 1, rowspan: cell.down ?? 1, align: cell.align ?? "left" };
  const lines = (cell.text ?? "").split("\n").map((line) => nodes.line.create(null, words(line)));
  return nodes.table_cell.create(attrs, lines);
}

function given(block, names) {
  return Object.fromEntries(names.filter((name) => name in block).map((name) => [name, block[name]]));
}

function blockOf(node) {
  const type = node.type.name;
  if (type === "table") return tableOf(node);
  if (type === "image") return without({ type, ...node.attrs }, { width: 156, alt: "" });
  if (type === "page_break") return { type };
  const { level = null } = node.attrs;
  return without({ type, text: node.textContent, level }, { text: "", level: null });
}

function tableOf(node) {
  const rows = [];
  node.forEach((row) => {
    const cells = [];
    row.forEach((cell) => cells.push(cellBlock(cell)));
    rows.push(cells);
  });
  const { head, widths } = node.attrs;
  const columns = rows[0].reduce((sum, cell) => sum + (cell.across ?? 1), 0);
  const fitting = widths.length === columns ? widths : []; // columns were added or taken out
  const table = { type: "table", rows, head: Math.min(head, rows.length) };
  return without(fitting.length ? { ...table, widths: fitting } : table, { head: 0 });
}

function cellBlock(cell) {
  const lines = [];
  cell.forEach((line) => lines.push(line.textContent));
  const { colspan: across, rowspan: down, align } = cell.attrs;
  return without({ text: lines.join("\n"), across, down, align }, { text: "", across: 1, down: 1, align: "left" });
}

function without(block, defaults) {
  return Object.fromEntries(Object.entries(block).filter(([name, value]) => !(name in defaults) || value !== defaults[name]));
}
