// What drawings share: marks on elements, the whole drawing in view, elements made without markup.

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
