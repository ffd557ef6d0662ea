// A picture goes to the server at once and is checked there; the text holds only its hash.

const WIDEST = 156; // mm
const PIXELS_PER_MM = 300 / 25.4; // what prints sharply

/** `{sha256, width}`; throws an Error whose message is the server's sentence. */
export async function upload(file, form, address) {
  const body = new FormData();
  body.append("file", file);
  for (const name of ["csrf_token", "document"]) if (form.elements[name]) body.append(name, form.elements[name].value);
  let answer;
  try {
    answer = await fetch(address, { method: "POST", body, credentials: "same-origin", headers: { Accept: "application/json" }, redirect: "manual" });
  } catch {
    throw new Error("图片没有送达，请检查网络后重试。");
  }
  if (answer.type === "opaqueredirect") throw new Error("登录已失效，图片没有上传。请重新登录后再办。");
  const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  if (!answer.ok) throw new Error(told.message ?? "图片没有上传成功，请重试。");
  const width = Math.min(WIDEST, Math.max(20, Math.round(told.width / PIXELS_PER_MM)));
  return { sha256: told.sha256, width };
}
