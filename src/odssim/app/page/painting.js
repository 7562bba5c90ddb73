// What is drawn over the maps, and what stands below each of them.
import { netParts } from "./fates.js";
import { paintMarks } from "./marks.js";
import { label, WISH_COLOURS } from "./methods.js";
import { app, plan } from "./state.js";
import { el, t } from "./words.js";

function difference() {
  const now = new Map(app.panes.b.glow);
  for (const [p, v] of app.panes.a.glow) now.set(p, (now.get(p) ?? 0) - v);
  return [...now].filter(([, v]) => Math.abs(v) >= 0.3);
}
export function paint() {
  if (!app.world) return;
  for (const name of app.view === "both" && plan().b ? ["a", "b"] : ["a"]) {
    const pane = app.panes[name], diff = app.view === "difference" && plan().b ? difference() : null;
    pane.paintGlow(diff);
    const wishes = [...(diff ? plan().b : plan()[name] ?? []), ...(app.draft ? [app.draft.wish] : [])];
    paintMarks(pane, { wishes, colours: wishes.map((_, k) => WISH_COLOURS[k % WISH_COLOURS.length]), place: app.place, hover: app.hover, difference: diff,
      arrows: diff || (name === "b" && app.view === "both") ? app.moves?.arrows : null });
    pane.label.replaceChildren(...(diff ? [t("pane_difference"), netInShort()] : app.names.length > 1 ? [paneName(name), name === "b" ? netInShort() : ""] : []).map((text) => el("span", {}, text)));
    pane.label.hidden = !pane.label.textContent;
    pane.node.setAttribute("aria-label", t("map_help", { pane: name.toUpperCase() }));
  }
}
function paneName(name) {
  const labels = [...new Set((plan()[name] ?? []).map((wish) => label(app.hello.catalogue.find((one) => one.id === wish.type))))];
  const text = labels.length > 2 ? `${labels[0]} + ${labels.length - 1}` : labels.join(" + ");
  return `${name.toUpperCase()}: ${text || t("pane_bare")}`;
}
function netInShort() {
  const moves = app.moves?.before ? app.moves : null;
  return moves ? `${netParts(moves).map(({ key, change }) => `${t(`${key}_short`)} ${change}`).join(" · ")} (${t("net_short_unknown")})` : "";
}
