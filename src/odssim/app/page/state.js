// What the page knows and shows, in one place, and what its parts can ask of each other.
import { Pane } from "./pane.js";
import { Wire } from "./wire.js";

export const SPEEDS = [1, 2, 5, 15, 60, 360, 1440, 0];
export const FIRST_MINUTE = 7 * 1440 + 7 * 60;
export const DEFAULT_SPEED = 2;
export const calm = matchMedia("(prefers-reduced-motion: reduce)");

export const app = {
  hello: null, world: null, state: null, panes: { a: new Pane("a"), b: new Pane("b") }, frame: [1, 0.5, 0.5], view: "a",
  place: null, cardPane: "a", card: null, hover: null, moves: null, draft: null, tab: "charts", lesson: null, step: 0,
  answered: null, search: "", spoken: 0, names: ["a"], asked: null,
};
window.odssim = app; // for tests and for the curious
export const wire = new Wire();
export const steers = () => app.hello?.role === "steer";
export const plan = () => app.state?.plan ?? { world: null, seed: null, a: [], b: null };
export const speedOf = () => app.state?.speed ?? DEFAULT_SPEED;

// Functions of the page that its parts call; main.js fills it in.
export const acts = {};

const waiting = new Map();
export function later(name, work) {
  if (waiting.has(name)) return;
  waiting.set(name, setTimeout(() => { waiting.delete(name); work(); }, app.state?.playing ? 120 : 0));
}
