"use strict";
// From a spot's light to flashes, and from flashes to what the lamp says. Knows the pattern's times and nothing of
// pictures.
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
  const count = times.length;
  if (count < 8) return [];
  const frame = middle(times.slice(1).map((time, i) => time - times[i]));
  const known = timesOfPattern(pattern).map((time) => ({
    ...time,
    usual: USUALLY_OFF_MS + USUALLY_OFF_FRAMES * frame + USUALLY_OFF_SHARE * time.ms,
    most: OFF_MOST_MS + OFF_MOST_FRAMES * frame + OFF_MOST_SHARE * time.ms,
  }));
  const longestPause = Math.max(...known.map((time) => time.ms + time.most));
  const spread = Math.min(SPREAD[1], Math.max(SPREAD[0], 0.6 / clarity));
  const spreads = [spread, Math.max(LIT_SPREAD_LEAST, spread)];
  // Costs of the first frames being all dark, all lit; where the light changes before each frame, if it does there.
  const costs = [new Float64Array(count + 1), new Float64Array(count + 1)];
  const edges = [new Float64Array(count + 1), new Float64Array(count + 1)]; // falling, rising
  const cost = (off, level) => Math.min(FRAME_COST_MOST, (Math.max(0, off) / spreads[level]) ** 2 / 2);
  for (let i = 0; i < count; i++) {
    costs[0][i + 1] = costs[0][i] + cost(light[i], 0);
    costs[1][i + 1] = costs[1][i] + cost(1 - light[i], 1);
  }
  const clamp = (value) => Math.min(1, Math.max(0, value));
  for (let i = 1; i < count; i++) {
    const between = (times[i - 1] + times[i]) / 2;
    const step = Math.min(frame * 1.2, times[i] - times[i - 1]);
    const both = clamp(light[i - 1]) + clamp(light[i]);
    edges[0][i] = between + Math.max(-0.5, Math.min(0.5, both - 1)) * step;
    edges[1][i] = between - Math.max(-0.5, Math.min(0.5, both - 1)) * step;
  }
  for (const list of edges) [list[0], list[count]] = [times[0] - frame / 2, times[count - 1] + frame / 2];
  const ends = changesOf(costs);
  // best[level][i]: the least cost of telling the frames before i, a time of that level beginning at i.
  const best = [new Float64Array(count + 1).fill(Infinity), new Float64Array(count + 1).fill(Infinity)];
  const from = [[], []]; // [level][i]: { at, kind } of the time before
  best[0][0] = best[1][0] = 0;
  ends.forEach((start, nth) => {
    for (const level of [0, 1]) {
      const before = best[level][start];
      if (before === Infinity) continue;
      const begins = edges[level][start]; // a lit time begins with a rising edge
      for (let next = nth + 1; next < ends.length; next++) {
        const end = ends[next];
        const lasts = edges[1 - level][end] - begins;
        if (lasts > LONGEST_STRANGE_MS && level && start && end < count) break;
        const told = before + costs[level][end] - costs[level][start];
        if (told >= best[1 - level][end]) continue;
        let [kind, price] = [STRANGE, lasts < LEAST_STRANGE_MS ? Infinity : STRANGE_COST];
        if (start === 0 || end === count) [kind, price] = [CUT, lasts > longestPause && level ? STRANGE_COST : 0];
        else if (!level && lasts > longestPause) [kind, price] = [SILENCE, SILENCE_COST];
        else {
          for (const time of known) {
            const off = Math.abs(lasts - time.ms);
            if (time.lit !== Boolean(level) || off > time.most) continue;
            const priceOfTime = Math.min(STRANGE_COST - 1, (off / time.usual) ** 2 / 2);
            if (priceOfTime < price) [kind, price] = [time.kind, priceOfTime];
          }
        }
        if (told + price < best[1 - level][end]) {
          best[1 - level][end] = told + price;
          from[1 - level][end] = { at: start, kind };
        }
      }
    }
  });
  const found = [];
  let level = best[0][count] < best[1][count] ? 0 : 1;
  for (let end = count; end > 0; ) {
    const { at, kind } = from[level][end];
    level = 1 - level;
    const lasts = edges[1 - level][end] - edges[level][at];
    const time = known.find((one) => one.kind === kind);
    const start = edges[level][at];
    const darkSince = level || kind === GAP ? start : (hiddenUntil(times, costs, at, end, pattern) ?? start);
    const missing = kind === GAP ? 0 : holesIn(times, at, end);
    const hole = darkSince > start || missing > 0;
    const off = time ? (lasts - time.ms) / time.usual : kind === STRANGE ? STRANGE_OFF : 0;
    found.unshift({
      lit: Boolean(level),
      kind: hole && kind !== CUT ? STRANGE : kind,
      hole,
      darkSince,
      missing,
      off: hole ? 0 : off,
      start,
      end: edges[1 - level][end],
    });
    end = at;
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
