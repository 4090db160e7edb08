"use strict";
// From a spot's light to flashes and dark times. Knows the pattern's times, and nothing of pictures or of what they mean.
//
// The light is cut into times of light and dark by a search for the cheapest way to tell it: each frame costs what
// it is off its level, each time what it is off one that the device makes, and a time that the device never makes
// costs a lot (it becomes STRANGE). So noise does not split a flash, and a foreign rhythm is not bent into ours.

const STRANGE = "?";
const CUT = "cut"; // a time that the clip's beginning or end cuts off
const SILENCE = "silence"; // dark for longer than any pause
const SHORT = "short";
const LONG = "long";
const VERY_LONG = "dash";
const GAP = "gap";
const GROUP = "group";
const PAUSE = "pause";

const FRAME_COST_MOST = 5; // of one frame that is off, however much
const STRANGE_COST = 14;
const SILENCE_COST = 3;
const USUALLY_OFF_MS = 14; // a time, for the device's ticks and the camera's stamps
const USUALLY_OFF_FRAMES = 0.2;
const USUALLY_OFF_SHARE = 0.03; // of the time
const OFF_MOST_MS = 25; // beyond these a time is not one of ours
const OFF_MOST_FRAMES = 0.6;
const OFF_MOST_SHARE = 0.1;
const STRANGE_OFF = 2.5; // what a strange time counts as, in units of what times are usually off
const LEAST_STRANGE_MS = 45; // shorter ones are noise
const LONGEST_STRANGE_MS = 4000;
const HOLE_MS = 190; // without a frame: may hide a flash, though not in a time as short as a gap
const LIT_SPREAD_LEAST = 0.2; // flashes are not all as bright, and the camera's gain drifts
const HIDDEN_SHARE = 0.8; // of a short flash
const SPREAD = [0.1, 0.4]; // of the light about its level, least and most that are believed

// The times that the device makes: [{ lit, kind, ms }, ...].
function timesOfPattern(pattern) {
  return [
    { lit: true, kind: SHORT, ms: pattern.short_ms },
    { lit: true, kind: LONG, ms: pattern.long_ms },
    { lit: true, kind: VERY_LONG, ms: 2 * pattern.long_ms },
    { lit: false, kind: GAP, ms: pattern.gap_ms },
    { lit: false, kind: GROUP, ms: pattern.group_ms },
    { lit: false, kind: PAUSE, ms: pattern.pause_ms },
  ];
}

// Cuts light (0 dark, 1 lit, one value a frame) into [{ lit, kind, start, end, off, hole, darkSince, missing }, ...], in
// ms. off: how far the time is off the device's, in units of what is usual. hole: whether it may hide a flash or a gap.
// darkSince: the start, or in a dark time with some light in it the end of that. missing: how many flashes may be hidden
// where frames are missing.
function flashesOf(times, light, clarity, pattern) {
  if (times.length < 8) return [];
  const frame = middle(times.slice(1).map((time, i) => time - times[i]));
  const known = timesOfPattern(pattern).map((time) => ({
    ...time,
    usual: USUALLY_OFF_MS + USUALLY_OFF_FRAMES * frame + USUALLY_OFF_SHARE * time.ms,
    most: OFF_MOST_MS + OFF_MOST_FRAMES * frame + OFF_MOST_SHARE * time.ms,
  }));
  const costs = costsOf(light, clarity);
  const edges = edgesOf(times, light, frame);
  return cheapest(costs, edges, known).map(({ level, first, end, kind }) => {
    const start = edges[level][first];
    const until = edges[1 - level][end];
    const time = known.find((one) => one.kind === kind);
    const off = time ? (until - start - time.ms) / time.usual : kind === STRANGE ? STRANGE_OFF : 0;
    const mayHide = kind !== GAP;
    const darkSince = (mayHide && !level && hiddenUntil(times, costs, first, end, pattern)) || start;
    const missing = mayHide ? holesIn(times, first, end) : 0;
    const hole = darkSince > start || missing > 0;
    return {
      lit: Boolean(level),
      kind: hole && kind !== CUT ? STRANGE : kind,
      hole,
      darkSince,
      missing,
      off: hole ? 0 : off,
      start,
      end: until,
    };
  });
}

// What the first frames cost if they are all dark, if they are all lit: two lists, of one value more than there are frames.
function costsOf(light, clarity) {
  const spread = Math.min(SPREAD[1], Math.max(SPREAD[0], 0.6 / clarity));
  const litSpread = Math.max(LIT_SPREAD_LEAST, spread);
  const costs = [new Float64Array(light.length + 1), new Float64Array(light.length + 1)];
  for (let i = 0; i < light.length; i++) {
    costs[0][i + 1] = costs[0][i] + Math.min(FRAME_COST_MOST, (Math.max(0, light[i]) / spread) ** 2 / 2);
    costs[1][i + 1] = costs[1][i] + Math.min(FRAME_COST_MOST, (Math.max(0, 1 - light[i]) / litSpread) ** 2 / 2);
  }
  return costs;
}

