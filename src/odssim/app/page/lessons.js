// Guided lessons: a list, then step by step; each step may set the map, and may ask.
import { el, language, t } from "./words.js";

const say = (text) => text[language];

export function lessonsPanel({ lessons, lesson, step, steers, actions, answered }) {
  if (!lesson) return [
    el("h2", {}, t("lessons_title")), el("p.note", {}, t("lessons_note")),
    ...lessons.map((one) => el("button.lesson", { "data-lesson": one.id, disabled: !steers, onclick: () => actions.open(one.id) },
      say(one.title), el("small", {}, `${t("minutes", { n: one.minutes })} · ${say(one.about)}`))),
  ];
  const now = lesson.steps[step], last = step === lesson.steps.length - 1;
  return [
    el("div.row", {}, el("h2", {}, say(lesson.title)), el("div.grow"), el("button", { onclick: actions.close, disabled: !steers }, t("lesson_leave"))),
    el("p.note", {}, t("step_of", { n: step + 1, all: lesson.steps.length })),
    el("div.steps", { "aria-hidden": "true" }, lesson.steps.map((_, k) => el(`i${k <= step ? ".done" : ""}`))),
    el("div.lesson-text", { id: "lesson-text", tabindex: "-1" }, say(now.text).split("\n\n").map((part) => el("p", {}, part))),
    now.question ? question(now.question, answered, actions) : null,
    el("div.row", {}, el("button", { disabled: step === 0 || !steers, onclick: () => actions.go(step - 1) }, t("previous")),
      last ? el("button.main", { disabled: !steers, onclick: actions.close }, t("lesson_done")) : el("button.main", { id: "next-step", disabled: !steers, onclick: () => actions.go(step + 1) }, t("next"))),
    el("p.note", {}, t("modelled")),
  ];
}

function question(ask, answered, actions) {
  const open = answered !== null;
  const kind = (k) => (!open || ask.right === null ? "" : k === ask.right ? ".right" : k === answered ? ".wrong" : "");
  return el("fieldset", { style: "border:0;padding:0;margin:8px 0" }, el("legend", {}, el("strong", {}, say(ask.ask))),
    ask.choices.map((choice, k) => el(`button.choice${kind(k)}`, { "aria-pressed": String(answered === k), onclick: () => actions.answer(k) }, say(choice))),
    !ask.choices.length && !open ? el("button", { onclick: () => actions.answer(0) }, t("show_answer")) : null,
    open ? el("p.answer", { role: "status" }, say(ask.answer)) : null);
}
