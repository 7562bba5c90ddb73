// Words on the map that do not hide each other: each label takes the first free spot of those it may have.
const FONT = "system-ui, 'DejaVu Sans', sans-serif";
const widths = new Map();

function widthOf(ctx, text) {
  const key = `${ctx.font}|${text}`;
  if (!widths.has(key)) widths.set(key, ctx.measureText(text).width);
  return widths.get(key);
}

export class Labels {
  constructor(ctx, ratio) { this.ctx = ctx; this.r = ratio; this.taken = []; }

  // Keep a spot free of labels: a ring, a square, the head of an arrow.
  keepFree(x, y, reach) { this.taken.push([x - reach, y - reach, x + reach, y + reach]); }

  // Return where a box of this size fits, of some wanted centres; null if none is free. `must` takes the first one anyway.
  spot(centres, wide, high, must) {
    const { width, height } = this.ctx.canvas;
    const boxes = centres.map(([x, y]) => {
      const u = Math.min(width - wide / 2 - 2, Math.max(wide / 2 + 2, x)), v = Math.min(height - high / 2 - 2, Math.max(high / 2 + 2, y));
      return [u - wide / 2, v - high / 2, u + wide / 2, v + high / 2];
    });
    const free = boxes.find((b) => !this.taken.some((o) => b[0] < o[2] && o[0] < b[2] && b[1] < o[3] && o[1] < b[3])) ?? (must ? boxes[0] : null);
    if (free) this.taken.push(free);
    return free;
  }

  // Around a point: above, below, right, left, then further up and down.
  around(x, y, wide, high, gap) {
    const up = gap + high / 2, side = gap + wide / 2;
    return [[x, y - up], [x, y + up], [x + side, y], [x - side, y], [x + side, y - up], [x - side, y - up], [x + side, y + up], [x - side, y + up], [x, y - up - high], [x, y + up + high]];
  }

  // A label of one or two lines on a dark ground.
  pill(lines, x, y, gap, must = false) {
    const { ctx, r } = this, fonts = [`600 ${12.5 * r}px ${FONT}`, `500 ${11.5 * r}px ${FONT}`];
    const wide = Math.max(...lines.map((line, k) => { ctx.font = fonts[k]; return widthOf(ctx, line); })) + 14 * r, high = (5 + 14 * lines.length) * r;
    const box = this.spot(this.around(x, y, wide, high, gap), wide, high, must);
    if (!box) return;
    ctx.fillStyle = "#0b1014d8";
    ctx.beginPath(); ctx.roundRect(box[0], box[1], wide, high, 8 * r); ctx.fill();
    ctx.textAlign = "center"; ctx.textBaseline = "middle"; ctx.fillStyle = "#fff3d0";
    lines.forEach((line, k) => { ctx.font = fonts[k]; ctx.fillText(line, (box[0] + box[2]) / 2, box[1] + (10 + 14 * k) * r); });
    ctx.textBaseline = "alphabetic";
  }

  // A name beside its place: outlined, without a ground.
  name(text, x, y, gap, { size = 12, weight = 400, must = false, centres } = {}) {
    const { ctx, r } = this;
    ctx.font = `${weight} ${size * r}px ${FONT}`;
    const wide = widthOf(ctx, text) + 4 * r, high = (size + 3) * r, side = gap + wide / 2;
    const box = this.spot(centres ?? [[x + side, y], [x - side, y], [x, y + gap + high / 2], [x, y - gap - high / 2]], wide, high, must);
    if (!box) return;
    ctx.textAlign = "center"; ctx.textBaseline = "middle"; ctx.lineJoin = "round";
    ctx.strokeStyle = "#0b1014d8"; ctx.lineWidth = 3.5 * r; ctx.fillStyle = "#f2f6f8";
    for (const draw of ["strokeText", "fillText"]) ctx[draw](text, (box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
    ctx.textBaseline = "alphabetic";
  }
}
