// What became in B of the open deals that A has at the places worked at: moved, other way, prevented, left.
import { el, number, percent, t } from "./words.js";

const FATES = [["stayed", "#a9bac4"], ["elsewhere", "#ffd27a"], ["other_way", "#c9a7ff"], ["other_time", "#7ee0ff"], ["prevented", "#8fe0a8"], ["left", "#ff9d8a"]];

// Needs followed one by one do not tell what is left in sum: the whole town does.
function net({ open, hidden }) {
  const sums = [open[0] + hidden[0], open[1] + hidden[1]];
  return t("fates_net", { open_a: number(open[0]), open_b: number(open[1]), hidden_a: number(hidden[0]), hidden_b: number(hidden[1]),
    all_a: number(sums[0]), all_b: number(sums[1]), change: change(...sums) });
}

const change = (a, b) => `${b < a ? "−" : "+"}${percent(Math.abs(b / a - 1), 1)}`;

export function fatesPanel(moves) {
  if (!moves?.before) return [el("strong", {}, t("fates_title")), el("p", {}, t(moves ? "fates_none" : "fates_wait"))];
  return [
    el("strong", {}, t("fates_title")),
    el("p", {}, t(moves.targets.length ? "fates_note" : "fates_note_all", { n: number(moves.before), days: moves.days })),
    ...FATES.map(([key, colour]) => el("div.bar", { style: `--c:${colour}` }, el("span", {}, t(`fate_${key}`)),
      el("b", {}, `${number(moves[key])} · ${percent(moves[key] / moves.before)}`), el("i", { style: `width:${Math.round((100 * moves[key]) / moves.before)}%` }))),
    el("p", {}, el("strong", {}, moves.targets.length ? `${t("fates_places", { a: number(moves.before), b: number(moves.after), change: change(moves.before, moves.after) })} ` : "", net(moves.all))),
    el("p", {}, t("fates_luck", { inflow: number(moves.inflow), induced: number(moves.induced) })),
  ];
}
