// Methods: picked or dropped, set, placed in A or B, changed, taken away.
import { tidy } from "./link.js";
import { methodsPanel, newWish } from "./methods.js";
import { paint } from "./painting.js";
import { toast } from "./spoken.js";
import { acts, app, plan, steers, wire } from "./state.js";
import { byId as $, dateText, t } from "./words.js";

// Ask for another plan; without a minute the clock goes on from where it stands.
export function change(parts, minute) {
  const next = { world: plan().world, seed: plan().seed, a: plan().a, b: plan().b, ...parts };
  wire.send({ do: "open", plan: { world: next.world, seed: next.seed, a: next.a.map(tidy), b: next.b?.map(tidy) ?? null }, ...(minute === undefined ? {} : { minute }) });
}

export function showMethods() {
  if (!app.hello || !app.world) return;
  $("methods").replaceChildren(...methodsPanel({ catalogue: app.hello.catalogue, plan: plan(), steers: steers(), draft: app.draft,
    start: app.world.start, world: app.world, actions: methodActions, search: app.search }));
}
export const methodActions = {
  pick(id, places, pane) {
    const entry = app.hello.catalogue.find((one) => one.id === id), first = Math.floor(app.state.minute / 1440) + 1;
    const chosen = places ?? (app.place !== null ? [app.place] : methodActions.busiest(1));
    app.draft = { wish: newWish(entry, first, chosen), pane: pane ?? (app.view === "both" && plan().b ? "b" : "a"), first };
    acts.showTab("methods"); showMethods(); paint();
    $("editor").scrollIntoView({ block: "nearest" });
    $("editor").querySelector("button[type=submit]").focus({ preventScroll: true });
  },
  add(pane) {
    const { wish, index } = app.draft, list = plan()[pane] ?? plan().a;
    const next = index === undefined ? [...list, wish] : list.map((one, k) => (k === index ? wish : one));
    if (app.hello.catalogue.find((one) => one.id === wish.type).places && !wish.places.length) return toast(t("no_place"));
    app.draft = null;
    if (pane === "b" && !plan().b) app.view = "both";
    change({ [pane]: next });
    showMethods(); toast(t("added", { date: dateText(app.world.start, wish.day * 1440, false) }), true);
  },
  edit(pane, index) {
    const wish = structuredClone(plan()[pane][index]);
    app.draft = { wish: { places: [], dose: 1, options: {}, ...wish }, pane, index, first: Math.min(wish.day, Math.floor(app.state.minute / 1440) + 1) };
    showMethods(); paint();
    $("methods").scrollTop = 0;
  },
  remove(pane, index) { change({ [pane]: plan()[pane].filter((_, k) => k !== index) }); },
  cancel() { app.draft = null; showMethods(); paint(); },
  save() { wire.send({ do: "save", pane: plan().b ? "b" : "a" }); },
  busiest: (n) => [...app.panes.a.glow].sort((u, v) => v[1] - u[1]).slice(0, n).map(([p]) => p),
  redraw: paint,
  search(text) { app.search = text; },
};
