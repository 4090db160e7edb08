"use strict";
// From flashes to a state: which state's cycle the lamp makes over and over.

const WHOLE_WANTED = 2; // cycles that agree

// The cycle of each state, as flashesOf() names its times: [{ state, kinds, ms, key }, ...]. kinds: ["long", "gap",
// "short", "pause"] for six flashes; ms: how long each of them lasts. Each pattern once; steady ones left out.
function cyclesOf(states, pattern) {
  const known = timesOfPattern(pattern);
  return states.map((state) => {
    const kinds = kindsOf(state, pattern);
    const ms = kinds.map((kind) => known.find((time) => time.kind === kind).ms);
    return { state, kinds, ms, key: kinds.join(" ") };
  });
}

function kindsOf(state, pattern) {
  const group = (flashes) => {
    const longs = flashes > pattern.long_worth ? Math.floor(flashes / pattern.long_worth) : 0;
    const lights = [...Array(longs).fill(LONG), ...Array(flashes - longs * pattern.long_worth).fill(SHORT)];
    return lights.flatMap((light) => [light, GAP]).slice(0, -1);
  };
  return [...group(state.flashes), ...(state.second ? [GROUP, ...group(state.second)] : []), PAUSE];
}

// What the flashes say as a state: { state, cycles, against, spelled }. state: the one whose cycles were seen most, null
// where none was. cycles: how many of them; cut ones count as their share. against: how many whole cycles were none of
// that state's. spelled: how many pieces between two pauses have a dash in them.
function stateOf(flashes, cycles) {
  const seen = cycles.map((cycle) => ({ cycle, whole: 0, parts: 0 }));
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
      const same = seen.find(({ cycle }) => cycle.key === kinds.join(" "));
      if (same) same.whole++;
      else if (!piece.some((flash) => flash.hole)) strangers++;
    } else if (pieces.length > 1) {
      for (const one of seen) one.parts += shareOf(piece, one.cycle, i === 0);
    }
  });
  const best = seen.reduce((most, one) => (one.whole > most.whole ? one : most), seen[0]);
  if (!best || !best.whole) return { state: null, cycles: 0, against: strangers, spelled };
  const others = seen.reduce((sum, one) => sum + (one === best ? 0 : one.whole), 0);
  return { state: best.cycle.state, cycles: best.whole + best.parts, against: others + strangers, spelled };
}

// Which share of a cycle a piece is; 0 where it is none of it. The piece ends with the cycle, or begins with it.
function shareOf(piece, cycle, ends) {
  const skipped = ends ? cycle.kinds.length - piece.length : 0;
  if (skipped < 0 || piece.length > cycle.kinds.length) return 0;
  if (piece[0].lit !== (skipped % 2 === 0)) return 0;
  let share = 0;
  for (let i = 0; i < piece.length; i++) {
    const lasts = piece[i].end - piece[i].start;
    const wanted = cycle.ms[skipped + i];
    const fits = piece[i].kind === CUT ? lasts <= wanted + OFF_MOST_MS + OFF_MOST_SHARE * wanted : piece[i].kind === cycle.kinds[skipped + i];
    if (!fits) return 0;
    share += Math.min(lasts, wanted);
  }
  return share / cycle.ms.reduce((sum, ms) => sum + ms, 0);
}
