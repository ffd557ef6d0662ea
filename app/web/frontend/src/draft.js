// Autosave. A form with data-draft="/address" is posted there 10 s after the last key and when a
// field is left. The server keeps it under (person, task); nothing is kept in the browser.

const PAUSE = 10_000; // ms after the last key
const RETRY = 15_000; // ms after a failure
const watched = new WeakMap(); // form → what saves it at once

export const saveNow = (form) => watched.get(form)?.();

/** The form as a browser would post it, without files: those are sent with the form only. */
function fields(form) {
  const entries = [...new FormData(form)].filter(([, value]) => typeof value === "string");
  return new URLSearchParams(entries);
}

function watch(form) {
  const status = form.querySelector("[data-draft-status]");
  let timer = 0;
  let changed = false;
  let stopped = false; // sent, or the server said that there is nothing left to save

  const say = (words) => {
    if (status && status.textContent !== words) status.textContent = words;
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  async function save(leaving = false) {
    clearTimeout(timer);
    if (!changed || stopped) return;
    changed = false;
    let answer;
    try {
      answer = await fetch(form.dataset.draft, {
        method: "POST",
        body: fields(form),
        credentials: "same-origin",
        headers: { Accept: "application/json" },
        redirect: "manual", // a redirect is the sign-in page, not a saved draft
        keepalive: leaving === true,
      });
    } catch {
      changed = true;
      say("草稿未存上，正在重试。请不要关闭本页。");
      return later(RETRY);
    }
    if (answer.ok) return say(await words(answer));
    if (answer.status >= 500 || answer.status === 429) {
      changed = true;
      say("草稿未存上，正在重试。请不要关闭本页。");
      return later(RETRY);
    }
    stopped = true;
    const signedOut = answer.type === "opaqueredirect" || answer.status === 401;
    say(signedOut ? "草稿未存上：登录已失效。请复制已写的内容，重新登录后再办。" : "草稿不再保存：此件已有变动。请复制已写的内容，再刷新本页。");
  }

  /** The server's own sentence, such as 草稿已存 14:38: the time on the page is the server's. */
  async function words(answer) {
    if (!answer.headers.get("Content-Type")?.includes("json")) return "草稿已存。";
    return (await answer.json()).message ?? "草稿已存。";
  }

  form.addEventListener("input", () => {
    changed = true;
    later(PAUSE);
  });
  form.addEventListener("focusout", () => save());
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    clearTimeout(timer);
    stopped = true;
  });
  window.addEventListener("pageshow", () => (stopped = false)); // back from the next page
  window.addEventListener("pagehide", () => save(true));
  return save;
}

export function saveDrafts(part) {
  for (const form of part.querySelectorAll("form[data-draft]")) {
    if (watched.has(form)) continue;
    watched.set(form, watch(form));
  }
}
