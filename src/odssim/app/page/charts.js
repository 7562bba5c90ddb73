// Small charts of the days so far: thin line = the day, thick line = mean of seven days; A solid, B dashed. All numbers
// in words are such means, as on the map; the server makes them.
import { dateText, el, number, percent, t } from "./words.js";

const CHARTS = [
  ["deals", "open_deals"], ["truth", "deals"], ["recorded", "recorded"], ["hidden", "hidden_deals"], ["price", "price_sek"],
  ["sellers", "sellers_active"], ["arrests", "arrests"], ["fear", "fear_share"], ["cost", "cost_sek"],
];
const LARGE = ["deals"];
const DAYS_SHOWN = 120, COLOUR = { a: "#5ec8ff", b: "#ffb347" };
const asText = (key, value) => (key === "fear_share" ? percent(value) : number(value, key === "price_sek" ? 0 : undefined));

export class Charts {
  constructor(node) { this.node = node; this.plots = []; }

  // Build anew: language, number of panes, width or what is wanted (ids; all) has changed. `width` is the panel's width in pixels.
  build(names, width, wanted) {
    this.names = names;
    for (const { plot } of this.plots) plot.destroy();
    const shown = wanted ? CHARTS.filter(([id]) => wanted.includes(id)) : CHARTS;
    this.plots = shown.map(([id, key]) => this.chart(id, key, wanted ? wanted.length < 3 : LARGE.includes(id), width - 50));
    this.node.replaceChildren(...this.plots.map((chart) => chart.box));
  }

  chart(id, key, wide, room) {
    const values = el("div.values"), holder = el("div");
    const box = el(`div.chart${wide ? ".wide" : ""}`, { "data-chart": id, role: "img" }, el("h3", {}, t(`chart_${id}`)), values, holder);
    const series = [{}];
    for (const name of this.names) series.push({ stroke: `${COLOUR[name]}55`, width: 1, points: { show: false } },
      { stroke: COLOUR[name], width: 2, dash: name === "b" ? [6, 4] : undefined, points: { show: false } });
    const axis = { stroke: "#a9bac4", font: "11px system-ui", ticks: { show: false }, grid: { stroke: "#2a3a44", width: 1 }, gap: 2 };
    const plot = new uPlot({
      width: wide ? room : Math.floor((room - 20) / 2), height: wide ? 130 : 92, padding: [6, 6, 0, 0], series,
      legend: { show: false }, cursor: { show: true, points: { show: false }, drag: { x: false, y: false } },
      scales: { x: { time: false }, y: { range: (_u, low, high) => (id === "price" ? [low * 0.97, high * 1.03] : [0, Math.max(high * 1.08, 0.001)]) } },
      axes: [{ ...axis, size: 18, space: 40, incrs: [7, 14, 28, 56, 112], values: (_u, ticks) => ticks.map((day) => number(day + 1)) },
        { ...axis, size: 40, space: 24, values: (_u, ticks) => ticks.map((v) => (id === "fear" ? percent(v) : number(v))) }],
      hooks: { draw: [(u) => this.starts(u)], setCursor: [(u) => this.tell(id, u.cursor.idx)] },
    }, [[]], holder);
    return { id, key, plot, values, box };
  }

  // Of which substance the price is shown; the others' prices are in the run's own tables.
  substance() { const row = this.panes?.[this.names[0]].rows.at(-1); return row ? `, ${t(`choice_${row.price_of}`)}` : ""; }

  title(id) { return t(`chart_${id}`) + (id === "price" ? this.substance() : ""); }

  starts(u) {
    const ctx = u.ctx;
    ctx.save();
    ctx.lineWidth = 1.5; ctx.setLineDash([3, 3]);
    for (const [name, day] of this.days ?? []) {
      const x = u.valToPos(day, "x", true);
      if (x < u.bbox.left || x > u.bbox.left + u.bbox.width) continue;
      ctx.strokeStyle = COLOUR[name];
      ctx.beginPath(); ctx.moveTo(x, u.bbox.top); ctx.lineTo(x, u.bbox.top + u.bbox.height); ctx.stroke();
    }
    ctx.restore();
  }

  // `panes` by name; `days`: [[pane, first day of an intervention], ...]
  update(panes, days, start) {
    this.panes = panes; this.days = days; this.start = start;
    for (const { id, key, plot, box } of this.plots) {
      box.firstChild.textContent = this.title(id);
      const n = Math.max(...this.names.map((name) => panes[name].rows.length)), first = Math.max(0, n - DAYS_SHOWN);
      const data = [Array.from({ length: n - first }, (_, i) => first + i)];
      for (const name of this.names) {
        const rows = panes[name].rows.slice(first);
        data.push(rows.map((row) => row[key]), rows.map((row) => row.week[key]));
      }
      plot.setData(data);
      this.tell(id, null);
    }
  }

  tell(id, at) {
    if (!this.panes) return;
    const { key, values, box, plot } = this.plots.find((chart) => chart.id === id);
    const parts = [], spoken = [], two = this.names.length > 1;
    for (const name of this.names) {
      const { rows } = this.panes[name], day = at === null || at === undefined ? rows.length - 1 : plot.data[0][at];
      const text = asText(key, rows[day]?.week[key]);
      parts.push(el(`span.v${name}`, {}, two ? `${name.toUpperCase()} ${text}  ` : text));
      spoken.push(`${name.toUpperCase()}: ${text}`);
    }
    if (at !== null && at !== undefined && this.start) parts.push(el("small", {}, " ", t("up_to", { date: dateText(this.start, plot.data[0][at] * 1440, false) })));
    values.replaceChildren(...parts);
    box.setAttribute("aria-label", `${this.title(id)}. ${t("mean_week")} ${spoken.join("; ")}`);
  }

  // The same numbers as a table: the last 28 days, of seven days each the mean.
  table(start) {
    const keys = CHARTS.map(([, key]) => key);
    const body = [];
    for (const name of this.names) this.panes[name].rows.slice(-28).forEach((row, i, list) => {
      const day = this.panes[name].rows.length - list.length + i;
      body.push(el("tr", {}, el("td", {}, `${name.toUpperCase()} · ${dateText(start, day * 1440, false)}`), keys.map((key) => el("td", {}, asText(key, row.week[key])))));
    });
    return el("table", {}, el("caption", {}, t("table_caption")), el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("day")), keys.map((key) => el("th", { scope: "col" }, t(`column_${key}`) + (key === "price_sek" ? this.substance() : ""))))), el("tbody", {}, body));
  }
}
