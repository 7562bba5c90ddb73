// Hands on the page: the map by pointer, wheel, drop and keys, and the keys of the whole page.
import { clampZoom } from "./pane.js";
import { byId } from "./words.js";

export const TABS = ["charts", "methods", "place", "lessons"];

// `acts`: what the page can do (main.js).
export function listenToMap(app, acts) {
  const { later, paint, select, steers } = acts;
  function moveFrame(zoom, dx, dy) {
    const [z, x, y] = app.frame, w = app.world.width_m / app.world.side, h = app.world.height_m / app.world.side;
    app.frame = [clampZoom(z * zoom), Math.min(w, Math.max(0, x + dx)), Math.min(h, Math.max(0, y + dy))];
    app.frameGiven = true;
    later("frame", () => { for (const name of app.view === "both" ? app.names : ["a"]) app.panes[name].resize(app.world, app.frame); paint(); acts.keepLink(); });
  }
  for (const [name, pane] of Object.entries(app.panes)) {
    const node = pane.node;
    let from = null, moved = false;
    node.addEventListener("pointerdown", (event) => { from = [event.clientX, event.clientY]; moved = false; node.setPointerCapture(event.pointerId); });
    node.addEventListener("pointermove", (event) => {
      if (!app.world) return;
      if (from) {
        const dx = event.clientX - from[0], dy = event.clientY - from[1];
        if (moved || Math.hypot(dx, dy) > 5) { moved = true; from = [event.clientX, event.clientY]; moveFrame(1, (-dx * pane.ratio) / pane.camera.k, (dy * pane.ratio) / pane.camera.k); }
        return;
      }
      const p = pane.nearest(event);
      if (p !== app.hover) { app.hover = p; later("hover", paint); }
    });
    node.addEventListener("pointerup", (event) => { if (from && !moved && app.world) select(pane.nearest(event), name); from = null; });
    node.addEventListener("pointerleave", () => { app.hover = null; later("hover", paint); });
    node.addEventListener("wheel", (event) => {
      event.preventDefault();
      const before = pane.toMap(event), zoom = Math.exp(-event.deltaY * 0.0015), real = clampZoom(app.frame[0] * zoom) / app.frame[0];
      moveFrame(zoom, (before[0] - app.frame[1]) * (1 - 1 / real), (before[1] - app.frame[2]) * (1 - 1 / real));
    }, { passive: false });
    node.addEventListener("dragover", (event) => { if (steers()) { event.preventDefault(); node.classList.add("drop"); app.hover = pane.nearest(event); later("hover", paint); } });
    node.addEventListener("dragleave", () => node.classList.remove("drop"));
    node.addEventListener("drop", (event) => {
      event.preventDefault(); node.classList.remove("drop");
      const id = event.dataTransfer.getData("text/plain");
      if (app.hello.catalogue.some((entry) => entry.id === id)) acts.pick(id, [pane.nearest(event)], name);
    });
    node.addEventListener("keydown", (event) => {
      const step = 0.06 / app.frame[0], moves = { ArrowLeft: [1, -step, 0], ArrowRight: [1, step, 0], ArrowUp: [1, 0, step], ArrowDown: [1, 0, -step], "+": [1.25, 0, 0], "-": [0.8, 0, 0] };
      if (moves[event.key]) { event.preventDefault(); event.stopPropagation(); moveFrame(...moves[event.key]); }
      if (event.key === "Enter" && pane.scenes.length) { const at = pane.scenes.findIndex((scene) => scene.places.includes(app.place)); select(pane.scenes[(at + 1) % pane.scenes.length].place, name); }
    });
  }
}

export function listenToKeys(app, acts) {
  const { showTab, seekDay, setView, setSpeed, steers } = acts;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || byId("dialog").open) return;
    const inField = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName), onButton = event.target.tagName === "BUTTON";
    if (event.target.closest("[role=tablist]") && ["ArrowLeft", "ArrowRight"].includes(event.key)) {
      const next = TABS[(TABS.indexOf(app.tab) + (event.key === "ArrowRight" ? 1 : 3)) % 4];
      showTab(next); byId(`tab-${next}`).focus(); event.preventDefault();
      return;
    }
    if (event.key === "Escape") { if (app.draft) acts.cancel(); else acts.select(null); return; }
    if (inField) return;
    const keys = { ArrowLeft: () => seekDay(-1), ArrowRight: () => seekDay(1), 1: () => setView("a"), 2: () => setView("both"), 3: () => setView("difference"),
      "+": () => setSpeed(1), "-": () => setSpeed(-1), "?": acts.showHelp, m: () => { showTab("methods"); byId("search").focus(); }, c: () => showTab("charts"), p: () => showTab("place"), l: () => showTab("lessons"), s: () => { app.spoken = 0; acts.speak(); } };
    if (event.key === " " && !onButton) { event.preventDefault(); if (steers()) acts.togglePlay(); return; }
    if (!keys[event.key] || (!steers() && ["ArrowLeft", "ArrowRight", "+", "-"].includes(event.key))) return;
    event.preventDefault();
    keys[event.key]();
  });
}
