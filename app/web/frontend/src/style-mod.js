// Stands in for the package style-mod, by which the text fields of the two editors bring their styles.
// The package writes a <style> element, which our Content-Security-Policy refuses; a sheet made by
// script is the same to the page and needs no exception.

import { StyleModule } from "../node_modules/style-mod/src/style-mod.js";

const mounted = new WeakSet();

StyleModule.mount = (_root, modules) => {
  if (!("adoptedStyleSheets" in document)) return; // old browsers show plain text fields
  for (const each of Array.isArray(modules) ? modules : [modules]) {
    if (mounted.has(each)) continue;
    mounted.add(each);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(each.getRules());
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }
};

export { StyleModule };
