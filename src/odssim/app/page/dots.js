// People as dots: walked from where they were drawn to where they are due, and stamped into one bitmap.
// Looks are numbered as in dots.py.
const OUT = 1.9;
const LOOKS = [
  null,
  ["#c3d6e2", 0.6, 0.85], ["#ffffff", 1.5, 1], ["#7ee0ff", OUT, 1], ["#5ec8ff", OUT, 1], ["#d3b6ff", 1.5, 1],
  ["#e2a24e", 0.75, 0.95], ["#ffb02e", 2.4, 1], ["#ff7043", 1.7, 1], ["#ffd27a", 1.7, 1], ["#ffcf99", 1.1, 1],
  ["#8fa0ff", 1.0, 0.6], ["#6f8bff", 3.0, 1], ["#8fe0a8", 2.8, 1], ["#4bd6a8", 2.8, 1], ["#f2f2a0", 2.8, 1],
];
export const LOOK_NAMES = ["gone", "home", "travelling", "waiting", "staying", "phoning", "seller_off",
  "seller_selling", "seller_hiding", "seller_moving", "seller_on_call", "unit_between", "unit_police",
  "unit_volunteer", "unit_guard", "unit_outreach"];
export const lookColour = (name) => LOOKS[LOOK_NAMES.indexOf(name)][0];

function stamp([colour, radius, alpha], scale) {
  // offsets and colours (ABGR) of a round dot; where it is small, its shade stands for its size
  const r = radius * scale, reach = Math.ceil(r + 0.5), pixels = [];
  const [red, green, blue] = [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
  for (let dy = -reach; dy <= reach; dy++) for (let dx = -reach; dx <= reach; dx++) {
    const cover = Math.min(1, Math.max(0, r + 0.5 - Math.hypot(dx, dy)));
    if (cover > 0.05) pixels.push([dx, dy, ((Math.round(255 * alpha * cover) << 24) | (blue << 16) | (green << 8) | red) >>> 0]);
  }
  return pixels;
}

function flat(pixels, width) {
  return { reach: Math.max(0, ...pixels.map(([dx]) => dx)) + 1, offsets: Int32Array.from(pixels, ([dx, dy]) => dy * width + dx),
    colours: Uint32Array.from(pixels, ([, , colour]) => colour) };
}

export class Dots {
  constructor() { this.n = 0; }

  resize(n) {
    this.n = n;
    for (const name of ["fromX", "fromY", "toX", "toY", "start", "end"]) this[name] = new Float32Array(n);
    this.look = new Uint8Array(n);
  }

  // Take over a frame; `shown` is the minute that the page shows just now.
  take(frame, shown, jump) {
    if (frame.reset || frame.total !== this.n) this.resize(frame.total);
    for (let k = 0; k < frame.n; k++) {
      const i = frame.index[k], x = frame.x[k] / 65535, y = frame.y[k] / 65535;
      const fresh = frame.reset || jump || this.look[i] === 0;
      if (fresh) { this.fromX[i] = x; this.fromY[i] = y; }
      else [this.fromX[i], this.fromY[i]] = this.at(i, shown);
      this.toX[i] = x; this.toY[i] = y;
      this.start[i] = shown; this.end[i] = fresh ? shown : frame.minute + frame.ahead[k];
      this.look[i] = frame.look[k];
    }
  }

  // When the clock stands, everybody is drawn where he is due: the picture of a minute is always the same.
  settle() {
    this.fromX?.set(this.toX); this.fromY?.set(this.toY); this.end?.set(this.start);
  }

  at(i, minute) {
    const span = this.end[i] - this.start[i];
    const part = span <= 0 ? 1 : Math.min(1, Math.max(0, (minute - this.start[i]) / span));
    return [this.fromX[i] + (this.toX[i] - this.fromX[i]) * part, this.fromY[i] + (this.toY[i] - this.fromY[i]) * part];
  }

  // Draw all dots as they are at `minute` into a canvas; the camera maps parts of the longer side to pixels.
  draw(canvas, camera, minute, scale) {
    const { width, height } = canvas;
    if (!this.image || this.image.width !== width || this.image.height !== height || this.scale !== scale) {
      this.image = new ImageData(width, height);
      this.pixels = new Uint32Array(this.image.data.buffer);
      this.stamps = LOOKS.map((look) => flat(look ? stamp(look, scale) : [], width));
      this.scale = scale;
    }
    const pixels = this.pixels.fill(0), { fromX, fromY, toX, toY, start, end, look } = this;
    for (let pass = 0; pass < 2; pass++) for (let i = 0; i < this.n; i++) {
      const kind = look[i];
      if (kind === 0 || (kind === 1 || kind === 6 || kind === 11) !== (pass === 0)) continue;
      const span = end[i] - start[i];
      let part = span <= 0 ? 1 : (minute - start[i]) / span;
      part = part < 0 ? 0 : part > 1 ? 1 : part;
      const x = Math.round(camera.x0 + camera.k * (fromX[i] + (toX[i] - fromX[i]) * part));
      const y = Math.round(camera.y0 - camera.k * (fromY[i] + (toY[i] - fromY[i]) * part));
      const { reach, offsets, colours } = this.stamps[kind];
      if (x < reach || y < reach || x >= width - reach || y >= height - reach) continue;
      const at = y * width + x;
      for (let k = 0; k < offsets.length; k++) pixels[at + offsets[k]] = colours[k];
    }
    canvas.getContext("2d").putImageData(this.image, 0, 0);
  }
}
