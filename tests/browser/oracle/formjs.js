// The oracle of forms: form-js's own viewer imports a schema and data, submits, and tells what it refuses and keeps.
import { createForm } from "@bpmn-io/form-js-viewer";

window.judge = async (cases) => {
  const told = [];
  for (const { schema, data } of cases) {
    const container = document.createElement("div");
    document.body.append(container);
    const form = await createForm({ schema, data, container });
    const { data: kept, errors } = form.submit();
    const registry = form.get("formFieldRegistry");
    const refused = Object.keys(errors).map((id) => registry.get(id.split("_")[0])?.key ?? registry.get(id)?.key ?? id);
    told.push({ kept, refused: [...new Set(refused)].sort() });
    form.destroy();
    container.remove();
  }
  return told;
};
