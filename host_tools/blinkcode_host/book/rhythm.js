"use strict";
// Which count of flashes a tapped rhythm fits, wherever in the cycle the tapping began.

const HELD_MS = 430; // between a short flash and a long one
const FORGETS_MS = 6000; // a tap after so long a silence begins anew
const MISSED = 0.05; // what each flash that the taps must have missed at the start makes worse
const TEMPO = 0.3; // what tapping slower or faster than the lamp makes worse
const FITS = 0.6; // the worst that still is an answer

// How badly taps [[down, up], ...] and the silence until `now` fit a lamp {cycle, lit: [[start, length], ...]};
// 0 is perfect. Differences are ratios, because people misjudge a long time by more than a short one.
function misfit(taps, now, lamp) {
  const lit = lamp.lit;
  const waits = lit.map(([start], i) => (i + 1 < lit.length ? lit[i + 1][0] : lamp.cycle + lit[0][0]) - start);
  const holds = taps.map(([down, up]) => up - down);
  const held = Math.max(...holds) > HELD_MS;
  let best = Infinity;
  for (let first = 0; first < lit.length; first++) {
    const off = [];
    for (let i = 1; i < taps.length; i++) {
      off.push(Math.log((taps[i][0] - taps[i - 1][0]) / waits[(first + i - 1) % lit.length]));
    }
    const mean = off.length ? off.reduce((a, b) => a + b) / off.length : 0;
    const tempo = Math.min(0.6, Math.max(-0.6, mean));
    let sum = off.length ? off.reduce((a, b) => a + Math.abs(b - tempo), 0) / off.length : 0;
    sum += TEMPO * Math.abs(tempo) + MISSED * first;
    if (held) {
      const wrong = holds.filter((ms, i) => ms > HELD_MS !== lit[(first + i) % lit.length][1] > HELD_MS).length;
      sum += wrong / holds.length;
    }
    const last = waits[(first + taps.length - 1) % lit.length] * Math.exp(tempo);
    const silence = now - taps[taps.length - 1][0];
    if (silence > 1.3 * last) sum += Math.min(1.5, Math.log(silence / last));
    best = Math.min(best, sum);
  }
  return best;
}

// The counts that fit, best first: [{flashes, misfit}, ...].
function fitting(taps, now, lamps) {
  return lamps
    .map((lamp) => ({ flashes: lamp.flashes, misfit: misfit(taps, now, lamp) }))
    .filter((fit) => fit.misfit < FITS)
    .sort((a, b) => a.misfit - b.misfit);
}
