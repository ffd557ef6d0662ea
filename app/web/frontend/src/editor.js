// 正文 as an editor, in place of the plain field that pages without script have. The form posts the
// blocks as JSON beside its other fields; the server checks them and says what is wrong.

import { baseKeymap } from "prosemirror-commands";
import { gapCursor } from "prosemirror-gapcursor";
import { history, redo, undo } from "prosemirror-history";
import { keymap } from "prosemirror-keymap";
import { EditorState } from "prosemirror-state";
import { goToNextCell, tableEditing } from "prosemirror-tables";
import { EditorView } from "prosemirror-view";

import { fromBlocks, toBlocks } from "./editor/blocks.js";
import { columnWidths } from "./editor/columns.js";
import { splitParagraph } from "./editor/commands.js";
import { faces } from "./editor/faces.js";
import { finding } from "./editor/find.js";
import { cleaned, fitted, paragraphsOf } from "./editor/paste.js";
import { schema } from "./editor/schema.js";
import { toolbar } from "./editor/toolbar.js";

const PAUSE = 1_500; // ms after the last key until the likeness beside is asked for

const plugins = (root) => [
  keymap({
    Enter: splitParagraph,
    "Mod-z": undo,
    "Mod-y": redo,
    "Shift-Mod-z": redo,
    Tab: goToNextCell(1),
    "Shift-Tab": goToNextCell(-1),
    "Mod-f": () => (root.querySelector("[data-open=find]").click(), true),
    "Alt-F10": () => (root.querySelector("[role=toolbar] [tabindex='0']").focus(), true),
  }),
  keymap(baseKeymap),
  history(),
  gapCursor(),
  faces,
  finding,
  columnWidths,
  tableEditing(),
];

function open(root) {
  const field = root.querySelector("textarea");
  const form = root.closest("form");
  const status = root.querySelector("[data-editor-status]");
  const say = (words, bad = false) => {
    status.textContent = words;
    status.className = bad ? "error" : "hint";
  };

  let timer = 0;
  let tools = null;
  let settled = true; // the likeness shows what is written
  const view = new EditorView(root.querySelector("[data-editor-place]"), {
    state: EditorState.create({ doc: fromBlocks(JSON.parse(root.dataset.blocks)), plugins: plugins(root) }),
    attributes: described(field, root),
    dispatchTransaction(transaction) {
      view.updateState(view.state.apply(transaction));
      tools?.update(view.state);
      if (transaction.docChanged) changed();
    },
    transformPastedHTML: (html) => cleaned(html, (words) => say(words, true)),
    clipboardTextParser: (text) => paragraphsOf(text, schema),
    transformPasted: (slice) => fitted(slice, view),
    handlePaste: (_, event) => pictures(event.clipboardData),
    handleDrop: (_, event) => pictures(event.dataTransfer),
  });

  /** A picture by itself is uploaded; one within a text is left out by `cleaned`. */
  function pictures(data) {
    const files = [...(data?.files ?? [])];
    if (!files.length || data.getData("text/html") || data.getData("text/plain")) return false;
    for (const each of files) tools.take(each);
    return true;
  }

  function changed() {
    settled = false;
    clearTimeout(timer);
    timer = setTimeout(settle, PAUSE);
    root.dispatchEvent(new Event("input", { bubbles: true })); // for the autosave
  }
  function settle() {
    clearTimeout(timer);
    if (settled || view.composing) return;
    settled = true;
    root.dispatchEvent(new Event("change", { bubbles: true })); // for the likeness
  }
  view.dom.addEventListener("blur", settle);

  form.addEventListener("formdata", (event) => {
    event.formData.delete("body");
    event.formData.set("blocks", JSON.stringify(toBlocks(view.state.doc)));
  });
  tools = toolbar(root, view, say);
  tools.update(view.state);
  exchange(root, field, view);
}

/** The names and the sentences of the plain field, for whoever hears the page. */
function described(field, root) {
  const attributes = {
    id: field.id,
    role: "textbox",
    class: "text",
    "aria-multiline": "true",
    "aria-labelledby": root.querySelector("label").id,
    "aria-describedby": field.getAttribute("aria-describedby") ?? "",
    spellcheck: "false",
  };
  if (field.getAttribute("aria-invalid")) attributes["aria-invalid"] = "true";
  return attributes;
}

function exchange(root, field, view) {
  field.id = `${field.id}-plain`;
  field.hidden = true;
  field.disabled = true;
  root.querySelector("[data-editor-frame]").hidden = false;
  const hint = root.querySelector(".hint[id]");
  if (hint) hint.textContent = root.dataset.hint;
  root.querySelector("label").addEventListener("click", () => view.focus());
}

document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-editor]").forEach(open));
