// Keyboard shortcuts of the inbox: the page works whole without this file.
const KEY = "jalon-raccourcis";
const rows = () => [...document.querySelectorAll("tr[data-row]")];
const dialog = document.getElementById("raccourcis");
const switchBox = document.getElementById("raccourcis-actifs");
const opener = document.querySelector("[data-shortcuts]");
const on = () => localStorage.getItem(KEY) !== "non";

if (opener) {
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
}
if (switchBox) {
  switchBox.checked = on();
  switchBox.addEventListener("change", () => localStorage.setItem(KEY, switchBox.checked ? "oui" : "non"));
}

const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
const current = () => rows().findIndex((row) => row.contains(document.activeElement));

function go(step) {
  const all = rows();
  if (!all.length) return;
  const next = Math.min(Math.max(current() + step, 0), all.length - 1);
  all[next].querySelector("a.open").focus();
}

function press(key) {
  const row = rows()[current()];
  const form = row && row.querySelector(`form[data-key="${key}"]`);
  if (form) form.requestSubmit();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || dialog.open) return;
  if (event.key === "?") { dialog.showModal(); event.preventDefault(); return; }
  if (!on()) return;
  const acts = { j: () => go(1), k: () => go(-1), c: () => press("c"), u: () => press("u"), "/": () => document.getElementById("recherche")?.focus() };
  const act = acts[event.key];
  if (act) { act(); event.preventDefault(); }
});
