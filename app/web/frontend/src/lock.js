// 编辑锁 of an open page: it says that it is still open and learns who wants to take over; the page
// of whoever waits learns that the text is his. Without script the buttons and 刷新 do the same.

import { saveNow } from "./draft.js";

const FIRST = 2_000; // ms
const SIGNED_OUT = [0, 400, 401]; // a redirect, a token of a session that is over
const AGAIN = "登录已失效。请复制已写的内容，重新登录后再办。";
const GONE = "此件有变动，不能再保存。请复制已写的内容，再返回查看。";
const PAUSE = 10_000; // ms between two questions; the server lets the text go after three minutes

export function keepLock() {
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-lock]").forEach(watch));
}

function watch(place) {
  const waiting = "lockWaiting" in place.dataset;
  const words = place.querySelector("[data-lock-words]");
  const asked = place.querySelector("[data-lock-asked]");
  const forms = () => [...document.querySelectorAll("form[data-draft]")];
  let timer = 0;

  async function ask() {
    let answer;
    try {
      const body = new URLSearchParams({ csrf_token: place.dataset.token });
      answer = await fetch(place.dataset.lock, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" }, redirect: "manual" });
    } catch {
      return later(); // offline: the text is kept for a while without us
    }
    if (answer.status >= 500) return later();
    if (!answer.ok) return waiting || lost(SIGNED_OUT.includes(answer.status) ? AGAIN : GONE);
    const told = await answer.json();
    if (waiting) return told.mine || told.refused ? location.reload() : (say(told.words), later());
    if (!told.mine) return lost(`${told.holder}已接手修改，您写的内容已存入草稿。轮到您修改时打开本页，内容自动恢复。`);
    asked.hidden = !told.words;
    say(told.words);
    later();
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  }
  function say(sentence) {
    if (words.textContent !== sentence) words.textContent = sentence;
  }

  /** What was typed goes into the drafts; the buttons that save are no longer there to be pressed. */
  async function lost(sentence) {
    await Promise.all(forms().map(saveNow));
    for (const form of forms()) for (const button of form.querySelectorAll(".bar button, .files button")) button.disabled = true;
    asked.querySelector("form").hidden = true;
    asked.hidden = false;
    say(sentence);
  }

  asked?.addEventListener("submit", async (event) => {
    if (event.submitter?.value !== "hand-over" || asked.dataset.kept) return;
    event.preventDefault(); // first what was typed, then the text itself
    await Promise.all(forms().map(saveNow));
    asked.dataset.kept = "yes";
    setTimeout(() => event.submitter.click()); // not while the first press is still under way
  });
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  timer = setTimeout(ask, FIRST);
}
