// Keys. J K move along the rows, Enter opens (it is the link's own key), / goes to the search box,
// ? lists what works on this page. Single keys act outside fields only and can be switched off.

const SWITCH = "gongwen-single-keys"; // in localStorage: a habit of this browser, no content

const inField = (target) => target.closest?.("input, select, textarea, button, [contenteditable], dialog, .djs-container");
const off = () => localStorage.getItem(SWITCH) === "off";

function move(step) {
  const links = [...document.querySelectorAll("[data-rows] a[data-open]")];
  if (!links.length) return false;
  const now = links.indexOf(document.activeElement);
  const next = now < 0 ? (step > 0 ? 0 : links.length - 1) : now + step;
  links[Math.max(0, Math.min(links.length - 1, next))].focus();
  return true;
}

function search() {
  const box = document.querySelector("[data-search]");
  box?.focus();
  box?.select();
  return Boolean(box);
}

/** Show the list; an entry with data-when="selector" stands only where the selector finds something. */
function help() {
  const list = document.getElementById("keys");
  if (!list?.showModal) return false;
  for (const entry of list.querySelectorAll("[data-when]")) entry.hidden = !document.querySelector(entry.dataset.when);
  const box = list.querySelector("[data-keys-switch]");
  if (box) box.checked = !off();
  list.showModal();
  return true;
}

const ACTIONS = { j: () => move(1), k: () => move(-1), "/": search, "?": help };

function single(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || inField(event.target)) return;
  if (off()) return; // the list still has its button
  if (ACTIONS[event.key.toLowerCase()]?.()) event.preventDefault();
}

/** Ctrl+Enter in a form presses its main button, with the checks that a click would have. */
function submit(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  const main = event.target.closest?.("form")?.querySelector("button[data-main]");
  if (!main || main.disabled) return;
  event.preventDefault();
  main.click();
}

export function listenForKeys() {
  document.addEventListener("keydown", (event) => {
    submit(event);
    if (!event.defaultPrevented) single(event);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-keys-help]")) help();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-keys-switch]")) localStorage.setItem(SWITCH, event.target.checked ? "on" : "off");
  });
}
