// Saves what an editor holds in the draft, and tells its state in words.
import { send } from "./line.js";

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
