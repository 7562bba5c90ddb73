import { LANGUAGES } from "./words.js";

// The whole picture in the address: world, seed, interventions with their start, minute, view.
export const EMPTY = { world: null, seed: null, a: [], b: null, minute: null, view: "a", place: null, frame: null,
  language: null, lesson: null, step: 0, speed: null };

export function readLink(hash = location.hash) {
  const link = { ...EMPTY };
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const whole = (name) => (/^\d+$/.test(parts.get(name) ?? "") ? Number(parts.get(name)) : null);
  const list = (name) => {
    try {
      const found = JSON.parse(parts.get(name));
      return Array.isArray(found) ? found : null;
    } catch { return null; }
  };
  link.world = parts.get("w");
  link.seed = whole("s");
  link.a = list("a") ?? [];
  link.b = list("b");
  link.minute = whole("t");
  link.view = ["both", "difference"].includes(parts.get("v")) && link.b ? parts.get("v") : "a";
  link.place = whole("p");
  link.speed = whole("x");
  link.language = Object.hasOwn(LANGUAGES, parts.get("l")) ? parts.get("l") : null;
  const frame = (parts.get("z") ?? "").split(",").map(Number);
  link.frame = frame.length === 3 && frame.every(Number.isFinite) ? frame : null;
  link.lesson = parts.get("k");
  link.step = whole("n") ?? 0;
  return link;
}

export function writeLink(link) {
  const parts = [`w=${encodeURIComponent(link.world)}`, `s=${link.seed}`, `t=${link.minute}`];
  if (link.a.length) parts.push(`a=${encodeURIComponent(JSON.stringify(link.a))}`);
  if (link.b) parts.push(`b=${encodeURIComponent(JSON.stringify(link.b))}`);
  if (link.view !== "a") parts.push(`v=${link.view}`);
  if (link.place !== null) parts.push(`p=${link.place}`);
  if (link.speed !== null) parts.push(`x=${link.speed}`);
  if (link.frame) parts.push(`z=${link.frame.map((v) => Math.round(v * 1000) / 1000).join(",")}`);
  if (link.lesson) parts.push(`k=${link.lesson}`, `n=${link.step}`);
  parts.push(`l=${link.language}`);
  return `#${parts.join("&")}`;
}

// An intervention as the server takes it: defaults left out, so that links stay short.
export function tidy(wish) {
  const out = { type: wish.type, day: wish.day, weeks: wish.weeks };
  if (wish.places?.length) out.places = wish.places;
  if (wish.dose !== undefined && wish.dose !== 1) out.dose = wish.dose;
  if (wish.resources === "from_baseline") out.resources = wish.resources;
  if (wish.options && Object.keys(wish.options).length) out.options = wish.options;
  return out;
}
