// 黑体 and 楷体 while somebody types, the heads of tables, and what is found: decorations only, the
// text itself holds none of it.

import { Plugin } from "prosemirror-state";
import { Decoration, DecorationSet } from "prosemirror-view";

import { firstSentence, heading, isArticle } from "./headings.js";

export const faces = new Plugin({
  state: {
    init: (_, { doc }) => drawn(doc),
    apply: (transaction, old) => (transaction.docChanged ? drawn(transaction.doc) : old),
  },
  props: {
    decorations(state) {
      return this.getState(state);
    },
  },
});

function drawn(doc) {
  const found = [];
  const articles = [false]; // of the covering text and of each appended one
  doc.forEach((node) => {
    if (node.type.name === "title") articles.push(false);
    if (node.type.name === "paragraph" && isArticle(node.textContent)) articles[articles.length - 1] = true;
  });
  doc.forEach((node, at) => {
    if (node.type.name === "title") articles.shift();
    if (node.type.name === "paragraph") found.push(...ofParagraph(node, at, articles[0]));
    if (node.type.name === "table") found.push(...ofTable(node, at));
  });
  return DecorationSet.create(doc, found);
}

function ofParagraph(node, at, ofArticles) {
  const text = node.textContent;
  const blank = text.length - text.trimStart().length;
  const { level } = node.attrs;
  if (level !== null) {
    const stands = blank + firstSentence(text.trim());
    return level && text ? [Decoration.inline(at + 1, at + 1 + stands, { class: `level${level}` })] : [];
  }
  const { part, level: own, head } = heading(text, ofArticles);
  if (part === "chapter") return [Decoration.node(at, at + node.nodeSize, { class: "title" })];
  if (!head) return [];
  const length = [...text.slice(blank)].slice(0, head).join("").length;
  const name = part === "article" ? "level1" : `level${own}`;
  return [Decoration.inline(at + 1 + blank, at + 1 + blank + length, { class: name })];
}

function ofTable(table, at) {
  const found = [];
  table.forEach((row, offset, index) => {
    if (index < table.attrs.head) found.push(Decoration.node(at + 1 + offset, at + 1 + offset + row.nodeSize, { class: "head" }));
  });
  return found;
}
