// The page: what the server tells, the panels, the controls, the frames.
import { placeCard } from "./card.js";
import { Charts } from "./charts.js";
import { fatesPanel } from "./fates.js";
import { listenToKeys, listenToMap, TABS } from "./input.js";
import { readLink } from "./link.js";
import { paint } from "./painting.js";
import { change, methodActions, showMethods } from "./placing.js";
import { keepLink, openLink, takeShown, writeNow } from "./sharing.js";
import { openDialog, showHelp, showLegend, speak, toast } from "./spoken.js";
import { acts, app, calm, FIRST_MINUTE, later, plan, SPEEDS, speedOf, steers, wire } from "./state.js";
import { lessonCharts, showLessons } from "./teaching.js";
import { unpack } from "./terrain.js";
import { byId as $, clockText, dateText, el, know, number, t, useLanguage } from "./words.js";

const charts = new Charts($("all-charts"));

// ---- the server speaks

wire.addEventListener("hello", ({ detail }) => {
  const again = app.hello !== null;
  app.hello = detail;
  know({ week: detail.week_days });
  const lessons = app.hello.lessons;
  $("world").replaceChildren(...detail.worlds.map((id) => el("option", { value: id }, t(`world_${id}`))));
  $("role").hidden = !detail.class;
  $("role").textContent = detail.class ? t(`role_${detail.role}`) : "";
  for (const id of ["world", "seed", "play", "back", "on", "speed", "seek"]) $(id).disabled = !steers();
  if (detail.shown?.view) takeShown(detail.shown);
  if (steers() && (!again || !detail.class)) openLink(again ? null : readLink());
  app.lesson = app.lesson ? lessons.find((one) => one.id === app.lesson.id) : null;
  showSide();
});
wire.addEventListener("world", ({ detail }) => {
  app.world = detail;
  unpack(detail);
  if (!app.frameGiven) app.frame = [1, detail.width_m / detail.side / 2, detail.height_m / detail.side / 2];
  $("notices").textContent = detail.notices.join(" · ");
  $("seek").max = detail.last / 1440 - 1;
  for (const pane of Object.values(app.panes)) pane.rows = [];
  layout();
  showLegend(detail);
});
wire.addEventListener("day", ({ detail }) => {
  const pane = app.panes[detail.pane];
  pane.rows = [...pane.rows.slice(0, detail.reset ? 0 : detail.first), ...detail.rows];
  pane.glow = detail.glow; pane.scenes = detail.scenes;
  later("day", () => { paint(); showCharts(); askCard(); speak(app); });
});
wire.addEventListener("frame", ({ detail }) => { app.panes[detail.pane].take(detail, app.state?.playing, calm.matches); });
wire.addEventListener("moves", ({ detail }) => { app.moves = detail.moves; showFates(); paint(); });
wire.addEventListener("card", ({ detail }) => { app.card = detail; showPlace(); });
wire.addEventListener("show", ({ detail }) => takeShown(detail.view));
wire.addEventListener("saved", ({ detail }) => openDialog(el("h2", {}, t("save")), el("p.note", {}, t("save_note")), el("textarea", { readonly: true, "aria-label": t("save") }, detail.toml)));
wire.addEventListener("error", ({ detail }) => {
  const text = detail.key ? t(`error_${detail.key}`) : detail.text;
  if (detail.final) { app.final = text; showBusy(); } else toast(text);
});
wire.addEventListener("lost", () => { if (app.hello && !app.final) toast(t("lost")); });
wire.addEventListener("state", ({ detail }) => {
  const before = app.state;
  app.state = detail;
  const names = detail.plan?.b ? ["a", "b"] : ["a"];
  if (String(names) !== String(app.names)) { app.names = names; if (names.length === 1) { app.view = "a"; app.moves = null; } layout(); }
  if (JSON.stringify(before?.plan) !== JSON.stringify(detail.plan)) { showMethods(); paint(); }
  if (!detail.playing) for (const pane of Object.values(app.panes)) pane.dots.settle();
  if (detail.minute === app.asked || detail.playing) app.asked = null;
  showControls();
  keepLink();
});

function welcome(on) {
  $("welcome").hidden = !on;
  if (on) $("legend").open = $("stage").clientWidth > 900; // who comes cold sees what a dot is
}

// ---- asking for another minute or view

function setView(view) {
  app.view = view;
  if (view !== "a" && !plan().b && steers()) change({ b: plan().a });
  layout();
  keepLink();
}
function seek(minute) { app.asked = Math.max(0, Math.min(app.world.last, minute)); wire.send({ do: "seek", minute: app.asked }); }
const seekDay = (days) => seek((app.asked ?? app.state.minute) + 1440 * days); // from where it is going, if it is not there yet
function togglePlay() { wire.send({ do: "play", on: !app.state.playing }); }

// ---- panels

