// A part of a page that our server has drawn, put where it belongs. It is parsed as a document of its
// own first, in which nothing runs and nothing is loaded.

/** Replace what is in `place` by the elements of `html`. */
export function show(place, html) {
  place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
}
