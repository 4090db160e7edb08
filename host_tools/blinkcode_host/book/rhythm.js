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
const HOLE_MS = 190; // without a frame: may hide a flash
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

// Cuts light (0 dark, 1 lit, one value a frame) into [{ lit, kind, start, end, off, hole }, ...], in ms. off: how far
// the time is off the device's, in units of what is usual. hole: frames are missing there, so it may hide a flash.
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
  // Costs of the first frames being all dark, all lit; where the light changes before each frame, if it does there.
  const costs = [new Float64Array(count + 1), new Float64Array(count + 1)];
  const edges = [new Float64Array(count + 1), new Float64Array(count + 1)]; // falling, rising
  for (let i = 0; i < count; i++) {
    const cost = (off) => Math.min(FRAME_COST_MOST, (Math.max(0, off) / spread) ** 2 / 2);
    costs[0][i + 1] = costs[0][i] + cost(light[i]);
    costs[1][i + 1] = costs[1][i] + cost(1 - light[i]);
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
  // best[level][i]: the least cost of telling the frames before i, a time of that level beginning at i.
  const best = [new Float64Array(count + 1).fill(Infinity), new Float64Array(count + 1).fill(Infinity)];
  const from = [[], []]; // [level][i]: { at, kind } of the time before
  best[0][0] = best[1][0] = 0;
  for (let start = 0; start < count; start++) {
    for (const level of [0, 1]) {
      const before = best[level][start];
      if (before === Infinity) continue;
      const begins = edges[level][start]; // a lit time begins with a rising edge
      for (let end = start + 1; end <= count; end++) {
        const lasts = edges[1 - level][end] - begins;
        if (lasts > LONGEST_STRANGE_MS && level && start && end < count) break;
        const told = before + costs[level][end] - costs[level][start];
        if (told >= best[1 - level][end]) continue;
        let [kind, cost] = [STRANGE, lasts < LEAST_STRANGE_MS ? Infinity : STRANGE_COST];
        if (start === 0 || end === count) [kind, cost] = [CUT, lasts > longestPause && level ? STRANGE_COST : 0];
        else if (!level && lasts > longestPause) [kind, cost] = [SILENCE, SILENCE_COST];
        else {
          for (const time of known) {
            const off = Math.abs(lasts - time.ms);
            if (time.lit !== Boolean(level) || off > time.most) continue;
            const costs_ = Math.min(STRANGE_COST - 1, (off / time.usual) ** 2 / 2);
            if (costs_ < cost) [kind, cost] = [time.kind, costs_];
          }
        }
        if (told + cost < best[1 - level][end]) {
          best[1 - level][end] = told + cost;
          from[1 - level][end] = { at: start, kind };
        }
      }
    }
  }
  const found = [];
  let level = best[0][count] < best[1][count] ? 0 : 1;
  for (let end = count; end > 0; ) {
    const { at, kind } = from[level][end];
    level = 1 - level;
    let hole = false;
    for (let i = Math.max(1, at); i <= Math.min(end, count - 1); i++) hole ||= times[i] - times[i - 1] > HOLE_MS;
    const lasts = edges[1 - level][end] - edges[level][at];
    const time = known.find((one) => one.kind === kind);
    const off = time ? (lasts - time.ms) / time.usual : kind === STRANGE ? STRANGE_OFF : 0;
    found.unshift({
      lit: Boolean(level),
      kind: hole && kind !== CUT ? STRANGE : kind,
      hole,
      off: hole ? 0 : off,
      start: edges[level][at],
      end: edges[1 - level][end],
    });
    end = at;
  }
  return found;
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

// The kinds of one cycle of a state, as flashesOf names them: ["long", "gap", "short", "pause"] for six flashes.
function cycleOf(state, pattern) {
  const group = (flashes) => {
    const longs = flashes > pattern.long_worth ? Math.floor(flashes / pattern.long_worth) : 0;
    const lights = [...Array(longs).fill(LONG), ...Array(flashes - longs * pattern.long_worth).fill(SHORT)];
    return lights.flatMap((light) => [light, GAP]).slice(0, -1);
  };
  return [...group(state.flashes), ...(state.second ? [GROUP, ...group(state.second)] : []), PAUSE];
}

const RETURN_MS = 3500; // of dark after a number, at most, before its state comes back
const CUT_PAUSE = 0.85; // of a pause that the clip's end cuts off: then the number has ended
const WHOLE_WANTED = 2; // cycles that agree

// What the flashes say as a state. states: [{ flashes, second }, ...], each pattern once; steady ones left out.
// Gives { state, cycles, against }: the state whose cycles were seen most, how many of them (cut ones count as
// their share), and how many whole cycles were none of that state's. state is null where none was seen.
function stateOf(flashes, states, pattern) {
  const cycles = states.map((state) => {
    const kinds = cycleOf(state, pattern);
    const known = timesOfPattern(pattern);
    const ms = kinds.map((kind) => known.find((time) => time.kind === kind).ms);
    return { state, kinds, ms, key: kinds.join(" "), whole: 0, parts: 0 };
  });
  let strangers = 0;
  let spelled = 0;
  const pieces = [[]]; // of flashes, each ends with a pause or a silence
  for (const flash of flashes) {
    pieces[pieces.length - 1].push(flash);
    if (flash.kind === PAUSE || flash.kind === SILENCE) pieces.push([]);
  }
  pieces.forEach((piece, i) => {
    const kinds = piece.map((flash) => flash.kind);
    if (!piece.length) return;
    const whole = i > 0 && i < pieces.length - 1;
    if (kinds.includes(VERY_LONG)) {
      spelled++;
    } else if (kinds[kinds.length - 1] === SILENCE) {
      // The lamp went over to something else.
    } else if (whole) {
      const same = cycles.find((cycle) => cycle.key === kinds.join(" "));
      if (same) same.whole++;
      else if (!piece.some((flash) => flash.hole)) strangers++;
    } else if (pieces.length > 1) {
      for (const cycle of cycles) cycle.parts += shareOf(piece, kinds, cycle, i === 0);
    }
  });
  const best = cycles.reduce((most, cycle) => (cycle.whole > most.whole ? cycle : most), cycles[0]);
  if (!best || !best.whole) return { state: null, cycles: 0, against: strangers, spelled };
  const others = cycles.reduce((sum, cycle) => sum + (cycle === best ? 0 : cycle.whole), 0);
  return { state: best.state, cycles: best.whole + best.parts, against: others + strangers, spelled };
}

// Which share of a cycle a piece at the clip's beginning or end is; 0 where it is none of it.
function shareOf(piece, kinds, cycle, atBeginning) {
  const skipped = atBeginning ? cycle.kinds.length - kinds.length : 0;
  if (skipped < 0 || kinds.length > cycle.kinds.length) return 0;
  if (piece[0].lit !== (skipped % 2 === 0)) return 0;
  let share = 0;
  for (let i = 0; i < kinds.length; i++) {
    const lasts = piece[i].end - piece[i].start;
    const wanted = cycle.ms[skipped + i];
    if (kinds[i] === CUT ? lasts > wanted + OFF_MOST_MS + OFF_MOST_SHARE * wanted : kinds[i] !== cycle.kinds[skipped + i]) return 0;
    share += Math.min(lasts, wanted);
  }
  return share / cycle.ms.reduce((sum, ms) => sum + ms, 0);
}

// The numbers that the flashes spell: { groups, begun }. groups: the groups of each whole number, as spelling() has
// them. begun: what was seen of a number that is not whole, "" where there is none: "middle", "end" or "unclear".
function numbersOf(flashes, pattern) {
  const numbers = [];
  let begun = "";
  let groups = null; // of the number at hand
  let longs = 0; // flashes of the group at hand
  let shorts = 0;
  let dark = null; // the dark time before
  let stateBefore = false; // whether the lamp flashed before the number
  for (let i = 0; i <= flashes.length; i++) {
    const flash = flashes[i] ?? { kind: CUT, lit: null };
    if (flash.kind === VERY_LONG && !groups) {
      const quiet = dark && (dark.kind === SILENCE || (dark.kind === CUT && dark.end - dark.start > 1.1 * pattern.pause_ms));
      if (quiet) {
        [groups, longs, shorts] = [[], 0, 0];
        stateBefore = flashes.slice(0, i).some((one) => one.lit);
      } else begun = "middle";
    }
    const lasts = flash.end - flash.start;
    const cutPause = flash.lit === false && flash.kind === CUT && lasts > CUT_PAUSE * pattern.pause_ms;
    const ends = flash.kind === PAUSE || flash.kind === SILENCE || cutPause;
    if (groups) {
      if (flash.kind === VERY_LONG && !longs && !shorts) groups.push(DASH);
      else if (flash.kind === SHORT) shorts += 1;
      else if (flash.kind === LONG && !shorts) longs += 1;
      else if (flash.kind === GROUP || ends) {
        if (longs + shorts) groups.push(countOf(longs, shorts, pattern));
        [longs, shorts] = [0, 0];
        if (ends) {
          // A state that was seen before has to come back: else the lamp may have been lost within the number.
          const lost = stateBefore && (i + 2 >= flashes.length || lasts > RETURN_MS);
          if (!isNumber(groups)) begun = "unclear";
          else if (lost) begun = "end";
          else numbers.push(groups);
          groups = null;
        }
      } else if (flash.kind === CUT) {
        begun = "end";
        groups = null;
      } else if (flash.kind !== GAP || !(longs + shorts)) {
        begun = "unclear";
        groups = null;
      }
    }
    if (flash.lit === false) dark = flash;
  }
  return { numbers, begun };
}

// The count of a group, 1 to 10; STRANGE where the device would have made that count otherwise.
function countOf(longs, shorts, { long_worth: worth }) {
  const count = longs * worth + shorts;
  return count <= 10 && longs === (count > worth ? Math.floor(count / worth) : 0) ? count : STRANGE;
}

// Whether groups are a dash, a vendor, perhaps a dash, and one to eleven digits.
function isNumber(groups) {
  const digits = groups.slice(groups[2] === DASH ? 3 : 2);
  return (
    groups[0] === DASH &&
    groups[1] !== DASH &&
    digits.length > 0 &&
    digits.length < 11 &&
    !digits.includes(DASH) &&
    !groups.includes(STRANGE)
  );
}
