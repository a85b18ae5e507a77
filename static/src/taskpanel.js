// The first part of the properties of a task, in plain words: who does it, with which form, for when; what Jalon does not run is left out.
import { SelectEntry, TextFieldEntry, isSelectEntryEdited, isTextFieldEntryEdited } from "@bpmn-io/properties-panel";
import { jsx } from "@bpmn-io/properties-panel/preact/jsx-runtime";
import { useService } from "bpmn-js-properties-panel";

// Groups of the zeebe provider that the part above replaces, or that the engine does not run.
const LEFT_OUT = new Set(["userTaskImplementation", "form", "assignmentDefinition", "Zeebe__ExecutionListeners", "Zeebe__TaskListeners"]);

function extensions(element) {
  return element.businessObject.extensionElements?.values ?? [];
}

function extension(element, type) {
  return extensions(element).find((found) => found.$type === type);
}

/** Sets attributes of a zeebe element of a task: made when absent, removed when nothing is left in it. */
function change(services, element, type, attributes) {
  const { modeling, bpmnFactory } = services;
  const business = element.businessObject;
  const found = extension(element, type);
  const empty = Object.values({ ...(found ? plain(found) : {}), ...attributes }).every((value) => !value);
  if (found && !empty) return modeling.updateModdleProperties(element, found, attributes);
  if (!found && empty) return undefined;
  const kept = extensions(element).filter((other) => other !== found);
  const values = empty ? kept : [...kept, bpmnFactory.create(type, attributes)];
  const holder = bpmnFactory.create("bpmn:ExtensionElements", { values });
  for (const value of values) value.$parent = holder;
  holder.$parent = business;
  return modeling.updateProperties(element, { extensionElements: holder });
}

function plain(found) {
  return Object.fromEntries(found.$descriptor.properties.map(({ ns }) => [ns.localName, found.get(ns.localName)]));
}

function property(element, name) {
  return extension(element, "zeebe:Properties")?.get("properties").find((found) => found.name === name);
}

function changeProperty(services, element, name, value) {
  const { bpmnFactory } = services;
  const kept = (extension(element, "zeebe:Properties")?.get("properties") ?? []).filter((found) => found.name !== name);
  const properties = value ? [...kept, bpmnFactory.create("zeebe:Property", { name, value })] : kept;
  change(services, element, "zeebe:Properties", { properties: properties.length ? properties : undefined });
}

const FIELDS = {
  group: {
    label: "Groupe qui fait cette tâche",
    get: (element) => extension(element, "zeebe:AssignmentDefinition")?.candidateGroups ?? "",
    set: (services, element, value) => change(services, element, "zeebe:AssignmentDefinition", { candidateGroups: value || undefined }),
  },
  form: {
    label: "Formulaire",
    description: "Son identifiant, en lettres minuscules. S'il n'existe pas encore, l'onglet Formulaires en écrit un premier.",
    get: (element) => extension(element, "zeebe:FormDefinition")?.formId ?? "",
    set: (services, element, value) => change(services, element, "zeebe:FormDefinition", { formId: value || undefined, formKey: undefined }),
  },
  due: {
    label: "Échéance visée",
    description: "En FEEL, comme : = echeance(\"orientation\", dossier.ouverture)",
    get: (element) => extension(element, "zeebe:TaskSchedule")?.dueDate ?? "",
    set: (services, element, value) => change(services, element, "zeebe:TaskSchedule", { dueDate: value || undefined }),
  },
  limit: {
    label: "Limite légale",
    description: "Montrée à côté de l'échéance visée. En FEEL.",
    get: (element) => property(element, "limite")?.value ?? "",
    set: (services, element, value) => changeProperty(services, element, "limite", value),
  },
};

function Entry(name) {
  return function JalonEntry({ element, id }) {
    const services = { modeling: useService("modeling"), bpmnFactory: useService("bpmnFactory") };
    const debounce = useService("debounceInput");
    const told = useService("jalonWords");
    const field = FIELDS[name];
    const common = {
      element,
      id,
      label: field.label,
      description: field.description,
      getValue: () => field.get(element),
      setValue: (value) => field.set(services, element, value),
      debounce,
    };
    if (name !== "group") return jsx(TextFieldEntry, common);
    const current = field.get(element);
    const known = told.groups.map((group) => ({ value: group, label: group }));
    const own = current && !told.groups.includes(current) ? [{ value: current, label: current }] : [];
    return jsx(SelectEntry, { ...common, getOptions: () => [{ value: "", label: "Choisir un groupe" }, ...known, ...own] });
  };
}

const ENTRIES = Object.keys(FIELDS).map((name) => ({
  id: `jalon-${name}`,
  component: Entry(name),
  isEdited: name === "group" ? isSelectEntryEdited : isTextFieldEntryEdited,
}));

class TaskPanel {
  static $inject = ["propertiesPanel"];

  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(400, this);
  }

  getGroups(element) {
    return (groups) => {
      const kept = groups.filter((group) => !LEFT_OUT.has(group.id));
      if (element.type !== "bpmn:UserTask") return kept;
      const task = { id: "jalon-task", label: "Tâche", shouldOpen: true, entries: ENTRIES };
      return [...kept.slice(0, 1), task, ...kept.slice(1)];
    };
  }
}

/** The didi module of this part. `groups`: the names of the département's groups. */
export function taskPanel(groups) {
  return { __init__: ["jalonTaskPanel"], jalonTaskPanel: ["type", TaskPanel], jalonWords: ["value", { groups }] };
}
