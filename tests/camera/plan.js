"use strict";
// Which clips are rendered and read: rows of conditions, each with what has to come out.

const { chance } = require("./scenes.js");

// The first seed of each plan; thresholds were tried on those from 1 on. A seed of the final run was never looked at before it.
const FIRST_SEEDS = { ci: 32_000_000, final: 1_200_000_000 };

// Conditions within which the reader has to be right. A number of frames dropped in a row hides nothing.
function within(random) {
  return {
    fps: random.pick([24, 30, 30, 60]),
    radius: random.between(4, 30),
    shake: random.between(0, 5),
    lamp: random.between(0.3, 0.8),
    noise: random.between(0.7, 5),
    dropped: random.pick([0, 0.01]),
    ground: random.pick(["texture", "texture", "gradient", "flat"]),
    level: random.pick([0.01, 0.1, 0.2, 0.4]),
    exposure: random.between(0.1, 1),
    drift: random.between(0, 0.15),
    follows: random.between(0, 0.8),
    flicker: random.pick([0, 0, 0.1, 0.3]),
    mains: random.pick([50, 60]),
    colour: random.pick([[1, 1, 1], [1, 1, 1], [1, 0.05, 0], [0, 0.1, 1], [1, 0.6, 0]]),
    dimmedTo: random.pick([0, 0, 0, 0.3]),
  };
}

const resting = (random) => ({ ...within(random), shake: random.between(0, 2), fps: random.pick([30, 60]) });

// One condition is changed at a time.
const CHANGES = {
  "10 frames a second": { fps: 10 },
  "15 frames a second": { fps: 15 },
  "24 frames a second": { fps: 24 },
  "60 frames a second": { fps: 60 },
  "radius 1": { radius: 1 },
  "radius 2": { radius: 2 },
  "radius 4": { radius: 4 },
  "radius 15": { radius: 15 },
  "radius 30": { radius: 30 },
  "shake 0": { shake: 0 },
  "shake 5": { shake: 5 },
  "shake 8": { shake: 8 },
  "shake 8, radius 2": { shake: 8, radius: 2 },
  "shake 16": { shake: 16 },
  "noise 5": { noise: 5 },
  "noise 10": { noise: 10 },
  "lamp 0.3": { lamp: 0.3 },
  "lamp 0.1": { lamp: 0.1 },
  "lamp 0.05": { lamp: 0.05 },
  "dark room": { level: 0.01 },
  "bright ground": { level: 0.6, lamp: 0.3 },
  "flicker 30 %, 50 Hz": { flicker: 0.3 },
  "flicker 30 %, 60 Hz, 24 frames": { flicker: 0.3, mains: 60, fps: 24 },
  "5 % dropped": { dropped: 0.05 },
  "10 % dropped": { dropped: 0.1 },
  "times told 10 ms wrong": { stamps: 10 },
  "gain drifts by 40 %": { drift: 0.4 },
  "exposure follows the lamp": { follows: 1.5, radius: 20 },
  "dimmed to 40 %": { dimmedTo: 0.4 },
  "red": { colour: [1, 0, 0] },
  "blue": { colour: [0, 0, 1] },
  "hand: shake 5, radius 4, noise 4, 3 % dropped": { shake: 5, radius: 4, noise: 4, flicker: 0.1, dropped: 0.03 },
  "hard: 24 frames, shake 8, radius 3, lamp 0.3, noise 5": { fps: 24, shake: 8, radius: 3, lamp: 0.3, noise: 5 },
};

// The calls of a driver that is not ours: [[ms, lit], ...] for a minute.
function foreign(random) {
  const kind = random.pick(["even", "uneven", "double", "heartbeat", "morse", "random", "slower", "fast"]);
  const [lit, dark] = [random.between(60, 1500), random.between(60, 2500)];
  const [flashes, factor] = [1 + Math.floor(random() * 6), random.pick([0.5, 0.7, 1.4, 1.7])];
  const events = [];
  let now = 0;
  const put = (on, ms) => {
    events.push([now, on]);
    now += ms;
  };
  while (now < 60000) {
    if (kind === "even") put(1, lit), put(0, lit);
    else if (kind === "uneven") put(1, lit), put(0, Math.abs(dark - 1800) < 400 && Math.abs(lit - 200) < 120 ? 900 : dark);
    else if (kind === "double") put(1, 100), put(0, 100), put(1, 100), put(0, 1500);
    else if (kind === "heartbeat") put(1, 70), put(0, 130), put(1, 70), put(0, 730);
    else if (kind === "morse") put(1, random() < 0.5 ? 120 : 360), put(0, random() < 0.2 ? 840 : 120);
    else if (kind === "random") put(1, random.between(50, 1500)), put(0, random.between(50, 2500));
    else if (kind === "fast") put(1, 50), put(0, 50);
    else {
      for (let i = 0; i < flashes; i++) put(1, 200 * factor), put(0, 300 * factor);
      put(0, 1500 * factor);
    }
  }
  return events;
}

