// Every word of the page, one dictionary per language: its own (words/*.json) and the model's, put together by app/words.py.
let words = {};
let facts = {}; // numbers that many texts name, sent by the server
export const LANGUAGES = { en: "en-GB", sv: "sv-SE" }; // each with how it writes dates
export let language = "en";

export async function useLanguage(wanted) {
  language = Object.hasOwn(LANGUAGES, wanted) ? wanted : "en";
  words = await (await fetch(`words/${language}.json`)).json();
  document.documentElement.lang = language;
  relabel();
}

export function know(values) { facts = values; relabel(); }

function relabel() {
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const node of document.querySelectorAll("[data-label]")) node.setAttribute("aria-label", t(node.dataset.label));
  for (const node of document.querySelectorAll("[data-title]")) node.title = t(node.dataset.title);
  for (const node of document.querySelectorAll("[data-language]"))
    node.setAttribute("aria-pressed", node.dataset.language === language);
}

export function t(key, values = {}) {
  const text = words[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? facts[name] ?? "");
}
export const has = (key) => key in words;

// Numbers as language/written.py writes them: the same rounding, thin space, minus sign and decimal mark; a test compares.
const THIN_SPACE = "\u202f", MINUS = "\u2212";

function fixed(size, decimals) { // a tie goes to the even digit
  const exact = size.toFixed(decimals + 60), cut = exact.slice(0, -60);
  const isEvenTie = /^50*$/.test(exact.slice(-60)) && /[02468]\.?$/.test(cut);
  return isEvenTie ? cut.replace(/\.$/, "") : size.toFixed(decimals);
}

export function grouped(value, decimals = 0) {
  const [whole, part] = fixed(Math.abs(value), decimals).split(".");
  const text = whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE) + (part ? words.decimal_mark + part : "");
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

function trimmed(value, decimals) {
  const text = grouped(value, decimals);
  return decimals ? text.replace(/[.,]?0+$/, "") : text;
}

export function number(value, decimals) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  if (decimals !== undefined) return trimmed(value, decimals);
  if (size >= 1e6) {
    const n = trimmed(value / 1e6, size >= 1e8 ? 0 : 1);
    return t(n === "1" ? "million" : "millions", { n });
  }
  if (size >= 99.95 || size === 0) return grouped(value);
  return trimmed(value, size >= 9.995 ? 1 : size >= 1 ? 2 : 1 - Math.floor(Math.log10(size)));
}

export function signed(value, decimals) {
  const text = number(value, decimals);
  return text === "0" ? "±0" : text.startsWith(MINUS) ? text : `+${text}`;
}

export function percent(share) {
  const value = 100 * share;
  if (value > 0 && value < 0.05) return t("under", { share: `${grouped(0.1, 1)}${THIN_SPACE}%` });
  if (value >= 99.5 && value < 100) return t("over", { share: `99${THIN_SPACE}%` });
  return `${trimmed(value, Math.abs(value) < 9.95 ? 1 : 0)}${THIN_SPACE}%`;
}
export function signedPercent(share) {
  const value = 100 * share, size = Math.abs(value);
  return `${signed(Math.sign(value) * Number(fixed(size, size < 9.95 ? 1 : 0)))}${THIN_SPACE}%`;
}

export function dateText(start, minute, long = true) {
  const day = new Date(Date.parse(start) + Math.floor(minute / 1440) * 864e5);
  const how = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
  if (long) how.weekday = "short";
  return day.toLocaleDateString(LANGUAGES[language], how);
}
export const clockText = (minute) =>
  `${String(Math.floor((minute % 1440) / 60)).padStart(2, "0")}:${String(Math.floor(minute % 60)).padStart(2, "0")}`;

export const byId = (id) => document.getElementById(id);

// Small helper for building pieces of the page: el("p.note", {attributes}, children...)
export function el(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "style") node.style.cssText = value;
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}
