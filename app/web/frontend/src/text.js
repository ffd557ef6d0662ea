// 大字. The switch is a form that the server answers with the larger page; with script the page
// changes at once and the form is posted behind it, so that a half-written opinion stays.

export function switchText() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-text-switch]");
    if (!form) return;
    event.preventDefault();
    const root = document.documentElement;
    const large = root.dataset.text !== "large";
    const body = new URLSearchParams([...new FormData(form), ["text", large ? "large" : "normal"]]);
    if (large) root.dataset.text = "large";
    else delete root.dataset.text;
    form.querySelector("button")?.setAttribute("aria-pressed", String(large));
    fetch(form.action, { method: "POST", body, credentials: "same-origin" }).catch(() => {}); // looks only: no harm if lost
  });
}
