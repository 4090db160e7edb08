"use strict";
// The lamp reader's answers, and its ways by tapping, counting and writing; the camera's way is camera.js.

const tap = byId("tap");
const marks = byId("taps");
let taps = [];
let down = null;
let clock = 0;
const MOST_CODES = 20; // listed at once
let shareable = ""; // what was read: a count, or vendor:code
let offered = null; // what was heard when candidates were listed last

const countButtons = [...document.querySelectorAll("[data-count]")].filter((one) => one.matches("button"));
const answer = byId("answer");

// Lists the states of the counts and then some codes, the best first, and says what was heard. The answer stands
// under what was used last: after.
function candidates(after, counts, codes, heard, others = []) {
  const states = counts.flatMap((count) => facts.states.filter((state) => state.count === count)).map(stateItem);
  byId("candidates").replaceChildren(...others, ...states, ...codes.slice(0, MOST_CODES).map(codeItem));
  byId("heard").replaceChildren(heard);
  byId("colour").hidden = true;
  if (answer.previousElementSibling !== after) after.after(answer);
  answer.hidden = !byId("heard").textContent && !byId("candidates").childElementCount;
  for (const button of document.querySelectorAll(".counts button")) {
    button.setAttribute("aria-pressed", String(after === button || counts[0] === button.dataset.count));
  }
  shareable = counts.length ? counts[0] : codes.length ? `${codes[0].vendor}:${codes[0].code}` : "";
  byId("share").hidden = !shareable;
  byId("shared").replaceChildren();
}

function stateItem(state) {
  const card = byId(`state-${state.name}`);
  const show = card.querySelector("button").cloneNode(true);
  show.addEventListener("click", () => ask([state.name]));
  const light = copyOf(card.querySelector("small"));
  return element("li", linkTo(card, state.name), " (", ...light, "): ", ...copyOf(card.querySelector(".remedy")), show);
}

function codeItem({ article, vendor, code, states }) {
  const text = copyOf(article.querySelector(".text"));
  return element("li", linkTo(article, `${vendor} ${code}`), ` ${states.join(", ")}: `, ...text);
}

for (const button of countButtons) {
  button.addEventListener("click", () => {
    clearTaps();
    const count = button.dataset.count;
    const names = facts.states.filter((state) => state.count === count).map((state) => state.name).join(", ");
    candidates(button, [count], [], both(`That is ${names}.`, `即 ${names}。`));
  });
}
for (const button of document.querySelectorAll("[data-help]")) {
  button.addEventListener("click", () => {
    clearTaps();
    const card = byId(button.dataset.help);
    const item = element("li", linkTo(card, ...copyOf(card.querySelector("b"))), ": ", ...copyOf(card.querySelector(".means")));
    candidates(button, [], [], copyOf(card.querySelector(".remedy"))[0], [item]);
  });
}

// Sharing: the address carries what was read, by name and not as a picture.

byId("share").addEventListener("click", async () => {
  const address = new URL(location.href);
  address.hash = "lamp";
  address.searchParams.set("read", shareable);
  try {
    if (navigator.share) await navigator.share({ title: document.title, text: byId("candidates").innerText, url: address.href });
    else await navigator.clipboard.writeText(address.href);
    byId("shared").replaceChildren(both("The link is ready.", "链接已准备好。"));
  } catch {
    const link = element("a", address.href);
    link.href = address.href;
    byId("shared").replaceChildren(link);
  }
});

// Shows what somebody else has read: a count, or vendor:code.
function showShared() {
  const read = new URLSearchParams(location.search).get("read");
  if (!read) return;
  const button = countButtons.find((one) => one.dataset.count === read);
  const entry = entries.find(({ vendor, code }) => `${vendor}:${code}` === read);
  const heard = both("This was read and shared with you.", "这是他人读出并分享给你的。");
  if (button) candidates(byId("lamp-title"), [read], [], heard);
  else if (entry) candidates(byId("lamp-title"), [], [entry], heard);
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
  candidates(spelledField.closest("p"), [], codes, heard);
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
  const counts = fits.map((fit) => fit.count);
  const groups = tappedGroups(taps, facts.pattern);
  const codes = isSpelled(groups) ? spelled(groups, entries, facts.vendors) : [];
  const key = [...counts, ...groups].join();
  const n = taps.length;
  if (key !== offered) {
    offered = key;
    candidates(
      marks,
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
  candidates(marks, [], [], "");
  tap.focus();
});
showShared();
