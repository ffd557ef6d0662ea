// The library asks here for every word that it shows.

import { ZH } from "./zh.js";

function translate(template, replacements = {}) {
  const found = ZH[template] ?? template;
  return found.replace(/{([^}]+)}/g, (_, key) => replacements[key] ?? `{${key}}`);
}

export const chinese = { translate: ["value", translate] };