// When the light changes before each frame, if it does there, in ms: two lists, as it falls and as it rises. A frame with
// half the light was exposed during the change.
function edgesOf(times, light, frame) {
  const count = times.length;
  const edges = [new Float64Array(count + 1), new Float64Array(count + 1)];
  const clamp = (value) => Math.min(1, Math.max(0, value));
  for (let i = 1; i < count; i++) {
    const between = (times[i - 1] + times[i]) / 2;
    const step = Math.min(frame * 1.2, times[i] - times[i - 1]);
    const later = Math.max(-0.5, Math.min(0.5, clamp(light[i - 1]) + clamp(light[i]) - 1)) * step;
    edges[0][i] = between + later;
    edges[1][i] = between - later;
  }
  for (const list of edges) [list[0], list[count]] = [times[0] - frame / 2, times[count - 1] + frame / 2];
  return edges;
}

// The cheapest way to tell the frames: [{ level, first, end, kind }, ...], level 0 or 1, from one frame up to another.
function cheapest(costs, edges, known) {
  const count = costs[0].length - 1;
  const ends = changesOf(costs);
  // best[level][i]: the least cost of telling the frames before i, a time of that level beginning at i.
  const best = [new Float64Array(count + 1).fill(Infinity), new Float64Array(count + 1).fill(Infinity)];
  const before = [[], []]; // [level][i]: the time that ends there in that way
  best[0][0] = best[1][0] = 0;
  ends.forEach((first, nth) => {
    for (const level of [0, 1]) {
      if (best[level][first] === Infinity) continue;
      for (let next = nth + 1; next < ends.length; next++) {
        const end = ends[next];
        const isCut = first === 0 || end === count;
        const lasts = edges[1 - level][end] - edges[level][first];
        if (level && !isCut && lasts > LONGEST_STRANGE_MS) break;
        const told = best[level][first] + costs[level][end] - costs[level][first];
        if (told >= best[1 - level][end]) continue;
        const { kind, price } = kindOf(lasts, level, isCut, known);
        if (told + price < best[1 - level][end]) {
          best[1 - level][end] = told + price;
          before[1 - level][end] = { level, first, end, kind };
        }
      }
    }
  });
  const found = [];
  let [at, level] = [count, best[0][count] < best[1][count] ? 0 : 1];
  while (at > 0) {
    found.unshift(before[level][at]);
    ({ first: at, level } = found[0]);
  }
  return found;
}

// What a time is, and what it costs to take it for that: { kind, price }.
function kindOf(lasts, level, isCut, known) {
  const isLonger = known.every((time) => lasts > time.ms + time.most);
  if (isCut) return { kind: CUT, price: isLonger && level ? STRANGE_COST : 0 };
  if (isLonger && !level) return { kind: SILENCE, price: SILENCE_COST };
  let found = { kind: STRANGE, price: lasts < LEAST_STRANGE_MS ? Infinity : STRANGE_COST };
  for (const { lit, kind, ms, usual, most } of known) {
    const off = Math.abs(lasts - ms);
    if (lit !== Boolean(level) || off > most) continue;
    const price = Math.min(STRANGE_COST - 1, (off / usual) ** 2 / 2);
    if (price < found.price) found = { kind, price };
  }
  return found;
}

// How many flashes may be hidden where frames are missing, from one frame to another.
function holesIn(times, from, to) {
  let holes = 0;
  for (let i = Math.max(1, from); i <= Math.min(to, times.length - 1); i++) holes += Math.floor((times[i] - times[i - 1]) / HOLE_MS);
  return holes;
}

// The frames before which the light may change, the first and the last one among them: those where it looks more like
// the other level than the frame before, and those next to them.
function changesOf(costs) {
  const count = costs[0].length - 1;
  const lit = (i) => costs[1][i + 1] - costs[1][i] < costs[0][i + 1] - costs[0][i];
  const near = new Uint8Array(count + 1);
  near[0] = near[count] = 1;
  for (let i = 1; i < count; i++) {
    if (lit(i) !== lit(i - 1)) near[i - 1] = near[i] = near[i + 1] = 1;
  }
  return [...near.keys()].filter((i) => near[i]);
}

// Until when frames that are told as dark may have a flash among them: for almost as long as a short one, lit would be
// cheaper. Null where there is none. Two gaps and a short flash last as long as the wait between two groups, and two of
// those waits and a short flash as long as a pause, so that the times alone do not tell.
function hiddenUntil(times, costs, from, to, pattern) {
  const shortest = HIDDEN_SHARE * pattern.short_ms;
  let until = null;
  for (let first = from, end = from; end < to; first++) {
    while (end < to && times[end] - times[first] < shortest) end++;
    if (times[end] - times[first] < shortest) break;
    if (costs[1][end] - costs[1][first] < costs[0][end] - costs[0][first]) until = times[end];
  }
  return until;
}

// How badly flashes fit: { times, light }. times: the root mean square of what times are off, in units of what is
// usual; a lamp of ours has 0.1 to 0.6, noise 1.2 and more. light: the same of the light against the flashes, in
// units of the lamp's own; a lamp has 0.02 to 0.2, noise 0.35 and more.
function misfitOf(flashes, times, light) {
  let [sum, count] = [0, 0];
  for (const flash of flashes) {
    if (flash.kind === CUT || flash.kind === SILENCE) continue;
    sum += flash.off ** 2;
    count++;
  }
  let squares = 0;
  let at = 0;
  for (let i = 0; i < times.length; i++) {
    while (at < flashes.length - 1 && flashes[at].end < times[i]) at++;
    squares += Math.min(1, (light[i] - (flashes[at]?.lit ? 1 : 0)) ** 2);
  }
  return { times: Math.sqrt(sum / Math.max(1, count)), light: Math.sqrt(squares / times.length) };
}
