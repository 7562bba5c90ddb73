// What became in B of the open deals that A has at the places worked at: moved, other way, prevented, left.
import { el, number, percent, signedPercent, t } from "./words.js";

const FATES = [["stayed", "#a9bac4"], ["elsewhere", "#ffd27a"], ["other_way", "#c9a7ff"], ["other_time", "#7ee0ff"], ["prevented", "#8fe0a8"], ["left", "#ff9d8a"]];

// What is left in sum comes first: at the places worked at, at other places, by phone and delivery, of all purchases.
export function netParts({ targets, before, after, all: { open, hidden } }) {
  const rows = targets.length ? [["net_there", before, after], ["net_away", open[0] - before, open[1] - after]] : [["net_open", ...open]];
  return [...rows, ["net_hidden", ...hidden], ["net_all", open[0] + hidden[0], open[1] + hidden[1]]].map(([key, a, b]) => ({ key, a, b, change: change(a, b) }));
}
const change = (a, b) => !a ? (b ? `+${number(b)}` : signedPercent(0)) : signedPercent(b / a - 1);

export function fatesPanel(moves) {
  if (!moves?.before) return [el("strong", {}, t("fates_title")), el("p", {}, t(moves ? "fates_none" : "fates_wait"))];
  return [
    el("strong", {}, t("net_title", { days: moves.days })),
    ...netParts(moves).map(({ key, a, b, change }) => el("div.bar", { style: "--c:#dfe8ee" }, el("span", {}, t(key)), el("b", {}, `${number(a)} → ${number(b)} · ${change}`))),
    el("p", {}, t("net_unknown")),
    el("strong", {}, t("fates_title")),
    el("p", {}, t(moves.targets.length ? "fates_note" : "fates_note_all", { n: number(moves.before), days: moves.days })),
    ...FATES.map(([key, colour]) => el("div.bar", { style: `--c:${colour}` }, el("span", {}, t(`fate_${key}`)),
      el("b", {}, `${number(moves[key])} · ${percent(moves[key] / moves.before)}`), el("i", { style: `width:${Math.round((100 * moves[key]) / moves.before)}%` }))),
    el("p", {}, t("fates_chance", { inflow: number(moves.inflow), induced: number(moves.induced) })),
  ];
}
