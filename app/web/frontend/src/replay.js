// 回放: moves through the record without loading the page anew. Every moment has an address (?at=) and
// comes from the server; this script fetches it, puts it in the place of the one before, and lets the
// drawing mark where the tokens stand. Where it does not run, links and buttons do the same.

const bar = document.querySelector("[data-replay]");
const place = document.getElementById("moment");
const range = document.getElementById("place");
const status = bar?.querySelector("[data-status]");
const play = bar?.querySelector("[data-play]");
const speed = document.getElementById("speed");
const rows = () => document.querySelectorAll("[data-seq]");

let asked = 0;
let timer = null;

const shown = () => place.querySelector("[data-moment]");

/** The address of the page at a moment, given by `at` (number of a record) or `n` (its place). */
function address(name, value) {
  const url = new URL(location.href);
  for (const each of ["at", "n", "with", "part", "look"]) url.searchParams.delete(each);
  url.searchParams.set(name, value);
  url.hash = "";
  return url;
}

async function fetched(url) {
  const wanted = new URL(url);
  wanted.searchParams.set("part", "moment");
  wanted.searchParams.set("look", bar.dataset.look);
  const answer = await fetch(wanted, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-moment]");
}

/** Show a moment; of several asked for in a row only the last one. */
async function go(url) {
  const mine = ++asked;
  let found;
  try {
    found = await fetched(url);
  } catch {
    stop();
    status.textContent = "未送达，请重试。";
    location.assign(url); // the page itself says what is wrong
    return false;
  }
  if (mine !== asked) return false;
  put(found);
  return true;
}

function put(found) {
  const opened = [...place.querySelectorAll("details")].map((each) => each.open);
  const part = place.contains(document.activeElement) ? document.activeElement.dataset.part : null;
  place.replaceChildren(found);
  place.querySelectorAll("details").forEach((each, n) => { each.open = Boolean(opened[n]); });
  if (part) (place.querySelector(`[data-part="${part}"]`) ?? place.querySelector("[data-go]"))?.focus();
  const { moment, place: nth } = found.dataset;
  range.value = nth;
  spoken();
  status.textContent = found.querySelector("h2").textContent;
  document.querySelectorAll("[data-present]").forEach((each) => { each.value = moment; });
  rows().forEach((row) => {
    if (row.dataset.seq === moment) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  });
  history.replaceState(null, "", address("at", moment));
  drawn(found.dataset.diagram, JSON.parse(found.querySelector("[data-steps]").textContent));
}

/** Mark the drawing; a case that was moved to another version stood on another one at this moment. */
function drawn(diagram, steps) {
  const card = document.querySelector("[data-drawn]");
  const frame = card.querySelector(".diagram");
  if (diagram !== card.dataset.drawn) {
    const other = JSON.parse(card.querySelector("[data-drawings]")?.textContent ?? "{}")[diagram];
    if (!frame || !other) return location.assign(address("at", shown().dataset.moment)); // the page says why there is none
    card.dataset.drawn = diagram;
    frame.dispatchEvent(new CustomEvent("diagram:draw", { detail: { ...other, steps } }));
    return;
  }
  frame?.dispatchEvent(new CustomEvent("diagram:steps", { detail: steps }));
}

/** What a slider without words would only call a number. */
function spoken() {
  range.setAttribute("aria-valuetext", `第 ${range.value} 条，共 ${range.max} 条`);
}

function move(part) {
  const link = place.querySelector(`[data-part="${part}"]`);
  return link ? go(address("at", link.dataset.go)) : Promise.resolve(false);
}

function stop() {
  clearTimeout(timer);
  timer = null;
  play.setAttribute("aria-pressed", "false");
  play.textContent = "▷ 播放";
}

async function on() {
  if (!(await move("forward"))) return stop();
  if (play.getAttribute("aria-pressed") === "true") timer = setTimeout(on, Number(speed.value) * 1000);
}

async function begin() {
  play.setAttribute("aria-pressed", "true");
  play.textContent = "‖ 停止";
  if (Number(range.value) === Number(range.max)) await move("first");
  timer = setTimeout(on, Number(speed.value) * 1000);
}

const KEYS = { ArrowLeft: "back", ArrowRight: "forward", Home: "first", End: "last" };
const TYPING = "input, select, textarea, pre, [contenteditable]";

function start() {
  document.documentElement.dataset.replaying = "yes";
  bar.querySelectorAll("[data-script]").forEach((each) => { each.hidden = false; });
  bar.querySelectorAll("[data-without-script]").forEach((each) => { each.hidden = true; });
  spoken();
  range.addEventListener("input", () => { stop(); go(address("n", range.value)); });
  range.form.addEventListener("submit", (event) => { event.preventDefault(); go(address("n", range.value)); });
  play.addEventListener("click", () => (play.getAttribute("aria-pressed") === "true" ? stop() : begin()));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-go], [data-seq] td:first-child a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    stop();
    go(address("at", link.dataset.go ?? link.closest("[data-seq]").dataset.seq));
    if (!link.dataset.go) bar.scrollIntoView({ block: "start" });
  });
  document.addEventListener("keydown", (event) => {
    const part = KEYS[event.key];
    const plain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (!part || !plain || event.target.closest(TYPING) || event.target.closest(".wide, .diagram")) return;
    event.preventDefault();
    stop();
    move(part);
  });
}

if (bar) start();
