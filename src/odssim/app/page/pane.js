// One map: terrain by day and night, the glow of modelled scenes, dots, and marks above them.
import { Dots } from "./dots.js";
import { daylight } from "./sun.js";
import { drawTerrain } from "./terrain.js";
import { el } from "./words.js";

const LAYERS = ["land", "glow", "dots", "marks"];
const MAX_ZOOM = 14, FAINT = 0.15; // deals a day that do not glow yet

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

  // Metres from the south-west corner as pixels.
  at(x, y) { return [this.camera.x0 + (x / this.world.side) * this.camera.k, this.camera.y0 - (y / this.world.side) * this.camera.k]; }

  spot(p) { return this.at(this.world.places.x[p], this.world.places.y[p]); }

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
    for (const [p, value] of difference ?? this.glow.filter(([, deals]) => deals >= FAINT)) {
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
}
export const clampZoom = (zoom) => Math.min(MAX_ZOOM, Math.max(1, zoom));
