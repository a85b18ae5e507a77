// Keeps the draft two seconds after the last key and on leaving; conditions of the form are the server's.
const form = document.querySelector("form[data-task]");
const status = form && form.querySelector("[data-saved]");
let waiting = 0;
let sent = false;
let changed = false;

function body() {
  const data = new FormData(form);
  for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
  data.set("csrf", form.dataset.csrf);
  return data;
}

async function keep() {
  waiting = 0;
  if (!changed || sent) return;
  changed = false;
  try {
    const answer = await fetch(form.dataset.task, { method: "POST", body: body(), headers: { Accept: "application/json" } });
    const told = await answer.json();
    status.textContent = answer.ok ? told.texte : told.message;
  } catch {
    changed = true;
    status.textContent = "Hors ligne : pas encore enregistré, nouvel essai dans 10 secondes";
    waiting = setTimeout(keep, 10000);
  }
}

if (form && status) {
  form.addEventListener("input", () => {
    changed = true;
    clearTimeout(waiting);
    waiting = setTimeout(keep, 2000);
  });
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("pagehide", () => {
    if (changed && !sent) navigator.sendBeacon(form.dataset.task, body());
  });
}
document.querySelector('[role="alert"]')?.focus();
