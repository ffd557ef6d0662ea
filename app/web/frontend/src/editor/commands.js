// What the buttons and keys do besides typing. Each is a ProseMirror command: (state, dispatch).

import { closeHistory } from "prosemirror-history";
import { NodeSelection, Selection, TextSelection } from "prosemirror-state";
import { CellSelection, isInTable, selectedRect } from "prosemirror-tables";

import { schema } from "./schema.js";

const { paragraph, title, table, table_row, table_cell, line, image, page_break } = schema.nodes;
const MOST_HEAD = 10;

/** Level of a heading: "auto" by its numbering, "0" to "4" set by hand, "title" of an appended text. */
export const setLevel = (value) => (state, dispatch) => {
  const { from, to } = state.selection;
  const type = value === "title" ? title : paragraph;
  const attrs = value === "title" ? null : { level: value === "auto" ? null : Number(value) };
  const transaction = closeHistory(state.tr); // undone by itself, not with the words before it
  state.doc.nodesBetween(from, to, (node, at) => {
    if (node.type === paragraph || node.type === title) transaction.setNodeMarkup(at, type, attrs);
    return node.type === state.doc.type;
  });
  if (dispatch && transaction.docChanged) dispatch(transaction.scrollIntoView());
  return transaction.docChanged;
};

/** What `setLevel` would be given for the paragraph with the cursor; null elsewhere. */
export function levelAt(state) {
  const node = state.selection.$from.node(1);
  if (node?.type === title) return "title";
  if (node?.type !== paragraph) return null;
  return node.attrs.level === null ? "auto" : String(node.attrs.level);
}

/** Enter: what follows a heading set by hand goes by its own numbering again. */
export const splitParagraph = (state, dispatch) => {
  const { $from, $to } = state.selection;
  if (!$from.sameParent($to) || ![paragraph, title].includes($from.parent.type)) return false;
  if ($from.parentOffset < $from.parent.content.size || !$from.parent.content.size) return plainAgain(state, dispatch);
  if (dispatch) {
    const transaction = state.tr.deleteSelection();
    transaction.split(transaction.selection.from, 1, [{ type: paragraph, attrs: { level: null } }]);
    dispatch(transaction.scrollIntoView());
  }
  return true;
};

/** Enter on an empty paragraph of a set level takes the level off. */
function plainAgain(state, dispatch) {
  const { $from } = state.selection;
  const bare = $from.parent.type === paragraph && $from.parent.attrs.level === null;
  if ($from.parent.content.size || bare) return false;
  if (dispatch) dispatch(state.tr.setNodeMarkup($from.before(), paragraph, { level: null }));
  return true;
}

export const insertTable = (rows, columns) => (state, dispatch) => {
  const cells = () => Array.from({ length: columns }, () => table_cell.create(null, line.create()));
  const made = table.create({ head: 1 }, Array.from({ length: rows }, () => table_row.create(null, cells())));
  return insert(made, (doc, start) => TextSelection.near(doc.resolve(start + 4)))(state, dispatch);
};

export const insertPicture = (attrs) => insert(image.create(attrs), (doc, start) => NodeSelection.create(doc, start));
export const insertPageBreak = insert(page_break.create());

/** A block in place of an empty paragraph or after the block with the cursor, and a paragraph to go on. */
function insert(block, select = (doc, start) => Selection.near(doc.resolve(start + block.nodeSize))) {
  return (state, dispatch) => {
    const { $from } = state.selection;
    if (!dispatch) return true;
    const own = $from.depth ? $from.node(1) : null;
    const empty = own?.type === paragraph && !own.content.size;
    const after = $from.depth ? $from.after(1) : state.selection.to;
    const start = empty ? $from.before(1) : after;
    const last = after >= state.doc.content.size;
    const transaction = closeHistory(state.tr).replaceWith(start, after, last ? [block, paragraph.create()] : block);
    transaction.setSelection(select(transaction.doc, start));
    dispatch(transaction.scrollIntoView());
    return true;
  };
}

/** The rows down to the cursor are repeated on every page; once more, and there are none. */
export const toggleHead = (state, dispatch) => {
  if (!isInTable(state)) return false;
  const rect = selectedRect(state);
  const wanted = Math.min(rect.bottom, MOST_HEAD);
  const head = rect.table.attrs.head === wanted ? 0 : wanted;
  if (dispatch) dispatch(state.tr.setNodeMarkup(rect.tableStart - 1, null, { ...rect.table.attrs, head }));
  return true;
};

export const align = (value) => (state, dispatch) => {
  if (!isInTable(state)) return false;
  const transaction = state.tr;
  const set = (cell, at) => transaction.setNodeMarkup(at, null, { ...cell.attrs, align: value });
  if (state.selection instanceof CellSelection) state.selection.forEachCell(set);
  else {
    const { $from } = state.selection;
    for (let depth = $from.depth; depth > 0; depth--) if ($from.node(depth).type === table_cell) set($from.node(depth), $from.before(depth));
  }
  if (dispatch) dispatch(transaction);
  return true;
};

export const pictureAt = (state) =>
  state.selection instanceof NodeSelection && state.selection.node.type === image ? state.selection.node : null;

export const changePicture = (attrs) => (state, dispatch) => {
  const node = pictureAt(state);
  if (!node) return false;
  const at = state.selection.from;
  const transaction = state.tr.setNodeMarkup(at, null, { ...node.attrs, ...attrs });
  if (dispatch) dispatch(transaction.setSelection(NodeSelection.create(transaction.doc, at)));
  return true;
};
