// The form editor of the studio: form-js, with the server's own drawing of the same schema beside it.
import { FormEditor } from "@bpmn-io/form-js-editor";
import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";
import "@bpmn-io/form-js-editor/dist/assets/properties-panel.css";
import "@bpmn-io/form-js-editor/dist/assets/form-js-editor.css";
import { read, send } from "./line.js";
import { Saving } from "./saving.js";
import "./viewer.css";
import "./editors.css";

const place = document.querySelector("[data-formeditor]");
const preview = document.querySelector("[data-preview]");
const editor = new FormEditor({ container: place.querySelector("[data-canvas]") });
const saving = new Saving(place, async () => JSON.stringify(editor.saveSchema(), null, 2));
let waiting = 0;
let turn = 0;

async function drawPreview() {
  const mine = ++turn;
  try {
    const told = await send(place.dataset.previewFrom, { content: JSON.stringify(editor.saveSchema()) }, place.dataset.csrf);
    if (mine === turn) preview.innerHTML = told.html;
  } catch (fault) {
    if (mine === turn) preview.textContent = fault.message;
  }
}

saving.onSaved((told) => {
  const list = document.querySelector("[data-findings]");
  if (list && told.html) list.innerHTML = told.html;
});

async function open() {
  const told = await read(place.dataset.open);
  saving.version = told.version;
  await editor.importSchema(JSON.parse(told.content));
  editor.on("commandStack.changed", () => {
    saving.changed();
    clearTimeout(waiting);
    waiting = setTimeout(drawPreview, 500);
  });
  await drawPreview();
  place.dataset.drawn = "1";
}

window.jalonFormEditor = editor;
open().catch((fault) => saving.tell(fault.message));
