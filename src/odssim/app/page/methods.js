// The catalogue: drag a method onto a place or pick it, set its options, put it into A or B.
import { dateText, el, has, language, number, percent, t } from "./words.js";

export const WISH_COLOURS = ["#5ef2d6", "#ffd24a", "#ff7ad1", "#9bff6b", "#b49bff", "#ff8f5e", "#6bc7ff", "#e0e0e0"];
const LEVERS = ["visits", "cameras", "place", "person", "interception", "coordination", "measurement"];
const round = (value, step) => Math.round(value / step) * step;

export const label = (entry) => entry.label[language];

export function newWish(entry, day, places) {
  return { type: entry.id, day, weeks: 12, places: entry.places ? places : [], dose: 1, resources: "added", options: {} };
}

// The list of all methods and of those that are placed.
export function methodsPanel({ catalogue, plan, steers, draft, actions, start, world, search }) {
  const byId = Object.fromEntries(catalogue.map((entry) => [entry.id, entry]));
  const nodes = [];
  if (draft) nodes.push(editor(byId[draft.wish.type], draft, actions, start, world));
  for (const pane of ["a", "b"]) if (plan[pane]?.length || (pane === "b" && plan.b)) {
    nodes.push(el("h3", {}, t("placed_in", { pane: pane.toUpperCase() })));
    if (!plan[pane].length) nodes.push(el("p.note", {}, t("placed_none")));
    plan[pane].forEach((wish, k) => {
      const entry = byId[wish.type];
      const where = entry.places ? (wish.places ?? []).map((p) => world.places.name[p]).join(", ") : t("whole_town");
      nodes.push(el("div.placed", { style: `--c:${WISH_COLOURS[k % WISH_COLOURS.length]}` },
        el("div.row", {}, el("strong", {}, label(entry)),
          steers && el("button", { onclick: () => actions.edit(pane, k), "aria-label": `${t("edit")} ${label(entry)}` }, t("edit")),
          steers && el("button", { onclick: () => actions.remove(pane, k), "aria-label": `${t("remove")} ${label(entry)}` }, "×")),
        el("small", {}, `${dateText(start, wish.day * 1440, false)} · ${t("weeks", { n: wish.weeks ?? 12 })} · ${where}`)));
    });
  }
  if (plan.a.length || plan.b?.length) nodes.push(el("div.row", {}, el("button", { onclick: actions.save }, t("save"))));
  nodes.push(el("h3", {}, t("catalogue")), el("p.note", {}, steers ? t("catalogue_note") : t("watch_only")));
  const box = el("input", { type: "search", id: "search", placeholder: t("search"), "aria-label": t("search"), value: search ?? "",
    oninput: (event) => { actions.search(event.target.value); filter(event.target.value); } });
  const list = el("div", { id: "catalogue" });
  nodes.push(box, list);
  for (const lever of LEVERS) {
    const entries = catalogue.filter((entry) => entry.lever === lever);
    list.append(el("h3", {}, t(`lever_${lever}`)), ...entries.map((entry) => el("button.method", {
      draggable: String(steers && entry.places), disabled: !steers, "data-method": entry.id,
      onclick: () => actions.pick(entry.id), ondragstart: (event) => { event.dataTransfer.setData("text/plain", entry.id); event.dataTransfer.effectAllowed = "copy"; },
    }, label(entry), el("small", {}, t(`payer_${entry.payer}`)))));
  }
  function filter(text) {
    for (const node of list.querySelectorAll(".method"))
      node.style.display = node.textContent.toLowerCase().includes(text.toLowerCase()) ? "" : "none";
  }
  if (search) filter(search);
  return nodes;
}

function slider({ name, note, low, high, step, value, set, text }) {
  const out = el("b", {}, text(value));
  return el("label.field", {}, el("span", {}, name, out),
    el("input", { type: "range", min: low, max: high, step, value, oninput: (event) => { const v = Number(event.target.value); out.textContent = text(v); set(v); } }),
    note && el("small", {}, note));
}

