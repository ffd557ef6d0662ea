// 表单: the form-js editor over the text of the form, loaded on its page only. The text field beside it
// is what is sent, so that the page works without the editor; below it the server shows the form as
// staff will see it.
//
//   <form data-form-editor data-preview="…"> <div data-editor></div>
//     <div data-source><textarea name="schema">…</textarea></div> </form>
//   <div data-seen></div>

import { FormEditor } from "@bpmn-io/form-js-editor";

import { FORM_WORDS } from "./formeditor/zh.js";
import { show } from "./fragment.js";
import { reword } from "./reword.js";

const PAUSE = 700; // ms after the last change until the server draws it
// What means something here; conditions, expressions, layout and looks are not for our pages.
const GROUPS = ["general", "validation", "valuesSource", "staticOptions", "custom-values", "constraints"];
const ENTRIES = /^(alt|path|readonly|disabled|versionTag|pattern|patternErrorMessage|validationType|searchable|time-|serialize|showOutline|verticalAlignment|.*-adorner|useDatePicker|disallowPassedDates|language)/;

class OurPanel {
  static $inject = ["propertiesPanel"];

  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(this, 100);
  }

  getGroups() {
    return (groups) => groups.filter((group) => GROUPS.some((id) => group.id.startsWith(id))).map((group) => (
      group.entries ? { ...group, entries: group.entries.filter((entry) => !ENTRIES.test(entry.id)) } : group
    ));
  }
}

const ours = { __init__: ["ourPanel"], ourPanel: ["type", OurPanel] };

function seeing(form) {
  const place = document.querySelector("[data-seen]");
  const token = form.querySelector('[name="csrf_token"]').value;
  let timer = 0;

  async function ask(schema) {
    try {
      const body = new URLSearchParams({ schema, csrf_token: token });
      const answer = await fetch(form.dataset.preview, { method: "POST", body, credentials: "same-origin", redirect: "manual" });
      if (answer.ok) show(place, await answer.text());
    } catch {
      // it is asked again with the next change
    }
  }

  return (schema) => {
    clearTimeout(timer);
    timer = setTimeout(() => ask(schema), PAUSE);
  };
}

async function open(form) {
  const frame = form.querySelector("[data-editor]");
  const source = form.querySelector("[data-source]");
  const field = source.querySelector("textarea");
  try {
    frame.dataset.shown = "yes";
    const editor = new FormEditor({ container: frame, additionalModules: [ours] });
    reword(frame, FORM_WORDS);
    await editor.importSchema(JSON.parse(field.value));
    const see = seeing(form);
    source.hidden = true;
    editor.on("changed", () => {
      field.value = JSON.stringify(editor.saveSchema(), null, 2);
      see(field.value);
    });
    frame.editor = editor; // for the tests of the page
  } catch (error) {
    console.error(error);
    delete frame.dataset.shown;
    source.hidden = false;
  }
}

document.querySelectorAll("[data-form-editor]").forEach(open);
