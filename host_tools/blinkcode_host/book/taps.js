"use strict";
// Which count of flashes a tapped rhythm fits, wherever in the cycle the tapping began.
//
// A fit costs the squares of what is off, in units of what people are usually off by; times are compared as
// ratios, because people misjudge a long time by more than a short one.

const HELD_MS = 430; // between a short flash and a long one
const FORGETS_MS = 6000; // a tap after so long a silence begins anew
const USUALLY_OFF = 0.2; // of a time between two taps
const USUAL_TEMPO = 0.25; // of all of them alike: tapping slower or faster than the lamp
const BLUNDER = 8; // the most that one time costs, however wrong it is
const WRONG_HOLD = 3; // a short flash held as a long one, or the other way round
const MISSED = 0.25; // each flash of the cycle before the first tap
const STOPPED = 1; // to stop tapping before the pause
const FITS = 2; // what a fit costs at the most for each tap, and once more

const square = (off, usual) => (off / usual) ** 2 / 2;

// What taps [[down, up], ...] and the silence until `now` cost as a lamp {cycle, lit: [[start, length], ...]}.
function misfit(taps, now, lamp) {
  const lit = lamp.lit;
  const waits = lit.map(([start], i) => (i + 1 < lit.length ? lit[i + 1][0] : lamp.cycle + lit[0][0]) - start);
  const holds = taps.map(([down, up]) => up - down);
  const held = Math.max(...holds) > HELD_MS;
  let best = Infinity;
  for (let first = 0; first < lit.length; first++) {
    const off = taps.slice(1).map(([down], i) => Math.log((down - taps[i][0]) / waits[(first + i) % lit.length]));
    const sorted = [...off].sort((a, b) => a - b);
    const tempo = Math.min(0.6, Math.max(-0.6, sorted[off.length >> 1] ?? 0));
    let cost = MISSED * first + square(tempo, USUAL_TEMPO);
    for (const one of off) cost += Math.min(BLUNDER, square(one - tempo, USUALLY_OFF));
    if (held) {
      cost += WRONG_HOLD * holds.filter((ms, i) => ms > HELD_MS !== lit[(first + i) % lit.length][1] > HELD_MS).length;
    }
    const last = (first + taps.length - 1) % lit.length;
    const silence = now - taps[taps.length - 1][0];
    if (last < lit.length - 1 && silence > 1.3 * waits[last] * Math.exp(tempo)) cost += STOPPED;
    best = Math.min(best, cost);
  }
  return best;
}

// The counts that fit, best first: [{count, cost}, ...].
function fitting(taps, now, lamps) {
  return lamps
    .map((lamp) => ({ count: lamp.count, cost: misfit(taps, now, lamp) }))
    .filter((fit) => fit.cost < FITS * (taps.length + 1))
    .sort((a, b) => a.cost - b.cost);
}
