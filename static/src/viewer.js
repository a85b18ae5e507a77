// Draws the diagram of a case where it stands, and replays a case fact by fact with a slider and keys.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import { Marks, showAll } from "./drawing.js";
import { french } from "./french.js";
import { read } from "./line.js";
import dictionary from "./fr/bpmn.js";
import "./viewer.css";

function viewerIn(container) {
  container.dataset.bsTheme = "light";
  return new NavigatedViewer({ container, additionalModules: [french(dictionary)] });
}

function told(place, message) {
  place.textContent = message;
  place.classList.add("viewer-told");
}

// Where a case stands ---------------------------------------------------------------------------------------------

async function drawCase(place) {
  try {
    const seen = await read(place.dataset.viewer);
    const viewer = viewerIn(place);
    await viewer.importXML(seen.xml);
    const marks = new Marks(viewer);
    marks.add(seen.done ?? [], "done");
    marks.add(seen.flows ?? [], "done");
    marks.add(seen.active ?? [], "here");
    showAll(viewer);
    place.dataset.drawn = "1";
  } catch (fault) {
    told(place, fault.message);
  }
}

function drawWhenShown(place) {
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    watch.disconnect();
    drawCase(place);
  });
  watch.observe(place);
}

// Replay ----------------------------------------------------------------------------------------------------------

/** One frame whatever its writing: a row [seq, instance, entered, left, flows, cancelled] or an object. */
function frameOf(given) {
  if (!Array.isArray(given)) return { entered: [], left: [], flows: [], cancelled: [], ...given, instance: given.instance_id ?? given.instance };
  const [seq, instance, entered, left, flows, cancelled] = given;
  return { seq, instance, entered, left, flows, cancelled };
}

/** What is done and where it stands in an instance after frame `at` (its place in the list). */
function standing(frames, at, instance) {
  const done = new Set();
  const open = new Map();
  for (const frame of frames.slice(0, at + 1)) {
    if (frame.instance !== instance) continue;
    for (const id of frame.entered) open.set(id, (open.get(id) ?? 0) + 1);
    for (const id of [...frame.left, ...frame.cancelled]) open.set(id, Math.max((open.get(id) ?? 0) - 1, 0));
    for (const id of [...frame.left, ...frame.flows]) done.add(id);
    if (frame.active) {
      open.clear();
      for (const id of frame.active) open.set(id, 1);
    }
  }
  return { done, active: [...open].filter(([, count]) => count).map(([id]) => id) };
}

/** Scrolls the list, never the page, until the line shows. */
function showInList(link) {
  const list = link.closest("ol");
  const [line, shown] = [link.getBoundingClientRect(), list.getBoundingClientRect()];
  if (line.top < shown.top) list.scrollTop -= shown.top - line.top;
  else if (line.bottom > shown.bottom) list.scrollTop += line.bottom - shown.bottom;
}

class Replay {
  constructor(place, told) {
    this.place = place;
    this.diagrams = told.diagrams;
    this.instances = told.instances;
    this.frames = told.frames.map(frameOf);
    this.slider = place.querySelector("[data-slider]");
    this.links = new Map([...place.querySelectorAll("a[data-seq]")].map((link) => [Number(link.dataset.seq), link]));
    this.viewer = viewerIn(place.querySelector("[data-canvas]"));
    this.marks = new Marks(this.viewer);
    this.drawn = "";
    this.turn = 0;
    this.listen();
  }

  listen() {
    this.slider.addEventListener("input", () => this.show(Number(this.slider.value)));
    for (const button of this.place.querySelectorAll("[data-step]")) button.addEventListener("click", () => this.step(button.dataset.step));
    for (const [seq, link] of this.links) {
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        this.show(seq);
      });
    }
    this.place.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input, textarea, select")) return;
    const step = { ArrowLeft: "prev", ArrowRight: "next", Home: "first", End: "last" }[event.key];
    if (!step) return;
    event.preventDefault();
    this.step(step);
  }

  step(name) {
    const last = Number(this.slider.max);
    const at = Number(this.slider.value);
    const human = [...this.links].find(([seq, link]) => seq > at && link.dataset.human === "1");
    const wanted = { first: 1, prev: at - 1, next: at + 1, last, human: human ? human[0] : last }[name];
    this.show(Math.min(Math.max(wanted, 1), last));
  }

  async show(seq) {
    const turn = ++this.turn;
    this.slider.value = seq;
    this.tell(seq);
    const place = this.place_of(seq);
    if (place < 0) return;
    const { instance } = this.frames[place];
    const key = this.instances[instance];
    if (key && key !== this.drawn) {
      await this.viewer.importXML(this.diagrams[key].xml);
      if (turn !== this.turn) return this.show(Number(this.slider.value));
      this.drawn = key;
      this.marks.set = [];
      this.place.querySelector("[data-diagram-title]").textContent = this.diagrams[key].title;
      this.place.querySelector("[data-diagram-version]").textContent = this.diagrams[key].version;
      showAll(this.viewer);
    }
    const { done, active } = standing(this.frames, place, instance);
    this.marks.clear();
    this.marks.add(done, "done");
    this.marks.add(active, "here");
    this.place.dataset.shown = String(seq);
  }

  /** The last frame of an instance at or before a fact: facts that touch no diagram keep the one before. */
  place_of(seq) {
    for (let place = this.frames.length - 1; place >= 0; place--) {
      if (this.frames[place].seq <= seq && this.instances[this.frames[place].instance]) return place;
    }
    return this.frames.findIndex((frame) => this.instances[frame.instance]);
  }

  tell(seq) {
    const words = `Fait ${seq} sur ${this.slider.max}`;
    this.place.querySelector("[data-position]").textContent = words;
    for (const [number, link] of this.links) {
      link.classList.toggle("after", number > seq);
      if (number === seq) link.setAttribute("aria-current", "step");
      else link.removeAttribute("aria-current");
    }
    const link = this.links.get(seq);
    this.slider.setAttribute("aria-valuetext", link ? `${words} : ${link.textContent.trim().replace(/\s+/g, " ")}` : words);
    const template = link?.parentElement.querySelector("template");
    if (template) this.place.querySelector("[data-detail]").replaceChildren(template.content.cloneNode(true));
    if (link) showInList(link);
    history.replaceState(null, "", `?fait=${seq}`);
  }
}

for (const place of document.querySelectorAll("[data-viewer]")) drawWhenShown(place);
const replayed = document.querySelector("[data-replay]");
if (replayed) {
  read(replayed.dataset.replay)
    .then((told_) => new Replay(replayed, told_).show(Number(replayed.dataset.at)))
    .catch((fault) => told(replayed.querySelector("[data-canvas]"), fault.message));
}
