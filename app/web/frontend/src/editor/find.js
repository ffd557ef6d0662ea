// 查找和替换. A hit lies within one paragraph or one line of a cell; replacing is undone like typing.

import { Plugin, PluginKey, TextSelection } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

const key = new PluginKey("find");

export const finding = new Plugin({
  key,
  state: {
    init: () => ({ words: "", hits: [] }),
    apply(transaction, old) {
      const words = transaction.getMeta(key) ?? old.words;
      if (words === old.words && !transaction.docChanged) return old;
      return { words, hits: hitsOf(transaction.doc, words) };
    },
  },
  props: {
    decorations(state) {
      const { hits } = key.getState(state);
      return DecorationSet.create(state.doc, hits.map(([from, to]) => Decoration.inline(from, to, { class: "hit" })));
    },
  },
});

function hitsOf(doc, words) {
  const hits = [];
  if (!words) return hits;
  doc.descendants((node, at) => {
    if (!node.isTextblock) return true;
    const text = node.textContent;
    for (let found = text.indexOf(words); found >= 0; found = text.indexOf(words, found + words.length)) {
      hits.push([at + 1 + found, at + 1 + found + words.length]);
    }
    return false;
  });
  return hits;
}

export function look(view, words) {
  view.dispatch(view.state.tr.setMeta(key, words));
  return key.getState(view.state).hits.length;
}

/** Select the next hit after the cursor, the first one after the last; its number, 0 without any. */
export function next(view) {
  const { hits } = key.getState(view.state);
  if (!hits.length) return 0;
  const ahead = hits.findIndex(([from]) => from >= view.state.selection.to);
  const place = Math.max(ahead, 0);
  const [from, to] = hits[place];
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, from, to)).scrollIntoView());
  return place + 1;
}

export function replace(view, by) {
  const { from, to } = view.state.selection;
  const { hits } = key.getState(view.state);
  if (hits.some((hit) => hit[0] === from && hit[1] === to)) view.dispatch(view.state.tr.insertText(by, from, to));
  return next(view);
}

/** How many were replaced; from the end, so that the places before them stay. */
export function replaceAll(view, by) {
  const { hits } = key.getState(view.state);
  const transaction = view.state.tr;
  for (const [from, to] of [...hits].reverse()) transaction.insertText(by, from, to);
  if (hits.length) view.dispatch(transaction);
  return hits.length;
}
