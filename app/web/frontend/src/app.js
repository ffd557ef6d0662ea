// The script of every page. Each part is a comfort: with all of them missing, every page still
// works by plain links and forms. Nothing here evaluates text, so CSP can be script-src 'self'.

import "htmx.org/dist/htmx.esm.js";

import { insertPhrases } from "./phrases.js";
import { saveDrafts } from "./draft.js";
import { keepLock } from "./lock.js";
import { listenForKeys } from "./keys.js";
import { listenForNews } from "./live.js";
import { switchText } from "./text.js";
import { followTypesetting } from "./typesetting.js";
import { watchSending } from "./sending.js";

// Controls that do nothing without script are written with `hidden data-script`.
const reveal = (part) => part.querySelectorAll("[data-script][hidden]").forEach((each) => (each.hidden = false));

document.addEventListener("DOMContentLoaded", () => {
  reveal(document);
  saveDrafts(document);
});
document.addEventListener("htmx:after:swap", () => {
  reveal(document);
  saveDrafts(document);
});

insertPhrases();
keepLock();
listenForKeys();
listenForNews();
switchText();
followTypesetting();
watchSending();
