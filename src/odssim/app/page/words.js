// Every word of the page, one dictionary per language (words/en.json, words/sv.json).
let words = {};
let facts = {}; // numbers that many texts name, sent by the server
export const LANGUAGES = { en: "en-GB", sv: "sv-SE" }; // each with how it writes numbers and dates
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

export function number(value, decimals) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  const digits = decimals ?? (size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : 2);
  return value.toLocaleString(LANGUAGES[language], { maximumFractionDigits: digits });
}
export const percent = (share, decimals = 0) => `${number(100 * share, decimals)} %`;

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
