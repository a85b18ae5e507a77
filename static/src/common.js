// What the editors and the viewer share: French, the line to the server, marks on a drawing.

/** A didi module that translates with a dictionary and remembers what it lacks in window.jalonUntranslated. */
export function french(dictionary) {
  const missing = (window.jalonUntranslated ??= new Set());
  const translate = (template, replacements = {}) => {
    const known = Object.hasOwn(dictionary, template);
    if (!known && /[a-z]{2}/i.test(template)) missing.add(template);
    const text = known ? dictionary[template] : template;
    return text.replace(/{([^}]+)}/g, (_, key) => {
      const value = replacements[key];
      return value === undefined || value === null ? `{${key}}` : dictionary[value] ?? value;
    });
  };
  return { translate: ["value", translate] };
}

/** The JSON behind an address. Throws an Error whose message may be shown. */
export async function read(address) {
  return answered(await fetch(address, { headers: { Accept: "application/json" } }));
}

/** Sends JSON with the page's CSRF token; the answer's JSON. Throws an Error whose message may be shown. */
export async function send(address, body, csrf) {
  const headers = { Accept: "application/json", "Content-Type": "application/json", "X-CSRF-Token": csrf };
  return answered(await fetch(address, { method: "POST", headers, body: JSON.stringify(body) }));
}

async function answered(answer) {
  let told = {};
  try {
    told = await answer.json();
  } catch {
    // Not JSON: an error page of a proxy, or a session that ended.
  }
  if (!answer.ok) throw new Error(told.message || `Le serveur a répondu ${answer.status}. Rechargez la page ; rien n'a été enregistré.`);
  return told;
}

/** Sets class names on elements of a bpmn-js canvas, and takes away those set before. */
export class Marks {
  constructor(drawing) {
    this.canvas = drawing.get("canvas");
    this.registry = drawing.get("elementRegistry");
    this.set = [];
  }

  clear() {
    for (const [id, name] of this.set) if (this.registry.get(id)) this.canvas.removeMarker(id, name);
    this.set = [];
  }

  add(ids, name) {
    for (const id of ids) {
      if (!this.registry.get(id)) continue;
      this.canvas.addMarker(id, name);
      this.set.push([id, name]);
    }
  }
}

/** Shows the whole drawing beside the palette: `left` pixels stay free for it. */
export function showAll(drawing, left = 0) {
  const canvas = drawing.get("canvas");
  const { inner } = canvas.viewbox();
  const size = canvas.getSize();
  if (!inner.width || !size.width) return;
  const edge = 24;
  const scale = Math.min((size.width - left - 2 * edge) / inner.width, (size.height - 2 * edge) / inner.height, 1);
  const width = size.width / scale;
  const height = size.height / scale;
  const free = (size.width - left) / scale;
  canvas.viewbox({ x: inner.x - left / scale - (free - inner.width) / 2, y: inner.y - (height - inner.height) / 2, width, height });
}

/** An element with text, without any markup. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== false && value !== null) made.setAttribute(key, value === true ? "" : value);
  made.append(...children);
  return made;
}

/** The status line of an editor and its save button: explicit saving, Ctrl+S, a warning before leaving with changes. */
export class Saving {
  constructor(place, content) {
    this.place = place;
    this.content = content;
    this.version = 0;
    this.dirty = false;
    this.busy = false;
    this.listeners = [];
    this.status = document.querySelector("[data-saved]");
    this.button = document.querySelector("[data-save]");
    this.button?.addEventListener("click", () => this.save());
    addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        this.save();
      }
    });
    addEventListener("beforeunload", (event) => {
      if (this.dirty) event.preventDefault();
    });
  }

  changed() {
    if (!this.dirty) this.tell("Modifications non enregistrées");
    this.dirty = true;
  }

  tell(text) {
    if (this.status) this.status.textContent = text;
  }

  onSaved(listener) {
    this.listeners.push(listener);
  }

  async save() {
    if (this.busy || !this.button) return;
    this.busy = true;
    this.dirty = false;
    this.tell("Enregistrement…");
    try {
      const body = { version: this.version, content: await this.content() };
      const told = await send(this.place.dataset.saveTo, body, this.place.dataset.csrf);
      this.version = told.version;
      this.tell(told.text);
      for (const listener of this.listeners) listener(told);
    } catch (fault) {
      this.dirty = true;
      this.tell(fault.message);
    } finally {
      this.busy = false;
    }
  }
}
