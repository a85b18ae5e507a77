// The decision table editor of the studio: dmn-js, one tab per decision, the file saved in the draft.
import DmnModeler from "dmn-js/lib/Modeler";
import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-drd.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-js-literal-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression-controls.css";
import "dmn-js/dist/assets/dmn-font/css/dmn.css";
import { element } from "./drawing.js";
import { french } from "./french.js";
import { read } from "./line.js";
import { Saving } from "./saving.js";
import dictionary from "./fr/dmn.js";
import "./viewer.css";
import "./editors.css";

const place = document.querySelector("[data-dmn]");
const translated = { additionalModules: [french(dictionary)] };
const modeler = new DmnModeler({
  container: place.querySelector("[data-canvas]"),
  common: { keyboard: { bind: true } },
  drd: translated,
  decisionTable: translated,
  literalExpression: translated,
  boxedExpression: translated,
});
const saving = new Saving(place, async () => (await modeler.saveXML({ format: true })).xml);
const tabs = place.querySelector("[data-views]");

const KINDS = { drd: "Graphe des décisions", decisionTable: "Table", literalExpression: "Expression", boxedExpression: "Expression" };

function showViews({ activeView, views }) {
  tabs.replaceChildren(...views.map((view) => {
    const name = view.type === "drd" ? KINDS.drd : `${KINDS[view.type] ?? "Décision"} « ${view.element.name || view.element.id} »`;
    const current = activeView && view.element === activeView.element;
    const button = element("button", { type: "button", class: "btn btn-sm btn-outline-secondary", "aria-pressed": current ? "true" : "false" }, name);
    button.addEventListener("click", () => modeler.open(view));
    return button;
  }));
}

// Each view has its own command stack; any change in any of them is a change of the file.
function watch() {
  const viewer = modeler.getActiveViewer();
  if (!viewer || viewer.jalonWatched) return;
  viewer.jalonWatched = true;
  viewer.on("commandStack.changed", () => saving.changed());
}

saving.onSaved((told) => {
  const list = document.querySelector("[data-findings]");
  if (list && told.html) list.innerHTML = told.html;
});
modeler.on("views.changed", (event) => {
  showViews(event);
  watch();
});

async function open() {
  const told = await read(place.dataset.open);
  saving.version = told.version;
  await modeler.importXML(told.xml);
  const table = modeler.getViews().find((view) => view.type === "decisionTable");
  if (table) await modeler.open(table);
  watch();
  place.dataset.drawn = "1";
}

window.jalonDmn = modeler;
open().catch((fault) => saving.tell(fault.message));
