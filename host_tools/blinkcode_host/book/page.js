"use strict";
// What all of the page uses: its facts, texts in several languages, the language switch, motion, the printed card.

const facts = JSON.parse(document.getElementById("facts").textContent);
const root = document.documentElement;
const byId = (id) => document.getElementById(id);
const PAGE_LANGUAGES = ["en", "zh"].filter((language) => facts.languages.includes(language));
if (!PAGE_LANGUAGES.length) PAGE_LANGUAGES.push("en");

// A text in the page's languages; the style sheet shows one.
function both(en, zh) {
  const pieces = document.createDocumentFragment();
  for (const lang of PAGE_LANGUAGES) {
    const span = document.createElement("span");
    span.lang = lang;
    span.textContent = lang === "zh" ? zh : en;
    pieces.append(span);
  }
  return pieces;
}

function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

const copyOf = (parent) => [...parent.childNodes].map((node) => node.cloneNode(true));

// Language

const TITLE = document.title;

function show(language) {
  const own = PAGE_LANGUAGES.includes(language) ? language : PAGE_LANGUAGES[0];
  root.lang = language;
  root.dataset.show = language;
  document.title = own === "zh" ? TITLE.replace(": the code book", " 错误码手册") : TITLE;
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  for (const option of document.querySelectorAll("option[data-en]")) option.textContent = option.dataset[own];
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    show(button.dataset.language);
    const address = new URL(location.href);
    address.searchParams.set("lang", button.dataset.language);
    history.replaceState(null, "", address);
  });
}
const wanted = [new URLSearchParams(location.search).get("lang"), ...(navigator.languages || [])];
const spoken = wanted.map((tag) => facts.languages.find((language) => tag && tag.startsWith(language)));
show(spoken.find(Boolean) || facts.languages[0]);

byId("still").addEventListener("click", () => {
  const still = root.classList.toggle("still");
  byId("still").setAttribute("aria-pressed", String(still));
});

// Cards fold where the screen is narrow; on paper they are open.

const cards = [...document.querySelectorAll("details.state")];
const fold = (open) => cards.forEach((card) => (card.open = open));
if (matchMedia("(max-width: 47.99rem)").matches) fold(false);
let openOnScreen = [];
addEventListener("beforeprint", () => {
  openOnScreen = cards.map((card) => card.open);
  fold(true);
});
addEventListener("afterprint", () => {
  cards.forEach((card, i) => (card.open = openOnScreen[i]));
  delete root.dataset.print;
});
byId("print-card").addEventListener("click", () => {
  root.dataset.print = "card";
  window.print();
});
