// Words for those who listen, for those who ask, and for those who wonder what a dot is.
import { lookColour } from "./dots.js";
import { byId, dateText, el, number, percent, t } from "./words.js";

const LOOKS = ["home", "waiting", "travelling", "phoning", "seller_selling", "seller_hiding", "unit_police", "unit_guard"];
const KEYS = ["space", "arrows", "plus", "views", "panels", "enter", "escape", "s"];
const SPOKEN_S = 12;

// The summary for screen readers: now and then while the town runs.
export function speak(app) {
  const now = performance.now() / 1000;
  if (!app.world || !app.panes.a.rows.length || (app.state.playing && now - app.spoken < SPOKEN_S)) return;
  app.spoken = now;
  const parts = [t("spoken_time", { date: dateText(app.world.start, app.state.minute), day: Math.floor(app.state.minute / 1440) + 1 })];
  for (const name of app.names) {
    const pane = app.panes[name], row = pane.rows.at(-1).week, scene = pane.scenes[0];
    parts.push(t("spoken_pane", { pane: name.toUpperCase(), deals: number(row.open_deals), arrests: number(row.arrests), sellers: number(row.sellers_active), substance: t(`choice_${pane.rows.at(-1).price_of}`), price: number(row.price_sek, 0), fear: percent(row.fear_share, 1), scenes: pane.scenes.length }));
    if (scene) parts.push(t("spoken_scene", { place: app.world.places.name[scene.place], n: number(scene.deals, 0) }));
  }
  byId("summary").textContent = parts.join(" ");
}

export function openDialog(...nodes) {
  byId("dialog-body").replaceChildren(...nodes);
  byId("dialog").showModal();
}

export function showHelp() {
  const rows = KEYS.map((key) => el("tr", {}, el("td", {}, el("kbd", {}, t(`key_${key}`))), el("td", { style: "text-align:left" }, t(`key_${key}_does`))));
  openDialog(el("h2", {}, t("help_title")), ...t("help_text").split("\n\n").map((part) => el("p", {}, part)),
    el("table", {}, el("tbody", {}, rows)), el("p.note", {}, t("help_modelled")));
}

export function showLegend({ people, sample }) {
  byId("legend-body").replaceChildren(
    el("ul", {}, LOOKS.map((look) => el("li", {}, el("i", { style: `background:${lookColour(look)}` }), t(`look_${look}`))),
      el("li", {}, el("i", { style: "background:radial-gradient(#ffe9b8,#ff7832)" }), t("look_glow")),
      el("li", {}, el("i", { style: "border:1.5px dashed #fff3d0" }), t("look_scene"))),
    el("p.note", {}, t("people", { buyers: number(people.buyers), sellers: number(people.sellers) }), sample < 0.999 ? ` ${t("sample", { n: number(1 / sample, 1) })}` : ""));
}

let timer = null;
export function toast(text, good = false) {
  byId("toast").textContent = text;
  byId("toast").className = good ? "good" : "";
  clearTimeout(timer);
  timer = setTimeout(() => { byId("toast").textContent = ""; }, good ? 3500 : 7000);
}
