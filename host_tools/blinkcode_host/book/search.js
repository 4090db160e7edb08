"use strict";
// Search, filters, and links to codes and states.

const list = byId("list");
const home = list.parentElement;

// Small letters, without hyphens between letters: "Wi-Fi" and "wifi" are one word.
function plain(words) {
  return words.toLowerCase().replaceAll(/[\u2010\u2011]/g, "-").replaceAll(/([a-z])-(?=[a-z])/g, "$1");
}

// A word without its English ending: "pairing" is found by "pair", and the other way round.
function stem(word) {
  return word.replace(/^([a-z]{3,})(?:ing|ed|es|s)$/, "$1");
}

const hasWords = (text, written) =>
  plain(written).split(/\s+/).every((word) => text.includes(word) || text.includes(stem(word)));

// The names of an article's vendor and sections, which it does not show.
function namesOf(article) {
  const vendor = facts.vendors.find(({ id }) => id === article.dataset.vendor);
  const ids = article.dataset.sections.trim().split(" ");
  const titles = vendor.sections.filter((section) => ids.includes(`${vendor.id}:${section.id}`)).map(({ title }) => title);
  return [vendor.name, ...titles].join(" ");
}

const entries = [...list.children].map((article) => ({
  article,
  id: article.id,
  vendor: article.dataset.vendor,
  code: Number(article.dataset.code),
  states: article.dataset.states.split(" "),
  sections: article.dataset.sections.trim().split(" "),
  words: plain(`${article.textContent} ${namesOf(article)}`),
}));
// Help comes before the states, which have its words too.
const everything = [...document.querySelectorAll("details.help, details.state:not(.help)")].sort((a, b) => b.matches(".help") - a.matches(".help")).map((card) => ({
  card,
  count: card.dataset.count || "",
  words: plain(`${card.textContent} ${card.dataset.words || ""}`),
}));
const [search, vendorField, stateField, sectionField] = ["search", "by-vendor", "by-state", "by-section"].map(byId);
const MOST_CARDS = 6; // listed at once
let stateAsked = []; // the states that the lamp reader or a card asked for; the select shows one of them at most

// 0 where the entry is what was written, 1 where its digits begin so, 2 where it has the words, else Infinity.
function rank(entry, written, ways) {
  for (const way of ways) {
    if ((way.vendor === null || way.vendor === entry.vendor) && codesOf(entry).includes(way.code)) return 0;
  }
  const digits = written.replaceAll(/[,\s]/g, "");
  if (/^-?\d+$/.test(digits) && String(entry.code).replace("-", "").startsWith(digits.replace("-", ""))) return 1;
  return hasWords(entry.words, written) ? 2 : Infinity;
}

const aliases = new Map();
for (const [alias, id] of Object.entries(facts.aliases)) {
  aliases.set(id, [...(aliases.get(id) || []), Number(alias.slice(alias.indexOf("-") + 1))]);
}
const codesOf = (entry) => [entry.code, ...(aliases.get(entry.id) || [])];

function refresh() {
  const written = search.value.trim().toLowerCase();
  const ways = (written && readings(written, facts.vendors)) || [];
  const states = stateField.value ? [stateField.value] : stateAsked;
  const shown = [];
  for (const entry of entries) {
    const kept =
      (!vendorField.value || entry.vendor === vendorField.value) &&
      (!states.length || states.some((name) => entry.states.includes(name))) &&
      (!sectionField.value || entry.sections.includes(sectionField.value));
    const place = kept ? (written ? rank(entry, written, ways) : 0) : Infinity;
    entry.article.hidden = place === Infinity;
    if (place < Infinity) shown.push([place, entry.article]);
  }
  shown.sort((a, b) => a[0] - b[0]); // stable: the tables' order within each rank
  list.append(...shown.map(([, article]) => article));
  const asked = written || states.length || vendorField.value || sectionField.value;
  (asked ? byId("hits") : home).append(list);
  byId("filters").open ||= Boolean(states.length || vendorField.value || sectionField.value);
  byId("cards-found").replaceChildren(...(written ? cardsFor(written).map(cardItem) : []));
  if (asked) tell(shown, ways, states);
  else for (const id of ["found", "readings"]) byId(id).replaceChildren();
}

