"use strict";
// node lost.js RECORDING: what is read of each number when one of its flashes or of its dark times is seen badly, each of
// them in turn: its light is halfway between dark and lit, or the frames of it are missing. Prints { right, nothing,
// wrong }: how often, and the wrong ones.

const fs = require("fs");
const { flashesOf, cyclesOf, filmedNumbers } = require("./reading.js");

const FRAME_MS = 1000 / 30;
const BEFORE_MS = 3000; // filmed before and after the number
const AFTER_MS = 1500;
const CLARITY = 10; // of a clear lamp

// The frames of a lamp driven by events: { times, light }, the time at hand being events[bad] to the next one.
function framesOf(events, from, to, bad, isMissing) {
  const times = [];
  const light = [];
  let at = -1;
  for (let time = from; time < to; time += FRAME_MS) {
    while (at + 1 < events.length && events[at + 1][0] <= time) at++;
    if (at === bad && isMissing) continue;
    times.push(time);
    light.push(at === bad ? 0.5 : at < 0 ? 0 : events[at][1]);
  }
  return { times, light: Float32Array.from(light) };
}

const { numbers, lamps, pattern } = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const cycles = cyclesOf(lamps, pattern);
const counts = { right: 0, nothing: 0, wrong: [] };
for (const [name, { events, begin, end, groups }] of Object.entries(numbers)) {
  for (const bad of [...events.keys()].filter((i) => events[i][0] >= begin && events[i][0] < end)) {
    for (const isMissing of [false, true]) {
      const { times, light } = framesOf(events, begin - BEFORE_MS, end + AFTER_MS, bad, isMissing);
      const found = filmedNumbers(flashesOf(times, light, CLARITY, pattern), cycles, pattern).numbers;
      if (!found.length) counts.nothing++;
      else if (found.every((number) => String(number.groups) === String(groups))) counts.right++;
      else counts.wrong.push([name, bad, isMissing, ...found.map((number) => String(number.groups))]);
    }
  }
}
console.log(JSON.stringify(counts));
