"use strict";
// What the page does: language, search and filters, links to codes, the lamp reader.

const facts = JSON.parse(document.getElementById("facts").textContent);
const root = document.documentElement;
const byId = (id) => document.getElementById(id);

// A text in both languages; the style sheet shows one.
function both(en, zh) {
  const pieces = document.createDocumentFragment();
  for (const [lang, words] of [["en", en], ["zh", zh]]) {
    const span = document.createElement("span");
    span.lang = lang;
    span.textContent = words;
    pieces.append(span);
  }
  return pieces;
}

function element(name, ...children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

// Language

function show(language) {
  root.lang = root.dataset.show = language;
  document.title = language === "zh" ? "blinkcode 错误码手册" : "blinkcode: the code book";
  for (const button of document.querySelectorAll("[data-language]")) {
    button.setAttribute("aria-pressed", String(button.dataset.language === language));
  }
  for (const option of document.querySelectorAll("option[data-en]")) option.textContent = option.dataset[language];
}

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    show(button.dataset.language);
    const address = new URL(location.href);
    address.searchParams.set("lang", button.dataset.language);
    history.replaceState(null, "", address);
  });
}
const asked = new URLSearchParams(location.search).get("lang") || navigator.language;
show(asked.startsWith("zh") ? "zh" : "en");

byId("still").addEventListener("click", () => {
  const still = root.classList.toggle("still");
  byId("still").setAttribute("aria-pressed", String(still));
});

// Search and filters

const list = byId("list");
const entries = [...list.children].map((article) => ({
  article,
  id: article.id,
  vendor: article.dataset.vendor,
  code: Number(article.dataset.code),
  states: article.dataset.states.split(" "),
  sections: article.dataset.sections.trim().split(" "),
  words: article.textContent.toLowerCase(),
}));
const [search, vendorField, stateField, sectionField] = ["search", "by-vendor", "by-state", "by-section"].map(byId);
let stateAsked = []; // the states that the lamp reader or a card asked for; the select shows one of them at most

// 0 where the entry is what was written, 1 where its digits begin so, 2 where it has the words, else Infinity.
function rank(entry, written, ways) {
  for (const way of ways) {
    if ((way.vendor === null || way.vendor === entry.vendor) && codesOf(entry).includes(way.code)) return 0;
  }
  const digits = written.replaceAll(/[,\s]/g, "");
  if (/^-?\d+$/.test(digits) && String(entry.code).replace("-", "").startsWith(digits.replace("-", ""))) return 1;
  return written.split(/\s+/).every((word) => entry.words.includes(word)) ? 2 : Infinity;
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
  tell(shown, ways, states);
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
    byId("codes").scrollIntoView();
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

// The lamp reader

const tap = byId("tap");
const marks = byId("taps");
let taps = [];
let down = null;
let clock = 0;
const MOST_CODES = 20; // listed at once
let offered = null; // what was heard when candidates were listed last

const countButtons = [...document.querySelectorAll("[data-flashes]")];

// Lists the states of the counts and then some codes, the best first, and says what was heard.
function candidates(counts, codes, heard) {
  const items = counts.flatMap((flashes) => facts.states.filter((state) => state.flashes === flashes)).map(stateItem);
  byId("candidates").replaceChildren(...items, ...codes.slice(0, MOST_CODES).map(codeItem));
  byId("heard").replaceChildren(heard);
  for (const button of countButtons) {
    button.setAttribute("aria-pressed", String(counts[0] === Number(button.dataset.flashes)));
  }
}

const copyOf = (parent) => [...parent.childNodes].map((node) => node.cloneNode(true));

function linkTo(article, words) {
  const link = element("a", words);
  link.href = `#${article.id}`;
  return element("strong", link);
}

function stateItem(state) {
  const card = byId(`state-${state.name}`);
  const count = countButtons.find((button) => Number(button.dataset.flashes) === state.flashes);
  const show = card.querySelector("button").cloneNode(true);
  show.addEventListener("click", () => ask([state.name]));
  const light = copyOf(count.querySelector("b"));
  return element("li", linkTo(card, state.name), " (", ...light, "): ", ...copyOf(card.querySelector(".remedy")), show);
}

function codeItem({ article, vendor, code, states }) {
  const text = copyOf(article.querySelector(".text"));
  return element("li", linkTo(article, `${vendor} ${code}`), ` ${states.join(", ")}: `, ...text);
}

for (const button of countButtons) {
  button.addEventListener("click", () => {
    clearTaps();
    const flashes = Number(button.dataset.flashes);
    const names = facts.states.filter((state) => state.flashes === flashes).map((state) => state.name).join(", ");
    candidates([flashes], [], both(`That is ${names}.`, `即 ${names}。`));
  });
}

const spelledField = byId("spelled");
spelledField.addEventListener("input", () => {
  clearTaps();
  const groups = writtenGroups(spelledField.value);
  const codes = groups ? spelled(groups, entries, facts.vendors) : [];
  const n = codes.length;
  let heard = both(`${n} codes have this in them.`, `有 ${n} 个错误码含有这一段。`);
  if (n === 1) heard = both("This is the code.", "就是这个错误码。");
  if (!n) heard = both("No code of the tables is spelled so.", "表中没有这样拼写的错误码。");
  if (!groups) heard = both("Write counts from 1 to 10, and - for a very long flash.", "请写 1 到 10 的次数，特别长闪写 -。");
  if (!spelledField.value.trim()) heard = "";
  candidates([], codes, heard);
});

function clearTaps() {
  taps = [];
  clearInterval(clock);
  draw(0);
  byId("again").disabled = true;
}

function draw(now) {
  const from = taps.length ? Math.max(taps[0][0], now - 6000) : 0;
  const bars = taps.map(([start, end]) => {
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "path");
    bar.setAttribute("d", `M${start - from} 0h${Math.max(80, end - start)}v500H${start - from}z`);
    return bar;
  });
  marks.replaceChildren(...bars);
}