function field(option, wish) {
  const name = t(`option_${option.id}`), note = has(`about_${option.id}`) ? t(`about_${option.id}`) : null;
  const value = wish.options[option.id] ?? option.default;
  const set = (v) => { wish.options[option.id] = v; };
  if (option.kind === "bool") return el("label.field", {}, el("span", {}, name, el("input", { type: "checkbox", checked: value, onchange: (event) => set(event.target.checked) })), note && el("small", {}, note));
  if (option.kind === "choice") return el("label.field", {}, el("span", {}, name, el("select", { onchange: (event) => set(event.target.value) }, option.choices.map((c) => el("option", { value: c, selected: c === value }, t(`choice_${c}`))))), note && el("small", {}, note));
  if (option.kind === "times") return null;
  const isShare = option.high <= 1, whole = option.kind === "int" || option.unit === "min";
  const step = isShare ? 0.01 : whole ? 1 : option.high <= 24 ? 0.5 : 1;
  const high = Math.min(option.high, isShare ? 1 : Math.max(10, 10 * (Array.isArray(option.default) ? option.default[1] : option.default), option.unit === "h" ? 24 : 0));
  const text = (v) => (isShare ? percent(v) : `${number(v)}${has(`unit_${option.unit}`) ? ` ${t(`unit_${option.unit}`)}` : ""}`);
  if (option.kind !== "range") return slider({ name, note, low: option.low, high, step, value, text, set: (v) => set(whole ? Math.round(v) : round(v, step)) });
  const now = [...value], most = option.unit === "min" ? Math.min(option.high, Math.max(60, option.default[1] * 2)) : option.high;
  const both = (k) => (v) => { now[k] = v; if (now[0] > now[1]) now[1 - k] = v; set([...now]); };
  return el("div", { role: "group", "aria-label": name },
    slider({ name: `${name}: ${t("from")}`, low: option.low, high: most, step, value: now[0], text, set: both(0) }),
    slider({ name: `${name}: ${t("to")}`, note, low: option.low, high: most, step, value: now[1], text, set: both(1) }));
}

function editor(entry, draft, actions, start, world) {
  const wish = draft.wish;
  const places = el("div.chips");
  const showPlaces = () => places.replaceChildren(...(wish.places.length ? wish.places.map((p) => el("button", { type: "button", "aria-label": `${t("remove")} ${world.places.name[p]}`, onclick: () => { wish.places = wish.places.filter((q) => q !== p); showPlaces(); actions.redraw(); } }, `${world.places.name[p]} ×`)) : [el("em", {}, t("no_place"))]));
  showPlaces();
  draft.showPlaces = showPlaces;
  const expected = Object.entries(entry.expected).filter(([key]) => has(`column_${key}`)).map(([key, sign]) => `${t(`column_${key}`)} ${{ "-": "↓", "+": "↑", 0: "→" }[sign]}`);
  return el("form.editor", { id: "editor", onsubmit: (event) => { event.preventDefault(); actions.add(draft.pane); } },
    el("h2", {}, label(entry)),
    has(`method_${entry.id}`) ? el("p.note", {}, t(`method_${entry.id}`)) : el("p.note", {}, entry.mechanism),
    expected.length ? el("p.note", {}, `${t("expected")}: ${expected.join(", ")}`) : null,
    entry.places && el("div", {}, el("h3", {}, t("places")), places, el("p.note", {}, t("places_note")),
      el("div.row", {}, el("button", { type: "button", onclick: () => { wish.places = actions.busiest(3); showPlaces(); actions.redraw(); } }, t("busiest3")))),
    slider({ name: t("start"), low: draft.first, high: Math.min(364, draft.first + 90), step: 1, value: wish.day, text: (v) => dateText(start, v * 1440, false), set: (v) => { wish.day = v; } }),
    slider({ name: t("length"), low: 1, high: 52, step: 1, value: wish.weeks, text: (v) => t("weeks", { n: v }), set: (v) => { wish.weeks = v; } }),
    entry.options.map((option) => field(option, wish)),
    slider({ name: t("dose"), note: t("dose_note"), low: 0, high: 1, step: 0.05, value: wish.dose, text: (v) => percent(v), set: (v) => { wish.dose = round(v, 0.05); } }),
    el("div.row", {}, el("button.main", { type: "submit" }, draft.index === undefined ? t("add_to", { pane: draft.pane.toUpperCase() }) : t("change")),
      draft.index === undefined && draft.pane === "a" && el("button", { type: "button", onclick: () => actions.add("b") }, t("try_in_b")),
      el("button", { type: "button", onclick: actions.cancel }, t("cancel"))),
    el("details", {}, el("summary", {}, t("known")), el("p.note", { lang: "en" }, entry.evidence), el("p.note", {}, `${t("harms")}: ${entry.harms[language]}`)));
}
