// One map: terrain by day and night, the glow of modelled scenes, dots, and marks above them.
import { Dots } from "./dots.js";
import { daylight } from "./sun.js";
import { drawTerrain } from "./terrain.js";
import { el, number, t } from "./words.js";

const LAYERS = ["land", "glow", "dots", "marks"];
const MAX_ZOOM = 14;

export class Pane {
  constructor(name) {
    this.name = name;
    this.dots = new Dots();
    this.rows = []; this.glow = []; this.scenes = [];
    this.node = el(`div.pane.${name}`, { tabindex: "0", role: "application", "data-pane": name });
    this.layer = Object.fromEntries(LAYERS.map((layer) => [layer, el("canvas", { "aria-hidden": "true" })]));
    this.node.append(...Object.values(this.layer));
    this.node.append((this.label = el("span.name")));
    this.clock = { from: 0, to: 0, at: 0, span: 1 };
    this.light = -1;
  }

  // ---- time: the page walks to the last frame's minute while the next one is on its way

  shown(now) {
    const part = Math.min(1, (now - this.clock.at) / this.clock.span);
    return this.clock.from + (this.clock.to - this.clock.from) * part;
  }

  take(frame, playing, still) {
    const now = performance.now(), shown = this.shown(now);
    const jump = still || !playing || frame.minute < this.clock.to || frame.reset;
    const gap = Math.min(400, Math.max(40, now - this.clock.at));
    this.dots.take(frame, jump ? frame.minute : shown, jump);
    this.clock = jump ? { from: frame.minute, to: frame.minute, at: now, span: 1 } : { from: shown, to: frame.minute, at: now, span: gap };
  }

  // ---- where the map lies: zoom 1 shows the whole town, (x, y) is the centre in parts of the longer side

