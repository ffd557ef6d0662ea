// A picture goes to the server at once and is checked there; the text holds only its hash.

const WIDEST = 156; // mm
const PIXELS_PER_MM = 300 / 25.4; // what prints sharply

/** `{sha256, width}`; throws an Error whose message is the server's sentence. */
export function upload(file, form, address) {
  const body = new FormData();
  body.append("file", file);
  return send(body, form, address);
}

/** The same of a picture that is there already. */
export const use = (sha256, form, address) => send(new FormData(), form, `${address}/${sha256}`);

async function send(body, form, address) {
  for (const name of ["csrf_token", "document"]) if (form.elements[name]) body.append(name, form.elements[name].value);
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" }, redirect: "manual" });
  } catch {
    throw new Error("图片没有送达，请检查网络后重试。");
  }
  if (answer.type === "opaqueredirect") throw new Error("登录已失效，图片没有插入。请重新登录后再办。");
  const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  if (!answer.ok) throw new Error(told.message ?? "图片没有插入成功，请重试。");
  const width = Math.min(WIDEST, Math.max(20, Math.round(told.width / PIXELS_PER_MM)));
  return { sha256: told.sha256, width };
}

/** Fill the panel with a button for each picture that may be used; what it says when there is none. */
export async function showGallery(panel, root) {
  panel.replaceChildren("正在查找…");
  try {
    const answer = await fetch(root.dataset.gallery, { credentials: "same-origin", headers: { Accept: "application/json" }, redirect: "manual" });
    const { pictures } = await answer.json();
    panel.replaceChildren(...pictures.map((each) => thumbnail(each, root.dataset.pictures)));
    if (!pictures.length) panel.replaceChildren("还没有可用的图片，请用“图片”上传。");
  } catch {
    panel.replaceChildren("图库没有打开，请检查网络后重试。");
  }
}

function thumbnail({ sha256, title }, address) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn";
  button.dataset.use = sha256;
  button.title = title ? `用于《${title}》` : "本人上传，尚未用于公文";
  const picture = document.createElement("img");
  picture.src = `${address}/${sha256}`;
  picture.alt = title ? `《${title}》中的图片` : "本人上传的图片";
  picture.loading = "lazy";
  button.append(picture);
  return button;
}
