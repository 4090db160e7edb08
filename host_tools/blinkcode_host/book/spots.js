"use strict";
// From traces to blinking spots: which parts of the picture change between two levels of light, and how. Traces
// that go alike belong to one spot, wherever they are: a lamp's halo and its reflections are the lamp.

const RANKED = 60; // traces looked at more closely
const PART_PIXELS = 20; // a part of the picture is so wide and high
const RANKED_OF_PART = 8; // so that a large lamp does not hide a small one
const RANKED_BY = 300; // frames that the ranking looks at
const SPOTS_MOST = 5;
const FLICKER_MS = 120; // changes over this time count, those from frame to frame do not
const SMOOTHED_MS = 55;
const BASE_SHARE = 0.15; // of the values around a time lie below its base: every pattern is dark for longer
const TOP_SHARE = 0.95; // of the values around a time are below the light of its flashes
const TOP_LEAST = 0.3; // of the usual contrast: what is fainter is not taken for a flash
const TOP_MOST = 2;
const BASE_REACH_MS = 3000; // to either side
const BASE_EVERY_MS = 500;
const BASE_VALUES = 60; // looked at for one base
const LEAST_CONTRAST = 0.025; // between dark and lit, in logarithms of light
const LEAST_CLARITY = 1.4; // between dark and lit, in units of what both spread by
const ALIKE = 0.6; // correlation from which traces belong to one spot
const ALIKE_EDGE = 0.3; // from which a trace near a lamp is the lamp's edge, that the shake moves in and out
const EDGE_PIXELS = 14;
const EDGE_SHARE = 0.5; // of the lamp's worth, at most
const CLEAR = 10; // clarity beyond which a trace is no better
const NEAR_PIXELS = 15; // around the place that somebody pointed at

// The spots that blink, those that show it best first: [{ x, y, light, clarity, contrast }, ...]. x, y: in pixels of the
// reference picture. light: Float32Array, 0 where dark, 1 where lit, a value a frame. near: { x, y } or null.
function blinkingSpots(eyes, near = null) {
  const ranked = liveliest(eyes, near);
  for (const one of ranked) {
    one.trace = withoutBase(smoothed(one.trace, eyes.times), eyes.times);
    Object.assign(one, levels(one.trace));
  }
  let left = ranked.filter((one) => one.clarity >= LEAST_CLARITY && one.contrast >= LEAST_CONTRAST);
  const spots = [];
  while (left.length && spots.length < SPOTS_MOST) {
    const seed = left.reduce((best, one) => (worthOf(one) > worthOf(best) ? one : best));
    const alike = [];
    const others = [];
    for (const one of left) {
      one.likeness = correlation(seed.trace, one.trace);
      const byIt = Math.hypot(one.x - seed.x, one.y - seed.y) < EDGE_PIXELS && worthOf(one) < EDGE_SHARE * worthOf(seed);
      const isEdge = byIt && Math.abs(one.likeness) >= ALIKE_EDGE;
      if (Math.abs(one.likeness) >= ALIKE) alike.push(one);
      else if (!isEdge) others.push(one);
    }
    spots.push(spotOf(seed, alike.filter((one) => one.likeness > 0), eyes.times));
    left = others;
  }
  return spots;
}

// How well a trace shows a lamp: it changes much and often, between two levels. What changes once may be as clear.
const worthOf = ({ energy, clarity }) => Math.sqrt(energy) * Math.min(clarity, CLEAR);

// Where a feature's cell is, in pixels.
function placeOf(feature) {
  const cell = feature % CELLS;
  return {
    x: (cell % CELL_COLUMNS) * CELL_STEP + CELL_SIZE / 2,
    y: Math.floor(cell / CELL_COLUMNS) * CELL_STEP + CELL_SIZE / 2,
  };
}

// The features that change most over FLICKER_MS, what changes from frame to frame left out:
// [{ feature, x, y, trace }, ...].
function liveliest(eyes, near) {
  const { frames, times } = eyes;
  const count = frames.length;
  if (count < 8) return [];
  const lag = Math.max(2, Math.round((FLICKER_MS * (count - 1)) / (times[count - 1] - times[0])));
  const step = Math.ceil(count / RANKED_BY);
  const energy = new Float64Array(CELLS * FEATURES);
  for (let i = lag; i < count; i += step) addEnergy(energy, frames[i], frames[i - 1], frames[i - lag]);
  const looked = [];
  for (let feature = 0; feature < energy.length; feature++) {
    const place = placeOf(feature);
    const isNear = !near || Math.hypot(place.x - near.x, place.y - near.y) <= NEAR_PIXELS;
    if (isNear && energy[feature] > 0) looked.push({ feature, ...place, energy: energy[feature] });
  }
  looked.sort((a, b) => b.energy - a.energy);
  const found = [];
  const taken = new Map(); // how many of each part of the picture
  for (const one of looked) {
    if (found.length >= RANKED) break;
    const part = Math.floor(one.x / PART_PIXELS) + 100 * Math.floor(one.y / PART_PIXELS);
    if (taken.get(part) >= RANKED_OF_PART) continue;
    taken.set(part, (taken.get(part) || 0) + 1);
    one.trace = eyes.trace(one.feature);
    if (one.trace) found.push(one);
  }
  return found;
}

// Adds to each feature's energy what it changes from a frame before to the one now, less most of what it changes from the
// frame just before. Features that were out of the frame are left out.
function addEnergy(energy, now, just, before) {
  const most = 4 * LOG_SCALE;
  for (let feature = 0; feature < energy.length; feature++) {
    const slow = now[feature] - before[feature];
    const fast = now[feature] - just[feature];
    if (slow < most && slow > -most && fast < most && fast > -most) energy[feature] += slow * slow - 0.9 * fast * fast;
  }
}

