// The blocks of a text as a schema: what app/documents/text/blocks.py knows and nothing else, so
// that whatever is typed or pasted can be stored. There are no marks: words and structure only.

import { Schema } from "prosemirror-model";

const WIDEST = 156; // mm of the type area
const cellAttributes = (dom) => ({
  colspan: Number(dom.getAttribute("colspan") || 1),
  rowspan: Number(dom.getAttribute("rowspan") || 1),
  align: dom.dataset.align || "left",
});

/** Where the bytes of a picture are; the page says under which address. */
export const pictureAddress = (sha256) => `${document.querySelector("[data-editor]").dataset.pictures}/${sha256}`;

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    text: {},
    paragraph: {
      group: "block",
      content: "text*",
      attrs: { level: { default: null } },
      parseDOM: [{ tag: "p", getAttrs: (dom) => ({ level: dom.dataset.level ? Number(dom.dataset.level) : null }) }],
      toDOM: (node) => ["p", node.attrs.level === null ? {} : { "data-level": node.attrs.level }, 0],
    },
    title: {
      group: "block",
      content: "text*",
      defining: true,
      parseDOM: [{ tag: "h3" }],
      toDOM: () => ["h3", { class: "title" }, 0],
    },
    table: {
      group: "block",
      content: "table_row+",
      tableRole: "table",
      isolating: true,
      attrs: { head: { default: 0 }, widths: { default: [] } },
      parseDOM: [
        {
          tag: "table",
          getAttrs: (dom) => ({ head: Number(dom.dataset.head || 0), widths: JSON.parse(dom.dataset.widths || "[]") }),
        },
      ],
      toDOM: (node) => {
        const widths = node.attrs.widths.length ? { "data-widths": JSON.stringify(node.attrs.widths) } : {};
        return ["table", { class: "in-text", "data-head": node.attrs.head, ...widths }, ["tbody", 0]]; // what is copied; see TableView
      },
    },
    table_row: { content: "table_cell*", tableRole: "row", parseDOM: [{ tag: "tr" }], toDOM: () => ["tr", 0] },
    table_cell: {
      content: "line+",
      tableRole: "cell",
      isolating: true,
      attrs: { colspan: { default: 1 }, rowspan: { default: 1 }, colwidth: { default: null }, align: { default: "left" } },
      parseDOM: [{ tag: "td", getAttrs: cellAttributes }, { tag: "th", getAttrs: cellAttributes }],
      toDOM: ({ attrs }) => {
        const spans = {};
        if (attrs.colspan !== 1) spans.colspan = attrs.colspan;
        if (attrs.rowspan !== 1) spans.rowspan = attrs.rowspan;
        return ["td", { ...spans, class: attrs.align, "data-align": attrs.align }, 0];
      },
    },
    line: { content: "text*", parseDOM: [{ tag: "div.line" }], toDOM: () => ["div", { class: "line" }, 0] },
    image: {
      group: "block",
      atom: true,
      attrs: { sha256: {}, width: { default: WIDEST }, alt: { default: "" } },
      parseDOM: [
        {
          tag: "img[data-sha256]",
          getAttrs: (dom) => ({ sha256: dom.dataset.sha256, width: Number(dom.dataset.width) || WIDEST, alt: dom.alt }),
        },
      ],
      toDOM: ({ attrs: { sha256, width, alt } }) => [
        "img",
        { src: pictureAddress(sha256), alt, "data-sha256": sha256, "data-width": width, width: `${(width / WIDEST) * 100}%` },
      ],
    },
    page_break: {
      group: "block",
      atom: true,
      parseDOM: [{ tag: "div.page-break" }],
      toDOM: () => ["div", { class: "page-break", role: "separator", "aria-label": "分页，以下另起一页" }],
    },
  },
});
