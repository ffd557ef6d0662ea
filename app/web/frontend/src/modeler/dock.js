// The dock under the canvas: 检查 and 比较 are pages of the server; here their main part is fetched
// and shown below the drawing, and a line about an element selects it. After a save the findings are
// asked for again; with the dock closed they only colour the drawing and count.

import { show as fill } from "../fragment.js";
import { colour, clear } from "./comparing.js";

const HINT = 1_500; // ms after a save until the findings are asked for

export function dock(modeler, frame, draft, save) {
  const place = frame.querySelector("[data-dock]");
  const links = [...document.querySelectorAll("[data-dock-link]")];
  const check = links.find((each) => each.dataset.dockLink === "check");
  let shown = null;
  let timer = 0;

  async function fetched(link, quick = false) {
    const answer = await fetch(quick ? `${link.href}?quick=1` : link.href, { credentials: "same-origin", headers: { "HX-Request": "true" }, redirect: "manual" });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  }

  async function show(link) {
    place.setAttribute("aria-busy", "true");
    try {
      if (!(await save())) return;
      fill(place, await fetched(link));
      place.hidden = false;
      shown = link;
      modeler.get("canvas").resized();
      clear(modeler);
      mark(place);
      if (link.dataset.dockLink === "difference") colour(modeler, place);
      place.querySelector("h2")?.focus();
    } catch (error) {
      console.error(error);
      location.assign(link.href); // the page itself says what is wrong
    } finally {
      place.removeAttribute("aria-busy");
    }
  }

  /** What was saved just now, looked at by the server, without disturbing who draws. */
  async function hint() {
    const found = document.createElement("div");
    try {
      fill(found, await fetched(check, true));
    } catch {
      return; // a hint and no more
    }
    mark(found);
    if (shown === check) place.replaceChildren(...found.childNodes);
  }

  /** A red edge around what the check has named, and its count beside the link. */
  function mark(found) {
    const list = found.querySelector("[data-findings]");
    if (!list) return;
    const registry = modeler.get("elementRegistry");
    const canvas = modeler.get("canvas");
    registry.forEach((each) => canvas.removeMarker(each, "is-found"));
    for (const line of list.querySelectorAll("[data-element]:not([data-warning])")) {
      if (registry.get(line.dataset.element)) canvas.addMarker(line.dataset.element, "is-found");
    }
    const wrong = Number(list.dataset.wrong);
    check.textContent = wrong ? `① 检查（${wrong} 处要改）` : "① 检查（可以提交）";
  }

  place.addEventListener("click", (event) => {
    const line = event.target.closest("[data-element]");
    const found = line && modeler.get("elementRegistry").get(line.dataset.element);
    if (!found) return;
    event.preventDefault();
    modeler.get("selection").select(found);
    modeler.get("canvas").scrollToElement(found);
  });
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      show(link);
    });
  }
  frame.addEventListener("saved", () => {
    clearTimeout(timer);
    if (check) timer = setTimeout(hint, HINT);
  });
}
