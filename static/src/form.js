// Draws again, by the server's own rules, the questions that depend on an answer just given; without this file a button does it.
const form = document.querySelector("form[data-task], form[data-live-form]");
let asked = 0;

function keyed(root) {
  return new Map([...root.querySelectorAll("[data-field]")].map((node) => [node.dataset.field, node]));
}

// Controls that did not change keep their node: what was typed meanwhile, chosen files and focus stay.
function merge(old, fresh) {
  const known = keyed(old);
  for (const [name, node] of keyed(fresh)) {
    const same = known.get(name);
    if (same && same.dataset.shape === node.dataset.shape) node.replaceWith(same);
  }
  old.replaceChildren(...fresh.childNodes);
}

async function redraw() {
  const turn = ++asked;
  const data = new FormData(form);
  for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
  data.set("bouton", "actualiser");
  const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok || turn !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-fields]");
  const old = form.querySelector("[data-fields]");
  if (!fresh || !old) return;
  const focus = document.activeElement && document.activeElement.id;
  merge(old, fresh);
  if (focus && document.activeElement.id !== focus) document.getElementById(focus)?.focus();
}

if (form) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("[data-live]")) redraw();
  });
}
