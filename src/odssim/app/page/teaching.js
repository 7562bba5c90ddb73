// A lesson on its way: each step sets the worlds and the view, and runs as far as it says.
import { Charts } from "./charts.js";
import { lessonsPanel } from "./lessons.js";
import { change } from "./placing.js";
import { keepLink } from "./sharing.js";
import { acts, app, plan, steers, wire } from "./state.js";
import { byId as $, el } from "./words.js";

const figures = el("div.figures");
export const lessonCharts = new Charts(el("div.charts"));

export function showLessons() {
  if (!app.hello) return;
  $("lessons").replaceChildren(...lessonsPanel({ lessons: app.hello.lessons, lesson: app.lesson, step: app.step, steers: steers(), answered: app.answered,
    actions: { open: openLesson, close: () => { app.lesson = null; showLessons(); keepLink(); }, go: goTo, answer: (k) => { app.answered = k; showLessons(); } } }), figures);
  const step = app.lesson?.steps[app.step];
  figures.hidden = !step;
  if (!step) return;
  lessonCharts.build(app.names, $("side").clientWidth, step.charts);
  figures.replaceChildren(lessonCharts.node, el("section.chart.fates", { hidden: true }));
  acts.showCharts(); acts.showFates();
}
function openLesson(id) {
  app.lesson = app.hello.lessons.find((one) => one.id === id);
  goTo(0);
}
function goTo(step) {
  const lesson = app.lesson, now = lesson.steps[step];
  app.step = step; app.answered = null; app.draft = null; app.place = now.place ?? null;
  app.view = now.view;
  const upto = lesson.steps.slice(0, step + 1);
  const wanted = upto.findLast((one) => one.plan)?.plan ?? lesson.plan;
  const day = now.day ?? app.state.minute / 1440;
  change({ ...wanted, seed: wanted.seed ?? (wanted.world === plan().world ? plan().seed : null) }, Math.round(day * 1440)); // a lesson without a seed goes on with yours
  wire.send({ do: "speed", minutes: now.speed });
  wire.send({ do: "play", on: now.until_day !== null, until: now.until_day === null ? null : now.until_day * 1440 });
  acts.layout(); acts.showTab("lessons");
  $("lesson-text")?.focus({ preventScroll: true });
}
