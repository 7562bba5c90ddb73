// What became in B of the open deals that A has at the places worked at: moved, other way, prevented, left.
import { el, number, percent, t } from "./words.js";

const FATES = [["stayed", "#a9bac4"], ["elsewhere", "#ffd27a"], ["other_way", "#c9a7ff"], ["other_time", "#7ee0ff"], ["prevented", "#8fe0a8"], ["left", "#ff9d8a"]];

export function fatesPanel(moves) {
  if (!moves?.before) return [el("strong", {}, t("fates_title")), el("p", {}, t(moves ? "fates_none" : "fates_wait"))];
  return [
    el("strong", {}, t("fates_title")),
    el("p", {}, t(moves.targets.length ? "fates_note" : "fates_note_all", { n: number(moves.before), days: moves.days })),
    ...FATES.map(([key, colour]) => el("div.bar", { style: `--c:${colour}` }, el("span", {}, t(`fate_${key}`)),
      el("b", {}, `${number(moves[key])} · ${percent(moves[key] / moves.before)}`), el("i", { style: `width:${Math.round((100 * moves[key]) / moves.before)}%` }))),
    el("p", {}, t("fates_luck", { inflow: number(moves.inflow) })),
  ];
}
