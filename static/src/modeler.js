// The diagram editor of the studio: bpmn-js with the zeebe properties, the server's findings marked on the elements.
import Modeler from "bpmn-js/lib/Modeler";
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, ZeebePropertiesProviderModule } from "bpmn-js-properties-panel";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";
import behaviors from "camunda-bpmn-js-behaviors/lib/camunda-cloud";
import minimap from "diagram-js-minimap";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";
import "@bpmn-io/properties-panel/dist/assets/properties-panel.css";
import "diagram-js-minimap/assets/diagram-js-minimap.css";
import { Marks, element, showAll } from "./drawing.js";
import { french } from "./french.js";
import { read } from "./line.js";
import { Saving } from "./saving.js";
import dictionary from "./fr/bpmn.js";
import panelDictionary from "./fr/panel.js";
import { taskPanel } from "./taskpanel.js";
import "./viewer.css";
import "./editors.css";

const place = document.querySelector("[data-modeler]");
const canvasPlace = place.querySelector("[data-canvas]");
const modeler = new Modeler({
  container: canvasPlace,
  propertiesPanel: { parent: place.querySelector("[data-panel]") },
  moddleExtensions: { zeebe },
  additionalModules: [
    BpmnPropertiesPanelModule,
    BpmnPropertiesProviderModule,
    ZeebePropertiesProviderModule,
    behaviors,
    minimap,
    taskPanel(JSON.parse(place.dataset.groups)),
    french({ ...dictionary, ...panelDictionary }),
  ],
});
const PALETTE = 110; // pixels on the left of the canvas
const marks = new Marks(modeler);
const saving = new Saving(place, async () => (await modeler.saveXML({ format: true })).xml);

function mark(findings) {
  const overlays = modeler.get("overlays");
  const registry = modeler.get("elementRegistry");
  marks.clear();
  overlays.remove({ type: "lint" });
  const told = new Map();
  for (const finding of findings) {
    if (!registry.get(finding.element)) continue;
    const others = told.get(finding.element) ?? [];
    told.set(finding.element, [...others, finding]);
  }
  for (const [id, own] of told) {
    const severe = own.some((finding) => finding.severity === "error");
    marks.add([id], severe ? "lint-error" : "lint-warning");
    const words = own.map((finding) => finding.message).join("\n");
    const badge = element("span", { class: severe ? "lint-badge" : "lint-badge warning", title: words, role: "img", "aria-label": words }, severe ? "!" : "?");
    overlays.add(id, "lint", { position: { top: -12, right: 12 }, html: badge });
  }
}

function goTo(id) {
  const found = modeler.get("elementRegistry").get(id);
  if (!found) return;
  modeler.get("canvas").scrollToElement(found);
  modeler.get("selection").select(found);
  canvasPlace.scrollIntoView({ block: "center" });
  canvasPlace.querySelector("svg")?.focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-go]");
  if (!button) return;
  event.preventDefault(); // the link is for pages without this script: following it would lose what is not saved
  goTo(button.dataset.go);
});
const uncrossed = new Marks(modeler);

// What no scenario crosses, on the content that was last saved.
async function showUncrossed(button) {
  const shown = button.getAttribute("aria-pressed") === "true";
  button.setAttribute("aria-pressed", shown ? "false" : "true");
  uncrossed.clear();
  if (shown) return saving.tell("");
  try {
    const told = await read(place.dataset.coverage);
    uncrossed.add(told.uncrossed, "uncrossed");
    saving.tell(told.text);
  } catch (fault) {
    saving.tell(fault.message);
  }
  return undefined;
}

const acts = {
  undo: () => modeler.get("commandStack").undo(),
  redo: () => modeler.get("commandStack").redo(),
  fit: () => showAll(modeler, PALETTE),
  coverage: (event) => showUncrossed(event.currentTarget),
};
for (const button of place.querySelectorAll("[data-do]")) button.addEventListener("click", acts[button.dataset.do]);

saving.onSaved((told) => {
  mark(told.findings ?? []);
  const list = document.querySelector("[data-findings]");
  if (list && told.html) list.innerHTML = told.html;
});

async function open() {
  const told = await read(place.dataset.open);
  saving.version = told.version;
  await modeler.importXML(told.xml);
  showAll(modeler, PALETTE);
  mark(told.findings ?? []);
  modeler.on("commandStack.changed", () => saving.changed());
  place.dataset.drawn = "1";
  const wanted = new URLSearchParams(location.search).get("element");
  if (wanted) goTo(wanted);
}

window.jalonModeler = modeler;
open().catch((fault) => saving.tell(fault.message));
