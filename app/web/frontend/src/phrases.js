// 常用意见: a chip puts its words where the cursor stands, in the field that its group is for.
// It never submits; the buttons are type="button" and this only writes into the field.

/** Put `words` over the selection of `field` and leave the cursor behind them. */
function insert(field, words) {
  const { selectionStart: start, selectionEnd: end } = field;
  field.focus();
  field.setRangeText(words, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true })); // so that the draft is saved
}

export function insertPhrases() {
  document.addEventListener("click", (event) => {
    const chip = event.target.closest("[data-phrases] button[type=button]");
    if (!chip) return;
    const field = document.getElementById(chip.closest("[data-phrases]").dataset.phrases);
    if (field) insert(field, chip.dataset.phrase ?? chip.textContent.trim());
  });
}
