// Small charts of the days so far: thin line = the day, thick line = mean of seven days; A solid, B dashed.
import { dateText, el, number, percent, t } from "./words.js";

const CHARTS = [
  ["deals", ["open_deals"]], ["hidden", ["hidden_deals"]], ["price", ["price_median_sek"]], ["sellers", ["sellers_active"]],
  ["arrests", ["arrests"]], ["fear", ["fear_share"]], ["truth", ["deals", "recorded"]], ["cost", ["cost_sek"]],
];
const DAYS_SHOWN = 120, COLOUR = { a: "#5ec8ff", b: "#ffb347" };
const asText = (key, value) => (key === "fear_share" ? percent(value, 1) : number(value, key === "price_median_sek" ? 0 : undefined));

function mean7(values) {
  return values.map((_, i) => {
    const some = values.slice(Math.max(0, i - 6), i + 1).filter((v) => v !== null);
    return some.length ? some.reduce((a, b) => a + b, 0) / some.length : null;
  });
}

export class Charts {
  constructor(node, showTable) { this.node = node; this.showTable = showTable; this.plots = []; }

  // Build anew: language, number of panes or the chart that a lesson wants have changed.
  build(names, wanted) {
    this.names = names;
    for (const { plot } of this.plots) plot.destroy();
    this.node.replaceChildren();
    const order = [...CHARTS].sort((u, v) => (v[0] === wanted) - (u[0] === wanted));
    this.plots = order.map(([id, keys]) => {
      const wide = id === wanted || id === "truth";
      const values = el("div.values"), holder = el("div");
      const box = el(`div.chart${wide ? ".wide" : ""}`, { id: `chart-${id}`, role: "img" }, el("h3", {}, t(`chart_${id}`)), values, holder);
      this.node.append(box);
      const series = [{}];
      for (const name of names) keys.forEach((key, k) => {
        const colour = k ? "#f2f2a0" : COLOUR[name], dash = name === "b" ? [6, 4] : k ? [2, 3] : undefined;
        series.push({ stroke: `${colour}55`, width: 1, points: { show: false } });
        series.push({ stroke: colour, width: 2, dash, points: { show: false } });
      });
      const axis = { stroke: "#a9bac4", font: "11px system-ui", ticks: { show: false }, grid: { stroke: "#2a3a44", width: 1 }, gap: 2 };
      const plot = new uPlot({
        width: wide ? 366 : 176, height: wide ? 118 : 92, padding: [6, 6, 0, 0], series,
        legend: { show: false }, cursor: { show: true, points: { show: false }, drag: { x: false, y: false } },
        scales: { x: { time: false }, y: { range: (_u, low, high) => (id === "price" ? [low * 0.97, high * 1.03] : [0, Math.max(high * 1.08, 0.001)]) } },
        axes: [{ ...axis, size: 18, space: 40, incrs: [7, 14, 28, 56, 112] },
          { ...axis, size: 40, space: 24, values: (_u, ticks) => ticks.map((v) => (id === "fear" ? percent(v, 1) : number(v))) }],
        hooks: { draw: [(u) => this.starts(u)], setCursor: [(u) => this.tell(id, u.cursor.idx)] },
      }, [[]], holder);
      return { id, keys, plot, values, box };
    });
    this.node.append(el("p.note", {}, t("chart_note")), el("button", { id: "table", onclick: () => this.showTable() }, t("table")));
  }

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
    for (const { id, keys, plot } of this.plots) {
      const n = Math.max(...this.names.map((name) => panes[name].rows.length)), first = Math.max(0, n - DAYS_SHOWN);
      const data = [Array.from({ length: n - first }, (_, i) => first + i)];
      for (const name of this.names) for (const key of keys) {
        const values = panes[name].rows.map((row) => row[key]);
        const shown = values.slice(first);
        data.push(shown, mean7(values).slice(first));
      }
      plot.setData(data);
      this.tell(id, null);
    }
  }

  tell(id, at) {
    if (!this.panes) return;
    const { keys, values, box, plot } = this.plots.find((chart) => chart.id === id);
    const parts = [], spoken = [];
    this.names.forEach((name) => keys.forEach((key, k) => {
      const rows = this.panes[name].rows.map((row) => row[key]);
      const day = at === null || at === undefined ? rows.length - 1 : plot.data[0][at];
      const value = at === null || at === undefined ? mean7(rows)[day] : rows[day];
      const text = asText(key, value);
      parts.push(el(`span.v${name}`, k ? { style: "color:#f2f2a0" } : {}, `${text} `));
      spoken.push(`${name.toUpperCase()}: ${text}`);
    }));
    if (at !== null && at !== undefined && this.start) parts.push(el("small", {}, dateText(this.start, plot.data[0][at] * 1440, false)));
    values.replaceChildren(...parts);
    box.setAttribute("aria-label", `${t(`chart_${id}`)}. ${t("mean_week")} ${spoken.join("; ")}`);
  }

  // The same numbers as a table: the last 28 days, of seven days each the mean.
  table(start) {
    const keys = [...new Set(CHARTS.flatMap(([, list]) => list))];
    const body = [];
    for (const name of this.names) this.panes[name].rows.slice(-28).forEach((row, i, list) => {
      const day = this.panes[name].rows.length - list.length + i;
      body.push(el("tr", {}, el("td", {}, `${name.toUpperCase()} · ${dateText(start, day * 1440, false)}`), keys.map((key) => el("td", {}, asText(key, row[key])))));
    });
    return el("table", {}, el("caption", {}, t("table_caption")), el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("day")), keys.map((key) => el("th", { scope: "col" }, t(`column_${key}`))))), el("tbody", {}, body));
  }
}