function listen() {
  const now = performance.now();
  draw(now);
  if (down !== null) return;
  const fits = fitting(taps, now, facts.lamps);
  const counts = fits.map((fit) => fit.flashes);
  const groups = tappedGroups(taps, facts.pattern);
  const codes = isSpelled(groups) ? spelled(groups, entries, facts.vendors) : [];
  const key = [...counts, ...groups].join();
  const n = taps.length;
  if (key !== offered) {
    offered = key;
    candidates(
      counts,
      codes,
      counts.length || codes.length
        ? both(`${n} taps; the best fit stands first.`, `已按 ${n} 次；最相符的排在最前。`)
        : both(`${n} taps fit no lamp of ours; start again.`, `已按 ${n} 次，与任何一种闪法都不符；请重新开始。`),
    );
  }
  if (now - taps[n - 1][0] > FORGETS_MS) clearInterval(clock);
}

function press(time) {
  if (down !== null) return;
  if (taps.length && time - taps[taps.length - 1][0] > FORGETS_MS) clearTaps();
  down = time;
  tap.classList.add("down");
}

function release(time) {
  if (down === null) return;
  taps.push([down, time]);
  down = null;
  tap.classList.remove("down");
  byId("again").disabled = false;
  offered = null;
  clearInterval(clock);
  clock = setInterval(listen, 250);
  listen();
}

const isPress = (event) => event.key === " " || event.key === "Enter";
tap.addEventListener("pointerdown", (event) => {
  tap.setPointerCapture(event.pointerId);
  press(event.timeStamp);
});
tap.addEventListener("pointerup", (event) => release(event.timeStamp));
tap.addEventListener("pointercancel", (event) => release(event.timeStamp));
tap.addEventListener("keydown", (event) => {
  if (!isPress(event)) return;
  event.preventDefault(); // or the browser would click as well
  if (!event.repeat) press(event.timeStamp);
});
tap.addEventListener("keyup", (event) => {
  if (isPress(event)) release(event.timeStamp);
});
tap.addEventListener("blur", () => release(performance.now()));
tap.addEventListener("click", (event) => {
  if (event.detail || event.pointerType) return; // a pointer's own click
  press(event.timeStamp); // a screen reader's
  release(event.timeStamp);
});
tap.addEventListener("contextmenu", (event) => event.preventDefault());
byId("again").addEventListener("click", () => {
  clearTaps();
  candidates([], [], "");
  tap.focus();
});
