// Numbers of an open page kept right: <header data-live="/waiting" data-todo="/"> names where to
// ask. Only a page that somebody sees asks; once he is signed out, or must sign in again, no more.

const PAUSE = 30_000; // ms between two questions
const FIRST = 3_000; // ms after the page is there

export function listenForNews() {
  document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector("header[data-live]");
    if (place) watch(place.dataset.live, place.dataset.todo);
  });
}

function watch(address, todo) {
  let timer = 0;
  let tag = "";
  let seen = null; // the fewest to-dos since the page is there: what is more is new
  let said = "";

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(ask, wait);
  };

  async function ask() {
    if (document.hidden) return; // asked again when it is seen
    try {
      const headers = { Accept: "application/json", ...(tag && { "If-None-Match": tag }) };
      const answer = await fetch(address, { headers, cache: "no-store", credentials: "same-origin", redirect: "manual" });
      if (answer.ok) {
        tag = answer.headers.get("ETag") ?? "";
        show(await answer.json());
      } else if (answer.status !== 304 && answer.status < 500) return; // signed out: a redirect reads as 0
    } catch {
      // offline: asked again later
    }
    later(PAUSE);
  }

  function show(counts) {
    for (const link of document.querySelectorAll("a[data-count]")) badge(link, counts[link.dataset.count]);
    seen = Math.min(seen ?? counts.todo, counts.todo);
    const words = news(counts, counts.todo - seen);
    if (words !== said) say(words, todo);
    said = words;
  }

  document.addEventListener("visibilitychange", () => document.hidden || later(1_000));
  later(FIRST);
}

function badge(link, count) {
  let number = link.querySelector("b");
  if (!count) return number?.remove();
  if (!number) link.append((number = document.createElement("b")));
  const unit = document.createElement("span");
  unit.className = "unseen";
  unit.textContent = "件";
  number.replaceChildren(String(count), unit);
}

function news(counts, more) {
  if (counts.alarms) return `▲ 有 ${counts.alarms} 件紧急公文等候您办理。`;
  return more ? `▲ 新到待办 ${more} 件。` : "";
}

// Read out once, for it changes only with what it says; gone when there is nothing more to say.
function say(words, address) {
  const place = document.getElementById("news");
  if (!place) return;
  if (!words) return place.replaceChildren();
  const text = document.createElement("span");
  text.textContent = words;
  const link = document.createElement("a");
  link.href = address;
  link.textContent = location.pathname === address ? "刷新" : "查看";
  place.replaceChildren(text, link);
}
