// The card of a place: which of the three conditions is met now, which stopped deals, history, ten indicators.
import { el, number, percent, t } from "./words.js";

const ENDINGS = [["open_deals", "#ff9d5c"], ["blocked_offender", "#8fa0ff"], ["blocked_target", "#c9a7ff"], ["blocked_guardian", "#8fe0a8"]];
const COUNTS = ["failed_visits", "visits", "stops", "arrests", "tips", "violence"];
const sum = (values) => values.reduce((a, b) => a + b, 0);

function spark(values, recorded, week) {
  const top = Math.max(1, ...values), step = 366 / Math.max(1, values.length - 1);
  const path = (list) => list.map((v, i) => `${i ? "L" : "M"}${(i * step).toFixed(1)},${(64 - (60 * v) / top).toFixed(1)}`).join("");
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 366 66"); svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", t("history_spoken", { most: number(top), mean: number(week.deals) }));
  for (const [list, colour] of [[values, "#ff9d5c"], [recorded, "#f2f2a0"]]) {
    const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
    line.setAttribute("d", path(list)); line.setAttribute("fill", "none"); line.setAttribute("stroke", colour); line.setAttribute("stroke-width", "1.6");
    svg.append(line);
  }
  return svg;
}

// The handbook's cause analysis in one sentence: which condition is it that stops deals, if any does?
function cause(tries) {
  const all = sum(ENDINGS.map(([key]) => tries[key]));
  if (all < 5) return t("cause_quiet");
  const stops = ENDINGS.slice(1).map(([key]) => [key, tries[key] / all]).sort((u, v) => v[1] - u[1]);
  const sold = tries.open_deals / all;
  return `${t("cause_sold", { share: percent(sold) })} ${t(`cause_${stops[0][0]}`, { share: percent(stops[0][1]) })} ${stops[0][0] === "blocked_guardian" ? "" : t("cause_guardian_share", { share: percent(tries.blocked_guardian / all) })}`;
}

// Which condition is met this minute, and what follows.
function rightNow({ sellers, buyers, police, others }) {
  const met = { offender: sellers > 0, target: buyers > 0, guardian: police + others === 0 };
  const values = { offender: { n: number(sellers) }, target: { n: number(buyers) }, guardian: { police: number(police), others: number(others) } };
  const missing = ["guardian", "offender", "target"].find((key) => !met[key]);
  return [
    el("ul.indicators", {}, Object.keys(met).map((key) => el(`li${met[key] ? ".met" : ""}`, {}, el("b", { "aria-hidden": "true" }, met[key] ? "●" : "○"),
      el("span", {}, t(`now_${key}`, values[key])), el("span", {}, t(met[key] ? "met" : "not_met"))))),
    el("p", {}, t(missing ? `now_missing_${missing}` : "now_all")),
  ];
}

export function placeCard(card, actions) {
  const all = sum(ENDINGS.map(([key]) => card.tries[key]));
  const met = (card.indicators ?? []).filter((i) => i.met).length;
  return [
    el("h2", {}, card.name),
    el("p.note", {}, `${t(`type_${card.type}`)} · ${card.district} · ${t("pane_of", { pane: card.pane.toUpperCase() })} · ${t("footfall", { n: number(card.footfall) })}`),
    el("h3", {}, t("now_title")),
    ...rightNow(card.now),
    el("h3", {}, t("conditions")),
    el("p", {}, cause(card.tries)),
    all ? el("div.stack", { "aria-hidden": "true" }, ENDINGS.map(([key, colour]) => el("i", { style: `--c:${colour};flex:${card.tries[key]}` }))) : null,
    el("ul.keys", {}, ENDINGS.map(([key, colour]) => el("li", {}, el("i", { style: `--c:${colour}` }), t(`ending_${key}`), el("b", {}, all ? `${number(card.tries[key])} · ${percent(card.tries[key] / all)}` : "0")))),
    el("h3", {}, t("history")),
    spark(card.history, card.recorded, card.week),
    el("p.note", {}, t("history_note", { deals: number(card.week.deals), recorded: number(card.week.recorded) })),
    el("h3", {}, t("counts")),
    el("ul.keys", {}, COUNTS.map((key) => el("li", {}, t(`count_${key}`), el("b", {}, number(card.counts[key])))),
      el("li", {}, t("count_fear"), el("b", {}, percent(card.week.fear)))),
    el("h3", {}, card.indicators ? t("indicators", { n: met }) : t("indicators_none")),
    card.indicators ? el("ul.indicators", {}, card.indicators.map((i) => el(`li${i.met ? ".met" : ""}`, {}, el("b", { "aria-hidden": "true" }, i.met ? "●" : "○"), el("span", {}, t(`indicator_${i.id}`)), el("span", {}, `${i.met ? t("met") : t("not_met")}${i.proxy ? " *" : ""}`)))) : null,
    card.indicators ? el("p.note", {}, t("proxy")) : null,
    el("div.row", {}, el("button.main", { onclick: actions.work, disabled: !actions.steers }, t("work_here")), el("button", { onclick: actions.close }, t("unselect"))),
    el("p.note", {}, t("modelled")),
  ];
}
