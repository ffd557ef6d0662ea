// The draft on the server: read, and saved by the button, by Ctrl+S, and by itself some seconds after
// the last change. What somebody else has saved meanwhile is never overwritten: the server knows by
// the revision and answers 409, naming who was first.

const PAUSE = 8_000; // ms after the last change
const RETRY = 15_000; // ms after a failure

/** The draft with all its files, as the API gives it. */
export async function read(frame) {
  const answer = await fetch(frame.dataset.address, { credentials: "same-origin", headers: { Accept: "application/json" }, redirect: "manual" });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

function put(frame, draft) {
  return fetch(frame.dataset.address, {
    method: "PUT",
    body: JSON.stringify({ revision: draft.revision, files: draft.files }),
    credentials: "same-origin",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": frame.dataset.token },
    redirect: "manual",
  });
}

const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

/** Returns the function that saves at once; it answers whether the server now has what is drawn. */
export function saving(modeler, frame, draft, say) {
  let timer = 0;
  let changed = false;
  let stopped = "closed" in frame.dataset;
  let running = Promise.resolve(true);

  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };

  async function send() {
    if (stopped) return !changed;
    if (!changed) return true;
    changed = false;
    try {
      return await sent();
    } catch {
      return failed(); // whatever went wrong: the next one is tried, and the page says so
    }
  }

  async function sent() {
    draft.files[frame.dataset.file] = (await modeler.saveXML({ format: true })).xml;
    const answer = await put(frame, draft);
    if (answer.status >= 500 || answer.status === 429) return failed();
    if (!answer.headers.get("Content-Type")?.includes("json")) return refused("没有存上：登录已失效。请在另一个窗口登录后再保存，或者先下载流程图。");
    const told = await answer.json();
    if (!answer.ok) return refused(told.detail ?? "没有存上，请刷新后重试。");
    draft.revision = told.revision;
    say(`草稿已存 ${clock.format(new Date(told.updated_at))}。`);
    frame.dispatchEvent(new CustomEvent("saved"));
    return true;
  }

  function failed() {
    changed = true;
    say("没有存上，正在重试。请不要关闭本页。");
    later(RETRY);
    return false;
  }

  function refused(words) {
    changed = true;
    stopped = true;
    say(words);
    return false;
  }

  function save() {
    clearTimeout(timer);
    running = running.then(send);
    return running;
  }

  modeler.on("commandStack.changed", () => {
    changed = true;
    if (stopped) return;
    say("有改动，尚未保存。");
    later(PAUSE);
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    save();
  });
  document.querySelector("[data-save-now]")?.addEventListener("click", save);
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
  return save;
}