// The cards that somebody may mean: by their flashes ("4 flashes", "8-1", "8" for all that begin so), or by words.
function cardsFor(written) {
  const flashes = /^(?:flash|blink|闪)?\s*(\d+)\s*(?:[-–]\s*(\d))?\s*(?:flash(?:es)?|blinks?|times|次|下)?$/.exec(written);
  if (flashes) {
    const count = flashes[2] ? `${flashes[1]}-${flashes[2]}` : flashes[1];
    return everything.filter((one) => one.count === count || (!flashes[2] && one.count.startsWith(`${count}-`)));
  }
  return written.length < 3 && /^[a-z]*$/.test(written) ? [] : everything.filter((one) => hasWords(one.words, written)).slice(0, MOST_CARDS);
}

function cardItem({ card }) {
  return element("li", linkTo(card, ...copyOf(card.querySelector("b"))), ": ", ...copyOf(card.querySelector(".remedy")));
}

function linkTo(target, ...words) {
  const link = element("a", ...words);
  link.href = `#${target.id}`;
  return element("strong", link);
}

function tell(shown, ways, states) {
  const of = states.length > 1 ? ` (${states.join(", ")})` : "";
  const n = shown.length;
  byId("found").replaceChildren(both(`${n} ${n === 1 ? "code" : "codes"}${of}`, `${n} 个错误码${of}`));
  const notes = [];
  const exact = shown.filter(([place]) => place === 0).map(([, article]) => article);
  for (const way of ways) {
    const hits = entries.filter(
      (e) => exact.includes(e.article) && codesOf(e).includes(way.code) && (way.vendor ?? e.vendor) === e.vendor,
    );
    if (way.how && hits.length) notes.push(howRead(way.how));
    for (const hit of hits) {
      if (hit.code !== way.code) {
        notes.push(both(`${way.code} most likely stands for ${hit.code}.`, `${way.code} 很可能是指 ${hit.code}。`));
      }
    }
  }
  const word = ways.length && ways[0].how && n; // such as "bad", which is hexadecimal too
  if (ways.length && !exact.length && !word) notes.push(...unknown(ways));
  byId("readings").replaceChildren(...notes.map((note) => element("li", note)));
}

function howRead({ text, bits, bytes, value }) {
  if (bits) return both(`${text} as a ${bits}-bit two's complement is ${value}.`, `${text} 按 ${bits} 位补码为 ${value}。`);
  if (bytes) return both(`${text} as little-endian bytes is ${value}.`, `${text} 按小端字节为 ${value}。`);
  return both(`${text} is hexadecimal for ${value}.`, `十六进制 ${text} 即 ${value}。`);
}

// Notes on a number that is not in the tables: the sections that it falls in.
function unknown(ways) {
  const notes = [both(`${ways[0].code} is not in the tables.`, `表中没有 ${ways[0].code}。`)];
  for (const way of ways) {
    for (const vendor of facts.vendors.filter((v) => (way.vendor ?? v.id) === v.id)) {
      for (const section of vendor.sections) {
        const range = section.ranges.find(([first, last]) => first <= way.code && way.code <= last);
        const where = range && `${vendor.name}: ${section.title} (${range[0]} … ${range[1]})`;
        if (where) notes.push(both(`${way.code} falls in ${where}.`, `${way.code} 属于 ${where}。`));
      }
    }
  }
  return notes;
}

const form = document.querySelector("form");
search.addEventListener("input", refresh);
stateField.addEventListener("change", () => (stateAsked = []));
vendorField.addEventListener("change", () => {
  if (vendorField.value && !sectionField.value.startsWith(`${vendorField.value}:`)) sectionField.value = "";
});
form.addEventListener("change", refresh);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const first = list.querySelector("article:not([hidden])");
  if (search.value && first) location.hash = first.id;
});
form.addEventListener("reset", () => {
  stateAsked = [];
  setTimeout(refresh);
});

// Shows the codes of some states, and goes there.
function ask(states) {
  form.reset();
  stateAsked = states;
  setTimeout(() => {
    stateField.value = states.length === 1 ? states[0] : "";
    refresh();
    byId("found").scrollIntoView();
    stateField.focus({ preventScroll: true });
  });
}

for (const button of document.querySelectorAll("[data-state]")) {
  button.addEventListener("click", () => ask([button.dataset.state]));
}

// Links to codes: an alias leads to its code, and what a filter hides is shown

function follow() {
  const id = location.hash.slice(1);
  const article = byId(facts.aliases[id] || id);
  if (article && article.matches("details.state")) article.open = true;
  for (const marked of list.querySelectorAll(".here")) marked.classList.remove("here");
  if (!article || article.parentElement !== list) return;
  if (article.hidden) {
    form.reset();
    stateAsked = [];
    refresh();
  }
  article.classList.add("here");
  article.scrollIntoView({ block: "center" });
  article.querySelector("a").focus({ preventScroll: true });
}

addEventListener("hashchange", follow);
follow();
