// The picture in the address: opened, kept up to date, shown to a class.
import { readLink, tidy, writeLink } from "./link.js";
import { clampZoom } from "./pane.js";
import { acts, app, calm, DEFAULT_SPEED, FIRST_MINUTE, plan, speedOf, SPEEDS, steers, wire } from "./state.js";
import { language } from "./words.js";

export function openLink(link) {
  const given = link ?? { ...readLink() };
  app.view = given.view; app.place = given.place;
  app.frameGiven = given.frame !== null;
  if (given.frame) app.frame = [clampZoom(given.frame[0]), given.frame[1], given.frame[2]];
  if (given.lesson) { app.lesson = app.hello.lessons.find((one) => one.id === given.lesson) ?? null; app.step = Math.min(given.step, (app.lesson?.steps.length ?? 1) - 1); if (app.lesson) acts.showTab("lessons"); }
  const world = app.hello.worlds.includes(given.world) ? given.world : app.hello.worlds[0];
  wire.send({ do: "speed", minutes: SPEEDS.includes(given.speed) ? given.speed : DEFAULT_SPEED });
  wire.send({ do: "open", plan: { world, seed: given.seed, a: given.a, b: given.b }, minute: given.minute ?? FIRST_MINUTE });
  if (given.minute === null && !calm.matches) wire.send({ do: "play", on: true });
  if (given.minute === null && !given.lesson) acts.welcome(true);
}
function linkNow() {
  return { world: plan().world, seed: app.world?.seed ?? 1, minute: app.state.minute, a: plan().a.map(tidy), b: plan().b?.map(tidy) ?? null,
    view: app.view, place: app.place, speed: speedOf() === DEFAULT_SPEED ? null : speedOf(), language,
    frame: app.frameGiven ? app.frame : null, lesson: app.lesson?.id ?? null, step: app.step };
}
let kept = "", keepTimer = null;
export function keepLink() {
  if (!app.world || !plan().world || app.state.busy || app.world.id !== plan().world) return;
  if (app.state.playing) { keepTimer ??= setTimeout(() => { keepTimer = null; writeNow(); }, 1000); } else writeNow();
}
export function writeNow() {
  const hash = writeLink(linkNow());
  if (hash === kept) return;
  kept = hash;
  history.replaceState(null, "", hash);
  if (app.hello?.class && steers()) wire.send({ do: "show", view: { view: app.view, place: app.place, frame: app.frame, tab: app.tab, lesson: app.lesson?.id ?? null, step: app.step, answered: app.answered } });
}
addEventListener("hashchange", () => { if (location.hash !== kept && steers()) { const link = readLink(); if (link.language) acts.setLanguage(link.language); openLink(link); acts.layout(); } });
export function takeShown(view) {
  if (steers()) return;
  Object.assign(app, { view: view.view ?? "a", place: view.place, frame: view.frame ?? app.frame, step: view.step ?? 0, answered: view.answered ?? null });
  app.lesson = app.hello?.lessons.find((one) => one.id === view.lesson) ?? null;
  acts.showTab(view.tab ?? app.tab);
  acts.layout();
}
