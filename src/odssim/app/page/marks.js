// What stands above the dots: rings of scenes, places worked at, arrows of moved deals, the chosen place, names.
import { Labels } from "./labels.js";
import { number, signed, t } from "./words.js";

const NAMED = ["square", "centre", "park"], MOST_PILLS = 8, MOST_CHANGES = 10;
const ALONG = [0.5, 0.62, 0.38, 0.74, 0.26];

// `pane` draws into its layer; `difference`: [place, deals a day] of B less A, or null.
export function paintMarks(pane, { wishes, colours, place, arrows, hover, difference }) {
  if (!pane.world) return;
  const canvas = pane.layer.marks, ctx = canvas.getContext("2d"), r = pane.ratio, { places, side } = pane.world;
  ctx.clearRect(0, 0, canvas.width, canvas.height);
  const labels = new Labels(ctx, r), cell = (pane.world.cell_m / side) * pane.camera.k, named = new Set();
  const rings = pane.scenes.map((scene) => ring(pane, scene, cell));
  for (const [x, y, reach] of rings) {
    circle(ctx, x, y, reach, "#fff3d0", 1.6 * r, [5 * r, 4 * r]);
    labels.keepFree(x, y, 6 * r);
  }
  wishes.forEach((wish, k) => {
    for (const p of wish.places ?? []) {
      const [x, y] = pane.spot(p), size = Math.max(7 * r, cell * 0.55);
      ctx.strokeStyle = colours[k]; ctx.lineWidth = 2.6 * r;
      ctx.strokeRect(x - size, y - size, 2 * size, 2 * size);
    }
  });
  const bends = (arrows ?? []).map(([from, to, n]) => [arrow(ctx, r, pane.spot(from), pane.spot(to), n), n]);
  const pills = difference ? changes(pane, difference, cell) : scenePills(pane, rings);
  for (const pill of pills) named.add(pill.p);
  for (const [p, colour] of [[hover, "#ffffffb0"], [place, "#ffffff"]]) if (p !== null && p !== undefined) {
    const [x, y] = pane.spot(p), reach = Math.max(10 * r, cell * 0.8);
    circle(ctx, x, y, reach, colour, 2.4 * r, []);
    if (!named.has(p)) labels.name(places.name[p], x, y, reach + 4 * r, { size: 13, weight: 600, must: true });
    named.add(p);
  }
  for (const [bend, n] of bends) labels.name(number(n), 0, 0, 0, { size: 13, weight: 700, must: true, centres: ALONG.map(bend) });
  for (const { p, text, x, y, gap } of pills) labels.pill([places.name[p], text], x, y, gap, p === place || p === hover);
  names(pane, labels, named);
}

function scenePills(pane, rings) {
  return pane.scenes.slice(0, MOST_PILLS).map((scene, k) => (
    { p: scene.place, text: t("scene_pill", { n: number(scene.deals, 0) }), x: rings[k][0], y: rings[k][1], gap: rings[k][2] + 3 * pane.ratio }));
}

function changes(pane, difference, cell) {
  const most = [...difference].sort((u, v) => Math.abs(v[1]) - Math.abs(u[1])).slice(0, MOST_CHANGES);
  return most.map(([p, value]) => {
    const [x, y] = pane.spot(p), change = signed(value, 1);
    return { p, text: t("change_pill", { n: change }), x, y, gap: Math.max(10 * pane.ratio, cell * 0.7) };
  });
}

function ring(pane, scene, cell) {
  const spots = scene.places.map((p) => pane.spot(p)), mean = (k) => spots.reduce((s, v) => s + v[k], 0) / spots.length;
  const x = mean(0), y = mean(1);
  return [x, y, Math.max(...spots.map((v) => Math.hypot(v[0] - x, v[1] - y))) + Math.max(cell, 9 * pane.ratio)];
}

function circle(ctx, x, y, reach, colour, width, dash) {
  ctx.strokeStyle = colour; ctx.lineWidth = width; ctx.setLineDash(dash);
  ctx.beginPath(); ctx.arc(x, y, reach, 0, 7); ctx.stroke(); ctx.setLineDash([]);
}

// Stations first, then squares, shopping centres and parks, where there is room.
function names(pane, labels, named) {
  const { places, stations, place_types: kinds } = pane.world, { width, height } = labels.ctx.canvas, r = pane.ratio;
  const known = new Set([...named].map((p) => places.name[p]));
  const wanted = stations.map(([name, , x, y]) => [name, x, y]);
  places.type.forEach((type, p) => { if (NAMED.includes(kinds[type])) wanted.push([places.name[p], places.x[p], places.y[p]]); });
  for (const [name, sx, sy] of wanted) {
    const [x, y] = pane.at(sx, sy);
    if (known.has(name) || x < 0 || y < 0 || x > width || y > height) continue;
    labels.name(name, x, y, 7 * r);
  }
}

// Draw an arrow that bends to its right; return where its curve is at a part of its way.
function arrow(ctx, r, [x0, y0], [x1, y1], n) {
  const bend = 0.18, mx = (x0 + x1) / 2 - (y1 - y0) * bend, my = (y0 + y1) / 2 + (x1 - x0) * bend;
  const width = Math.min(7, 1.4 + Math.sqrt(n) * 0.55) * r, angle = Math.atan2(y1 - my, x1 - mx), head = 3 * r + 2.2 * width;
  const ex = x1 - Math.cos(angle) * head * 0.8, ey = y1 - Math.sin(angle) * head * 0.8;
  for (const [colour, w] of [["#0b1014", width + 2.5 * r], ["#ffd27a", width]]) {
    ctx.strokeStyle = ctx.fillStyle = colour; ctx.lineWidth = w;
    ctx.beginPath(); ctx.moveTo(x0, y0); ctx.quadraticCurveTo(mx, my, ex, ey); ctx.stroke();
    ctx.beginPath(); ctx.moveTo(x1, y1);
    for (const side of [-0.42, 0.42]) ctx.lineTo(x1 - Math.cos(angle + side) * head, y1 - Math.sin(angle + side) * head);
    ctx.fill();
  }
  return (u) => [(1 - u) ** 2 * x0 + 2 * u * (1 - u) * mx + u * u * x1, (1 - u) ** 2 * y0 + 2 * u * (1 - u) * my + u * u * y1];
}