// A trace whose values are means over SMOOTHED_MS, where the camera is fast enough.
function smoothed(trace, times) {
  const frame = (times[times.length - 1] - times[0]) / (times.length - 1);
  const half = Math.floor(SMOOTHED_MS / frame / 2);
  if (!half) return trace;
  return trace.map((_, i) => {
    const first = Math.max(0, i - half);
    const end = Math.min(trace.length, i + half + 1);
    let sum = 0;
    for (let k = first; k < end; k++) sum += trace[k];
    return sum / (end - first);
  });
}

// The value below which `share` of a trace's values around each time lie, one a frame.
function levelAround(trace, times, share) {
  const knots = [];
  let first = 0;
  let end = 0;
  for (let at = times[0]; ; at += BASE_EVERY_MS) {
    while (times[first] < at - BASE_REACH_MS) first++;
    while (end < times.length && times[end] <= at + BASE_REACH_MS) end++;
    const around = everyFew(trace, first, end).sort();
    knots.push(around[Math.floor(share * around.length)]);
    if (at > times[times.length - 1]) break;
  }
  return trace.map((_, i) => {
    const at = (times[i] - times[0]) / BASE_EVERY_MS;
    const knot = Math.min(knots.length - 2, Math.floor(at));
    return knots[knot] + (at - knot) * (knots[knot + 1] - knots[knot]);
  });
}

// A trace less its base: what it falls to again and again, as exposure and hand let it drift.
function withoutBase(trace, times) {
  const base = levelAround(trace, times, BASE_SHARE);
  return trace.map((value, i) => value - base[i]);
}

// Light whose flashes are all about 1, though the camera's gain lets them fade for a while.
function evened(light, times) {
  const top = levelAround(light, times, TOP_SHARE);
  return light.map((value, i) => value / Math.min(TOP_MOST, Math.max(TOP_LEAST, top[i])));
}

// At most BASE_VALUES of the values first to end, evenly spaced.
function everyFew(trace, first, end) {
  const step = Math.ceil((end - first) / BASE_VALUES);
  const taken = new Float32Array(Math.ceil((end - first) / step));
  for (let i = 0; i < taken.length; i++) taken[i] = trace[first + i * step];
  return taken;
}

// The value in the middle of some, the upper one of two.
function middle(values) {
  const sorted = new Float32Array(values).sort();
  return sorted.length ? sorted[sorted.length >> 1] : 0;
}

// How far sorted values are off a level, the middle one of those distances.
function middleOff(sorted, level) {
  let above = 0;
  while (above < sorted.length && sorted[above] < level) above++;
  let below = above - 1;
  let off = 0;
  for (let n = 0; n <= sorted.length >> 1; n++) {
    const up = above < sorted.length ? sorted[above] - level : Infinity;
    const down = below >= 0 ? level - sorted[below] : Infinity;
    if (up <= down) above++;
    else below--;
    off = Math.min(up, down);
  }
  return sorted.length ? Math.fround(off) : 0;
}

// Parts a trace's values in two: { dark, lit, contrast, clarity }, clarity being their distance over their spread.
function levels(trace) {
  const sorted = trace.slice().sort();
  const count = sorted.length;
  const low = sorted[Math.floor(0.01 * count)];
  const high = sorted[Math.floor(0.99 * count)];
  let total = 0;
  for (let i = 0; i < count; i++) total += sorted[i];
  let [split, best, sum] = [0, -1, 0];
  for (let i = 0; i < count - 1; i++) {
    sum += sorted[i];
    if (sorted[i] < low || sorted[i] > high || i < 0.03 * count) continue;
    const apart = sum * count - total * (i + 1);
    const between = (apart * apart) / ((i + 1) * (count - i - 1));
    if (between > best) [best, split] = [between, i + 1];
  }
  const dark = split ? sorted[split >> 1] : 0;
  const lit = sorted[(split + count) >> 1];
  const half = (dark + lit) / 2;
  let darks = 0;
  while (sorted[darks] < half) darks++;
  const spread = (values, level) => 1.48 * middleOff(values, level); // as a standard deviation
  const off = spread(sorted.subarray(0, darks), dark) + spread(sorted.subarray(darks), lit) + 1e-4;
  return { dark, lit, contrast: lit - dark, clarity: (lit - dark) / off };
}

function correlation(one, other) {
  const count = one.length;
  let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    a += one[i];
    b += other[i];
    aa += one[i] * one[i];
    bb += other[i] * other[i];
    ab += one[i] * other[i];
  }
  return (ab - (a * b) / count) / Math.sqrt((aa - (a * a) / count) * (bb - (b * b) / count) + 1e-12);
}

// One spot made of traces that go alike: their mean, each weighed by how clear it is, and their place.
function spotOf(seed, traces, times) {
  const light = new Float32Array(times.length);
  let [weights, x, y] = [0, 0, 0];
  for (const { trace, dark, contrast, clarity, x: atX, y: atY } of traces) {
    const weight = clarity ** 2;
    weights += weight;
    x += weight * contrast * contrast * atX;
    y += weight * contrast * contrast * atY;
    for (let i = 0; i < light.length; i++) light[i] += (weight * (trace[i] - dark)) / contrast;
  }
  for (let i = 0; i < light.length; i++) light[i] /= weights;
  const { dark, contrast, clarity } = levels(light);
  for (let i = 0; i < light.length; i++) light[i] = (light[i] - dark) / contrast;
  const even = evened(light, times);
  const heavy = traces.reduce((sum, one) => sum + one.clarity ** 2 * one.contrast ** 2, 0);
  return { x: x / heavy, y: y / heavy, light: even, clarity, contrast: seed.contrast };
}