function showControls() {
  const { playing, speed } = app.state, minute = app.asked ?? app.state.minute;
  $("play").textContent = playing ? `❚❚ ${t("pause")}` : `▶ ${t("play")}`;
  const at = Math.max(0, SPEEDS.indexOf(speed));
  if (document.activeElement !== $("speed")) $("speed").value = at;
  $("speed-text").textContent = t(`speed_${SPEEDS[at]}`);
  $("speed").setAttribute("aria-valuetext", t(`speed_${SPEEDS[at]}`));
  const day = Math.floor(minute / 1440);
  if (!app.dragging) $("seek").value = day;
  $("seek-text").textContent = t("day_n", { n: (app.dragging ? Number($("seek").value) : day) + 1 });
  if (app.world) $("seek").setAttribute("aria-valuetext", dateText(app.world.start, minute));
  if (document.activeElement !== $("world")) $("world").value = plan().world ?? "";
  if (document.activeElement !== $("seed")) $("seed").value = plan().seed ?? app.world?.seed ?? "";
  showBusy();
  for (const node of document.querySelectorAll("[data-view]")) {
    node.setAttribute("aria-pressed", node.dataset.view === app.view);
    node.disabled = !steers() && node.dataset.view !== "a" && !plan().b;
  }
}
// Why there is nothing to see yet: refused, the teacher is not there, the town is on its way.
function showBusy() {
  const [done, all] = app.state?.busy ?? [0, 0], waits = app.hello && !steers() && !plan().world;
  $("busy").hidden = !(app.final || waits || app.state?.busy);
  $("busy-bar").hidden = !app.state?.busy;
  $("busy-text").textContent = app.final || (waits ? t("wait_teacher") : all > 1 ? t("busy_days", { n: Math.floor(done / 1440), all: Math.ceil(all / 1440) }) : done > 1 ? t("busy_past", { n: done }) : t("busy_start"));
  if (all > 1) { $("busy-bar").max = all; $("busy-bar").value = done; } else $("busy-bar").removeAttribute("value");
}
function layout() {
  if (!app.world) return;
  const shown = app.view === "both" && plan().b ? ["a", "b"] : ["a"];
  $("panes").replaceChildren(...shown.map((name) => app.panes[name].node));
  // whole pixels, else the browser blurs the dots
  const wide = Math.floor(($("panes").clientWidth - 2 * (shown.length - 1)) / shown.length);
  for (const name of shown) app.panes[name].node.style.flex = `0 0 ${wide}px`;
  for (const name of shown) app.panes[name].resize(app.world, app.frame);
  charts.build(app.names, $("side").clientWidth);
  if (app.tab === "lessons") showLessons();
  paint(); showCharts(); showFates();
  if (app.state) showControls();
}
function showCharts() {
  if (!app.world || !app.names.every((name) => app.panes[name].rows.length)) return;
  const days = app.names.flatMap((name) => (plan()[name] ?? []).map((wish) => [name, wish.day]));
  if (app.tab === "charts") charts.update(app.panes, days, app.world.start);
  if (app.tab === "lessons") lessonCharts.update(app.panes, days, app.world.start);
}
function showFates() {
  for (const box of document.querySelectorAll(".fates")) {
    box.hidden = !plan().b;
    box.setAttribute("aria-label", t("fates_title"));
    box.replaceChildren(...fatesPanel(app.moves));
  }
}
let asked = 0;
function askCard() {
  if (app.place === null || app.tab !== "place" || !app.state) return;
  const now = performance.now();
  if (now - asked < 700 && app.state.playing) return;
  asked = now;
  wire.send({ do: "card", pane: app.names.includes(app.cardPane) ? app.cardPane : "a", place: app.place });
}
function showPlace() {
  const box = $("place");
  if (app.place === null || !app.card) {
    const names = el("datalist", { id: "place-names" }, (app.world?.places.name ?? []).slice(0, 4000).map((name) => el("option", { value: name })));
    box.replaceChildren(el("h2", {}, t("place_none")), el("p.note", {}, t("place_note")),
      el("label.field", {}, el("span", {}, t("place_find")), el("input", { type: "text", list: "place-names", id: "place-find", onchange: (event) => { const p = app.world.places.name.indexOf(event.target.value); if (p >= 0) select(p); } })), names,
      el("h3", {}, t("scenes_now")), el("div", { id: "scene-list" }, app.panes.a.scenes.map((scene) => el("button.lesson", { onclick: () => select(scene.place) }, app.world.places.name[scene.place], el("small", {}, t("scene_label", { n: number(scene.deals, 0) }))))));
    return;
  }
  box.replaceChildren(...placeCard(app.card, { steers: steers(), close: () => select(null), work: () => { showTab("methods"); toast(t("pick_method"), true); } }));
}
function select(p, pane) {
  app.place = p; app.card = null;
  if (pane) app.cardPane = pane;
  if (p !== null) showTab("place");
  askCard(); showPlace(); paint(); keepLink();
  if (p !== null && app.draft && !app.draft.wish.places.includes(p)) { app.draft.wish.places.push(p); app.draft.showPlaces?.(); paint(); }
}
function showTab(name) {
  app.tab = name;
  if (name !== "charts") welcome(false);
  for (const tab of TABS) {
    $(tab).hidden = tab !== name;
    $(`tab-${tab}`).setAttribute("aria-selected", tab === name);
    $(`tab-${tab}`).tabIndex = tab === name ? 0 : -1;
  }
  if (name === "charts") showCharts();
  if (name === "place") { showPlace(); askCard(); }
  if (name === "methods") showMethods();
  if (name === "lessons") showLessons();
}
function showSide() { showTab(app.lesson ? "lessons" : app.place !== null ? "place" : app.tab); showMethods(); }

