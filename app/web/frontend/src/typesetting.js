// A page that is set takes a second, in a queue longer: <a data-typesetting="/documents/5/typesetting">
// leads to one, a form with it has one set before its act. Meanwhile its steps are told as they are.

const PAUSE = 400; // ms between two questions

export function followTypesetting() {
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-typesetting]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
}

/** Put into words how far the page at `address` is, until `over` is settled. */
export async function follow(address, say, over) {
  let going = true;
  over.catch(() => {}).finally(() => (going = false));
  while (going) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const words = going ? await ask(address) : "";
    if (going && words) say(words);
  }
}

async function open(link) {
  if (link.getAttribute("aria-busy") === "true") return;
  link.setAttribute("aria-busy", "true");
  const place = status(link);
  const set = fetch(link.href, { method: "HEAD", credentials: "same-origin", redirect: "manual" });
  try {
    await Promise.all([set, follow(link.dataset.typesetting, (words) => (place.textContent = words), set)]);
  } catch {
    // offline: the browser says so itself
  }
  place.textContent = "";
  link.removeAttribute("aria-busy");
  location.assign(link.href); // set by now; a refusal has a page of its own
}

function status(link) {
  if (link.nextElementSibling?.matches("[data-typesetting-status]")) return link.nextElementSibling;
  const place = document.createElement("span");
  place.className = "hint";
  place.dataset.typesettingStatus = "";
  place.setAttribute("role", "status");
  link.after(" ", place);
  return place;
}

async function ask(address) {
  try {
    const answer = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store", credentials: "same-origin", redirect: "manual" });
    return answer.ok ? (await answer.json()).words : "";
  } catch {
    return "";
  }
}
