// Water, land, rails and stations, drawn once per view by day and once by night.
const DAY = { water: [68, 122, 156], land: [100, 116, 112], far: [84, 98, 98], shore: [178, 190, 184], rail: "#f3f6f4", station: "#ffffff" };
const NIGHT = { water: [11, 34, 56], land: [38, 50, 57], far: [24, 32, 38], shore: [84, 99, 108], rail: "#8fb3ca", station: "#dbe6ec" };

export function unpack(world) {
  for (const raster of world.rasters) {
    const bytes = Uint8Array.from(atob(raster.bits), (c) => c.charCodeAt(0));
    const { width, height } = raster, land = new Float32Array(width * height);
    for (let i = 0; i < land.length; i++) land[i] = (bytes[i >> 3] >> (7 - (i & 7))) & 1;
    raster.smooth = blur(land, width, height);
  }
  world.side = Math.max(world.width_m, world.height_m);
  world.most = Math.max(1, ...world.places.residents);
}

function blur(land, width, height) {
  const out = new Float32Array(land.length);
  const weight = [[-1, 0.25], [0, 0.5], [1, 0.25]];
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    let sum = 0;
    for (const [dy, wy] of weight) for (const [dx, wx] of weight) {
      const yy = Math.min(height - 1, Math.max(0, y + dy)), xx = Math.min(width - 1, Math.max(0, x + dx));
      sum += wx * wy * land[yy * width + xx];
    }
    out[y * width + x] = sum;
  }
  return out;
}

function level(raster, x, y) {
  const [west, east, south, north] = raster.extent;
  const u = ((x - west) / (east - west)) * raster.width - 0.5, v = ((y - south) / (north - south)) * raster.height - 0.5;
  if (u < -0.5 || v < -0.5 || u > raster.width - 0.5 || v > raster.height - 0.5) return -1;
  const i = Math.min(raster.width - 2, Math.max(0, Math.floor(u))), j = Math.min(raster.height - 2, Math.max(0, Math.floor(v)));
  const a = Math.min(1, Math.max(0, u - i)), b = Math.min(1, Math.max(0, v - j)), s = raster.smooth, w = raster.width;
  return (1 - b) * ((1 - a) * s[j * w + i] + a * s[j * w + i + 1]) + b * ((1 - a) * s[(j + 1) * w + i] + a * s[(j + 1) * w + i + 1]);
}

export function drawTerrain(world, camera, width, height) {
  const sheets = [NIGHT, DAY].map(() => new OffscreenCanvas(width, height));
  const images = sheets.map((sheet) => sheet.getContext("2d").createImageData(width, height));
  const metres = world.side / camera.k;
  for (let py = 0; py < height; py++) for (let px = 0; px < width; px++) {
    const x = (px - camera.x0) * metres, y = (camera.y0 - py) * metres;
    const own = level(world.rasters[0], x, y), far = world.rasters[1] ? level(world.rasters[1], x, y) : -1;
    const isOwn = own >= 0.5, v = Math.max(own, far * 1.6 > 0.5 && own < 0.5 ? Math.min(1, far * 1.6) : 0);
    const at = 4 * (py * width + px);
    for (let s = 0; s < 2; s++) {
      const c = s ? DAY : NIGHT, data = images[s].data;
      const near = v < 0.5 ? c.water : v < 0.56 && isOwn ? c.shore : isOwn ? c.land : c.far;
      data[at] = near[0]; data[at + 1] = near[1]; data[at + 2] = near[2]; data[at + 3] = 255;
    }
  }
  sheets.forEach((sheet, s) => {
    const ctx = sheet.getContext("2d");
    ctx.putImageData(images[s], 0, 0);
    windows(ctx, world, camera, s === 0);
    rails(ctx, world, camera, s ? DAY : NIGHT);
  });
  return { night: sheets[0], day: sheets[1] };
}

// Houses: where many live the land is lighter by day, and has lit windows by night.
function windows(ctx, world, camera, night) {
  const { x, y, residents } = world.places, cell = (world.cell_m / world.side) * camera.k;
  for (let p = 0; p < x.length; p++) {
    const cx = camera.x0 + (x[p] / world.side) * camera.k, cy = camera.y0 - (y[p] / world.side) * camera.k;
    const dense = Math.sqrt(residents[p] / world.most);
    if (!night) {
      ctx.fillStyle = `rgba(226,224,205,${0.34 * dense})`;
      ctx.fillRect(cx - cell / 2, cy - cell / 2, cell + 0.5, cell + 0.5);
      continue;
    }
    ctx.fillStyle = `rgba(255,222,160,${0.25 + 0.3 * dense})`;
    const n = Math.round(5 * dense);
    for (let k = 0; k < n; k++) {
      const h = Math.imul(p * 31 + k * 17 + 7, 2654435761) >>> 0;
      ctx.fillRect(cx + ((h & 255) / 255 - 0.5) * cell, cy + (((h >> 8) & 255) / 255 - 0.5) * cell, 1, 1);
    }
  }
}

function rails(ctx, world, camera, colours) {
  ctx.lineJoin = "round";
  for (const [mode, line] of world.tracks) {
    ctx.strokeStyle = colours.rail;
    ctx.lineWidth = mode === "metro" ? 2 : mode === "commuter_rail" ? 2.4 : 1.2;
    ctx.setLineDash(mode === "commuter_rail" ? [9, 3] : []);
    ctx.beginPath();
    line.forEach(([x, y], k) => ctx[k ? "lineTo" : "moveTo"](camera.x0 + (x / world.side) * camera.k, camera.y0 - (y / world.side) * camera.k));
    const [colour, width] = [ctx.strokeStyle, ctx.lineWidth];
    ctx.strokeStyle = "#0b101470"; ctx.lineWidth = width + 2.5; ctx.stroke();
    ctx.strokeStyle = colour; ctx.lineWidth = width; ctx.stroke();
  }
  ctx.setLineDash([]);
  for (const [, , sx, sy] of world.stations) {
    ctx.fillStyle = colours.station; ctx.strokeStyle = "#0b1014"; ctx.lineWidth = 1.2;
    ctx.beginPath(); ctx.arc(camera.x0 + (sx / world.side) * camera.k, camera.y0 - (sy / world.side) * camera.k, 3.2, 0, 7);
    ctx.fill(); ctx.stroke();
  }
}