const shifted = (events, ms) => events.map(([at, lit]) => [at - ms, lit]);

const AFTER_MS = 1500; // filmed after a number's end, in which the state comes back

// The part of a recording that is filmed: four cycles of a state, or a number from before its beginning to its end.
function stateClip(recorded, count, random, cycles = 4) {
  const { events, cycle } = recorded.states[count];
  const from = 2000 + random.between(0, cycle);
  return { events, from, to: from + cycles * cycle, expected: { kind: "state", count } };
}

function numberClip(recorded, name, random) {
  const { events, begin, end, groups, state } = recorded.numbers[name];
  return { events, from: begin - random.between(2250, 5000), to: end + AFTER_MS, expected: { kind: "number", groups, around: state } };
}

// A number of which the beginning was not filmed.
function middleClip(recorded, name, random) {
  const { events, begin, end, state } = recorded.numbers[name];
  return { events, from: begin + random.between(0.1, 0.7) * (end - begin), to: end + AFTER_MS, expected: { kind: "none", around: state } };
}

// A number that is in no table, spelled once (then it is not to be answered) or twice.
function unknownClip(recorded, random, times) {
  const { events, begin, end, again, groups, state } = recorded.unknown[random.pick(Object.keys(recorded.unknown))];
  const from = begin - random.between(2250, 3000);
  const expected = times === 2 ? { kind: "number", groups, around: state } : { kind: "none", around: state };
  return { events, from, to: (times === 2 ? again : end) + AFTER_MS, expected };
}

// All clips of a plan, "ci", "final" or the first seed of another one: [{ row, seed, expected, near, ...what film() takes }, ...]. expected.kind: "state", "number",
// "none" (any answer is wrong), "number" and "none" perhaps with `around`, the count of the state around a number, "either" (two lamps of ours: that, or the other, is not to be answered unasked).
function clips(recorded, plan) {
  const counts = Object.keys(recorded.states);
  const numbers = Object.keys(recorded.numbers);
  const made = [];
  const first = FIRST_SEEDS[plan] ?? Number(plan);
  const add = (row, count, make) => {
    for (let n = 0; n < count; n++) {
      const seed = first + made.length * 7919;
      made.push({ row, seed, ...make(chance(seed), n) });
    }
  };
  const few = plan === "ci";
  const states = (times, conditions) => (random, n) => ({ ...stateClip(recorded, counts[n % counts.length], random), ...conditions(random) });
  add("within the limits, states", few ? 20 : 640, states(1, within));
  add("within the limits, numbers", few ? 12 : numbers.length, (random, n) => ({ ...numberClip(recorded, numbers[n % numbers.length], random), ...within(random) }));
  add("phone rests, states", few ? 6 : 112, states(1, resting));
  add("phone rests, numbers", few ? 2 : 48, (random) => ({ ...numberClip(recorded, random.pick(numbers), random), ...resting(random) }));
  const none = { kind: "none" };
  const seconds = (random) => ({ from: 2000, to: 2000 + random.between(12000, 20000), expected: none });
  add("no lamp", few ? 3 : 60, (random) => ({ events: null, ...seconds(random), ...within(random) }));
  add("steady light", few ? 2 : 60, (random) => ({ events: [[0, 1]], ...seconds(random), ...within(random), dimmedTo: 0 }));
  add("foreign rhythm", few ? 5 : 120, (random) => ({ events: foreign(random), ...seconds(random), ...within(random) }));
  add("a number filmed from its middle", few ? 1 : 60, (random) => ({ ...middleClip(recorded, random.pick(numbers), random), ...within(random) }));
  add("a number in no table, spelled once", few ? 1 : 40, (random) => ({ ...unknownClip(recorded, random, 1), ...within(random) }));
  add("a number in no table, spelled twice", few ? 0 : 20, (random) => ({ ...unknownClip(recorded, random, 2), ...within(random) }));
  const second = (random, events) => ({ events: shifted(events, random.between(0, 2000)), radius: random.between(4, 20), lamp: random.between(0.3, 0.8) });
  add("a foreign lamp beside ours", few ? 3 : 64, (random, n) => ({ ...states(1, within)(random, n), second: second(random, foreign(random)) }));
  const two = (random, n) => {
    const count = counts[n % counts.length];
    const other = random.pick(counts.filter((one) => one !== count));
    return { ...stateClip(recorded, count, random), ...within(random), second: second(random, recorded.states[other].events) };
  };
  add("two lamps of ours", few ? 3 : 64, (random, n) => ({ ...two(random, n), expected: { kind: "either" } }));
  add("two lamps of ours, one pointed at", few ? 2 : 64, (random, n) => ({ ...two(random, n), pointed: true }));
  if (few) return made;
  for (const [row, change] of Object.entries(CHANGES)) {
    add(`${row}; states`, 10, states(1, () => change));
    add(`${row}; numbers`, 2, (random) => ({ ...numberClip(recorded, random.pick(numbers), random), ...change }));
  }
  return made;
}

module.exports = { clips };
