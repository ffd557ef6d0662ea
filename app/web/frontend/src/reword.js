// Words that a library writes into its page without asking for a translation: found and replaced
// as they appear. Whole texts only, so that nothing that a person has typed is touched.

const NAMES = ["title", "placeholder", "aria-label", "data-tooltip"];

function words(node, known) {
  if (node.nodeType === Node.TEXT_NODE) {
    const found = known[node.data.trim()];
    if (found && !node.parentElement?.closest("textarea, .djs-element, [contenteditable]")) node.data = node.data.replace(node.data.trim(), found);
    return;
  }
  if (node.nodeType !== Node.ELEMENT_NODE) return;
  for (const name of NAMES) {
    const found = known[node.getAttribute(name)?.trim()];
    if (found) node.setAttribute(name, found);
  }
  for (const child of node.childNodes) words(child, known);
}

/** Keep everything in `frame` in the words of `known` ({"English": "中文"}). */
export function reword(frame, known) {
  words(frame, known);
  new MutationObserver((changes) => {
    for (const { type, target, addedNodes } of changes) {
      if (type === "childList") addedNodes.forEach((each) => words(each, known));
      else words(target, known);
    }
  }).observe(frame, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: NAMES });
}