  resize(world, frame) {
    const box = this.node.getBoundingClientRect(), ratio = Math.min(2, devicePixelRatio || 1);
    this.ratio = ratio;
    const width = Math.max(1, Math.round(box.width * ratio)), height = Math.max(1, Math.round(box.height * ratio));
    const w = world.width_m / world.side, h = world.height_m / world.side;
    const k = Math.min(width / w, height / h) * frame[0] * (world.width_m < 6000 ? 0.98 : 1.25);
    this.camera = { k, x0: width / 2 - frame[1] * k, y0: height / 2 + frame[2] * k };
    for (const canvas of Object.values(this.layer)) if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width; canvas.height = height;
    }
    this.world = world;
    this.terrain = drawTerrain(world, this.camera, width, height);
    this.light = -1;
  }

  toMap(event) {
    const box = this.node.getBoundingClientRect();
    const px = (event.clientX - box.left) * this.ratio, py = (event.clientY - box.top) * this.ratio;
    return [(px - this.camera.x0) / this.camera.k, (this.camera.y0 - py) / this.camera.k];
  }

  nearest(event) {
    const [x, y] = this.toMap(event), { places, side } = this.world;
    let best = Infinity, found = 0;
    for (let p = 0; p < places.x.length; p++) {
      const d = (places.x[p] / side - x) ** 2 + (places.y[p] / side - y) ** 2;
      if (d < best) { best = d; found = p; }
    }
    // a busy place a little further away is more likely to be meant
    const nearScene = (24 * this.ratio) / this.camera.k;
    const near = this.glow.filter(([p]) => Math.hypot(places.x[p] / side - x, places.y[p] / side - y) < nearScene);
    return near.length ? near.sort((u, v) => v[1] - u[1])[0][0] : found;
  }

  spot(p) {
    const { places, side } = this.world;
    return [this.camera.x0 + (places.x[p] / side) * this.camera.k, this.camera.y0 - (places.y[p] / side) * this.camera.k];
  }

  // ---- drawing

  draw(now, speed) {
    if (!this.world) return;
    const minute = this.shown(now);
    this.paintLight(minute, speed);
    this.dots.draw(this.layer.dots, this.camera, minute, this.ratio * (this.world.width_m < 6000 ? 1.15 : 1));
  }

  paintLight(minute, speed) {
    // at an hour or more a frame, day and night would flicker: dusk stands for both
    const light = speed === 0 || speed >= 60 ? 0.3 : Math.round(daylight(this.world.start, minute, this.world.lat) * 60) / 60;
    if (light === this.light) return;
    this.light = light;
    const ctx = this.layer.land.getContext("2d");
    ctx.globalAlpha = 1; ctx.drawImage(this.terrain.night, 0, 0);
    ctx.globalAlpha = 0.75 * light; ctx.drawImage(this.terrain.day, 0, 0);
    this.layer.glow.style.opacity = 1 - 0.25 * light;
  }

  paintGlow(difference) {
    if (!this.world) return;
    const canvas = this.layer.glow, ctx = canvas.getContext("2d");
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    const unit = Math.max(5 * this.ratio, (this.world.cell_m / this.world.side) * this.camera.k * 0.9);
    ctx.globalCompositeOperation = difference ? "source-over" : "lighter";
    for (const [p, value] of difference ?? this.glow) {
      const [x, y] = this.spot(p), size = Math.sqrt(Math.abs(value));
      const radius = unit * (0.5 + 0.75 * Math.min(6, size));
      const tone = difference ? (value < 0 ? "80,190,255" : "255,140,60") : "255,120,50";
      const halo = ctx.createRadialGradient(x, y, 0, x, y, radius);
      const strength = Math.min(1, 0.3 + 0.14 * size);
      halo.addColorStop(0, difference ? `rgba(${tone},.95)` : `rgba(255,225,150,${strength})`);
      halo.addColorStop(0.35, `rgba(${tone},${0.6 * strength})`);
      halo.addColorStop(1, `rgba(${tone},0)`);
      ctx.fillStyle = halo;
      ctx.beginPath(); ctx.arc(x, y, radius, 0, 7); ctx.fill();
    }
    ctx.globalCompositeOperation = "source-over";
  }

  text(ctx, text, x, y, colour, centred) {
    ctx.font = `600 ${13 * this.ratio}px system-ui, 'DejaVu Sans', sans-serif`;
    const over = !centred && x + ctx.measureText(text).width > ctx.canvas.width;
    ctx.textAlign = centred ? "center" : over ? "right" : "left";
    if (over) x = Math.min(ctx.canvas.width - 4, x - 28 * this.ratio);
    ctx.strokeStyle = "#0b1014e0"; ctx.lineWidth = 4 * this.ratio; ctx.lineJoin = "round";
    ctx.strokeText(text, x, y + 4 * this.ratio); ctx.fillStyle = colour; ctx.fillText(text, x, y + 4 * this.ratio);
  }

  // Rings of scenes, places worked at, the chosen place, arrows of moved deals.
  paintMarks({ wishes, colours, place, arrows, hover, difference }) {
    if (!this.world) return;
    const canvas = this.layer.marks, ctx = canvas.getContext("2d"), r = this.ratio;
    ctx.clearRect(0, 0, canvas.width, canvas.height);
    const cell = (this.world.cell_m / this.world.side) * this.camera.k;
    const taken = [];
    this.scenes.forEach((scene, k) => {
      const spots = scene.places.map((p) => this.spot(p));
      const x = spots.reduce((s, v) => s + v[0], 0) / spots.length, y = spots.reduce((s, v) => s + v[1], 0) / spots.length;
      const reach = Math.max(...spots.map((v) => Math.hypot(v[0] - x, v[1] - y))) + Math.max(cell, 9 * r);
      ctx.strokeStyle = "#fff3d0"; ctx.lineWidth = 1.6 * r; ctx.setLineDash([5 * r, 4 * r]);
      ctx.beginPath(); ctx.arc(x, y, reach, 0, 7); ctx.stroke(); ctx.setLineDash([]);
      if (k < 8 && !difference) this.pill(ctx, t("scene_pill", { n: number(scene.deals, 0), place: this.world.places.name[scene.place] }), x, y - reach - 11 * r, taken);
    });
    wishes.forEach((wish, k) => {
      for (const p of wish.places ?? []) {
        const [x, y] = this.spot(p), size = Math.max(7 * r, cell * 0.55);
        ctx.strokeStyle = colours[k]; ctx.lineWidth = 2.6 * r;
        ctx.strokeRect(x - size, y - size, 2 * size, 2 * size);
      }
    });
    const most = [...(difference ?? [])].sort((u, v) => Math.abs(v[1]) - Math.abs(u[1])).slice(0, 10);
    for (const [from, to, n] of arrows ?? []) this.arrow(ctx, this.spot(from), this.spot(to), n);
    for (const [p, value] of most) {
      const [x, y] = this.spot(p);
      this.pill(ctx, t("change_pill", { n: `${value > 0 ? "+" : "−"}${number(Math.abs(value), 1)}` }), x, y - cell / 2 - 16 * r, taken);
    }
    for (const [p, colour] of [[hover, "#ffffffb0"], [place, "#ffffff"]]) if (p !== null && p !== undefined) {
      const [x, y] = this.spot(p);
      ctx.strokeStyle = colour; ctx.lineWidth = 2.4 * r;
      ctx.beginPath(); ctx.arc(x, y, Math.max(10 * r, cell * 0.8), 0, 7); ctx.stroke();
      this.text(ctx, this.world.places.name[p], x + 14 * r, y + 16 * r, "#ffffff");
    }
  }

  // A label above a scene, moved up until it hides no other.
  pill(ctx, text, x, y, taken) {
    const r = this.ratio, high = 17 * r;
    ctx.font = `600 ${12 * r}px system-ui, 'DejaVu Sans', sans-serif`;
    const wide = ctx.measureText(text).width + 12 * r;
    const hides = () => taken.some(([u, v, w]) => Math.abs(u - x) < (w + wide) / 2 && Math.abs(v - y) < high);
    for (let tries = 0; hides(); tries++, y -= high * 0.5) if (tries === 4) return; // too many here: zoom in to read it
    taken.push([x, y, wide]);
    ctx.fillStyle = "#0b1014d0";
    ctx.beginPath(); ctx.roundRect(x - wide / 2, y - high / 2, wide, high, high / 2); ctx.fill();
    ctx.textAlign = "center"; ctx.fillStyle = "#fff3d0"; ctx.fillText(text, x, y + 4 * r);
  }

  arrow(ctx, [x0, y0], [x1, y1], n) {
    const r = this.ratio, bend = 0.18, mx = (x0 + x1) / 2 - (y1 - y0) * bend, my = (y0 + y1) / 2 + (x1 - x0) * bend;
    const width = Math.min(7, 1.4 + Math.sqrt(n) * 0.55) * r, angle = Math.atan2(y1 - my, x1 - mx), head = 3 * r + 2.2 * width;
    const ex = x1 - Math.cos(angle) * head * 0.8, ey = y1 - Math.sin(angle) * head * 0.8;
    for (const [colour, w] of [["#0b1014", width + 2.5 * r], ["#ffd27a", width]]) {
      ctx.strokeStyle = ctx.fillStyle = colour; ctx.lineWidth = w;
      ctx.beginPath(); ctx.moveTo(x0, y0); ctx.quadraticCurveTo(mx, my, ex, ey); ctx.stroke();
      ctx.beginPath(); ctx.moveTo(x1, y1);
      for (const side of [-0.42, 0.42]) ctx.lineTo(x1 - Math.cos(angle + side) * head, y1 - Math.sin(angle + side) * head);
      ctx.fill();
    }
    this.text(ctx, number(n), (x0 + 2 * mx + x1) / 4, (y0 + 2 * my + y1) / 4, "#ffe9b8", true);
  }
}
export const clampZoom = (zoom) => Math.min(MAX_ZOOM, Math.max(1, zoom));
