// While a form is on its way its button says so and a second press does nothing. After a part of
// the page has been exchanged the focus goes to its first error or its heading.

import { follow } from "./typesetting.js";

const WORDS = "正在提交…";

function busy(form, button) {
  form.setAttribute("aria-busy", "true");
  if (!button) return;
  button.dataset.words = button.textContent;
  button.textContent = button.dataset.busy ?? WORDS;
  const asks = form.dataset.typesetting && !button.hasAttribute("formaction");
  if (asks) follow(form.dataset.typesetting, (words) => (button.textContent = words), left());
}

// Settled when the browser goes to the answer of the form.
const left = () => new Promise((resolve) => window.addEventListener("pagehide", resolve, { once: true }));

function idle(form) {
  form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("[data-words]")) {
    button.textContent = button.dataset.words;
    delete button.dataset.words;
  }
}

function settle(target) {
  const place = target?.querySelector?.(".errors, [aria-invalid=true], [data-focus]");
  if (!place) return;
  if (!place.matches("a, input, select, textarea, button")) place.tabIndex = -1;
  place.focus();
}

function notice(words) {
  const place = document.getElementById("notice");
  if (place) place.textContent = words;
}

export function watchSending() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || form.matches("[data-text-switch]")) return;
    if (form.getAttribute("aria-busy") === "true") return event.preventDefault();
    if (!event.defaultPrevented) setTimeout(busy, 0, form, event.submitter); // after the form's data is taken
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[aria-busy]").forEach(idle));
  document.addEventListener("htmx:finally:request", () => document.querySelectorAll("form[aria-busy]").forEach(idle));
  document.addEventListener("htmx:error", () => notice("未送达，请重试。"));
  document.addEventListener("htmx:after:swap", (event) => settle(event.detail?.ctx?.target));
}