function setSpeed(step) { wire.send({ do: "speed", minutes: SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, SPEEDS.indexOf(speedOf()) + step))] }); }

async function setLanguage(wanted) {
  await useLanguage(wanted);
  document.title = `odssim – ${t("tagline")}`;
  if (!app.hello) return;
  for (const option of $("world").options) option.textContent = t(`world_${option.value}`);
  if (app.hello.class) $("role").textContent = t(`role_${app.hello.role}`);
  layout(); showSide();
  if (app.world) showLegend(app.world);
  app.spoken = 0; speak(app); keepLink();
}

// ---- controls

Object.assign(acts, { steers, later, paint, select, keepLink, layout, showCharts, showFates, showTab, seekDay, setLanguage, setView, setSpeed, togglePlay, showHelp, welcome,
  speak: () => speak(app), pick: methodActions.pick, cancel: methodActions.cancel });
listenToMap(app, acts);
listenToKeys(app, acts);

$("play").onclick = togglePlay;
$("back").onclick = () => seekDay(-1);
$("on").onclick = () => seekDay(1);
$("speed").oninput = (event) => wire.send({ do: "speed", minutes: SPEEDS[Number(event.target.value)] });
$("seek").oninput = () => { app.dragging = true; showControls(); };
$("seek").onchange = () => { app.dragging = false; seek(Number($("seek").value) * 1440 + (app.state.minute % 1440)); };
$("world").onchange = (event) => { app.frameGiven = false; app.place = null; app.draft = null; app.view = "a"; change({ world: event.target.value, seed: null, a: [], b: null }, FIRST_MINUTE); };
$("seed").onchange = (event) => { if (event.target.checkValidity() && event.target.value !== "") change({ seed: Number(event.target.value) }); };
$("help").onclick = showHelp;
$("table").onclick = () => openDialog(el("h2", {}, t("table")), charts.table(app.world.start));
$("welcome-close").onclick = () => welcome(false);
$("welcome-lesson").onclick = () => { showTab("lessons"); $("tab-lessons").focus(); };
$("welcome-method").onclick = () => { showTab("methods"); $("tab-methods").focus(); };
$("share").onclick = async () => {
  writeNow();
  const address = app.hello.watch ? `${location.origin}${location.pathname}?token=${app.hello.watch}` : location.href;
  openDialog(el("h2", {}, t("share")), el("p", {}, t(app.hello.watch ? "share_class" : "share_note")), el("textarea", { readonly: true, id: "share-link", "aria-label": t("share") }, address));
  try { await navigator.clipboard.writeText(address); } catch { /* the text stands there to be copied */ }
};
for (const node of document.querySelectorAll("[data-language]")) node.onclick = () => setLanguage(node.dataset.language);
for (const node of document.querySelectorAll("[data-view]")) node.onclick = () => setView(node.dataset.view);
for (const tab of TABS) $(`tab-${tab}`).onclick = () => showTab(tab);

// ---- frames

app.fps = 0;
let last = 0;
function tick(now) {
  requestAnimationFrame(tick);
  app.fps = app.fps * 0.95 + (0.05 * 1000) / Math.max(1, now - last);
  last = now;
  app.drawn = (app.drawn ?? 0) + 1;
  if (!app.world || !app.state) return;
  for (const name of app.view === "both" && plan().b ? ["a", "b"] : ["a"]) app.panes[name].draw(now, app.state.playing ? speedOf() : 1);
  const minute = app.panes.a.shown(now);
  $("time").textContent = app.state.playing && (speedOf() === 0 || speedOf() >= 360) ? "" : clockText(minute);
  $("date").textContent = dateText(app.world.start, minute);
}
await useLanguage(readLink().language ?? navigator.language.slice(0, 2));
document.title = `odssim – ${t("tagline")}`;
showTab("charts");
new ResizeObserver(() => later("size", layout)).observe($("stage"));
wire.connect();
requestAnimationFrame(tick);
