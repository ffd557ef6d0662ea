// 比较 on the drawing: what is new, changed or moved, as the server has found it, each in a colour and
// with a word. What is gone cannot be shown here; the list below the drawing names it.

const WORDS = { added: "新", changed: "改", moved: "移" };

export function clear(modeler) {
  const canvas = modeler.get("canvas");
  modeler.get("elementRegistry").forEach((each) => Object.keys(WORDS).forEach((kind) => canvas.removeMarker(each, `is-${kind}`)));
  modeler.get("overlays").remove({ type: "difference" });
}

function sign(kind) {
  const made = document.createElement("span");
  made.className = `difference-sign is-${kind}`;
  made.textContent = WORDS[kind];
  return made;
}

/** Colour what the list in `place` carries: {"element": "added" | "changed" | "moved" | "removed"}. */
export function colour(modeler, place) {
  const marks = JSON.parse(place.querySelector("[data-marks]")?.dataset.marks ?? "{}");
  const registry = modeler.get("elementRegistry");
  for (const [id, kind] of Object.entries(marks)) {
    const element = registry.get(id);
    if (!element || !(kind in WORDS)) continue;
    modeler.get("canvas").addMarker(element, `is-${kind}`);
    if (!element.waypoints && kind !== "moved") modeler.get("overlays").add(id, "difference", { position: { top: -12, left: -8 }, html: sign(kind) });
  }
}
