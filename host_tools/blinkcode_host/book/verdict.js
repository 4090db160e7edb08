"use strict";
// What is said of a clip: a state, a number, or why it cannot be read. Better no answer than a wrong one.

const SLOWEST_FPS = 12.5;
const LEAST_MS = 3000; // before anything is said
const LEAST_FLASHES = 4; // lit and dark times, before a spot may be a lamp of ours
const TOGETHER_MS = 90; // between the edges of a lamp and those of its reflection
const SAME_PLACE = 12; // pixels; what blinks so near is a part of the lamp
const SHADOW_SHARE = 0.65; // of edges that go together
const SHAKES_MOST = 2.5; // pixels of 160 that the picture moves about
const LIGHT_MISFIT_MOST = 0.28; // as misfitOf() gives them
const TIMES_MISFIT_MOST = 1;

// Why a clip cannot be read. The page has the words for each.
const WHY = ["short", "slow", "nothing", "faint", "shake", "foreign", "cycle", "begun", "holes", "another"];

// The verdict on what the eyes have seen:
//   { kind: "state", state, cycles, spot }   { kind: "number", groups, spot }   { kind: "two", spots }
//   { kind: "unreadable", why, spot }, why: one of WHY; spot may be missing.
// spot: { x, y, light, flashes, ... }. near: where somebody pointed, in pixels of the reference picture, or null.
function verdict(eyes, near, states, pattern) {
  const { times } = eyes;
  const count = times.length;
  const lasts = count ? times[count - 1] - times[0] : 0;
  if (lasts < LEAST_MS) return { kind: "unreadable", why: "short" };
  if ((1000 * (count - 1)) / lasts < SLOWEST_FPS) return { kind: "unreadable", why: "slow" };
  const spots = blinkingSpots(eyes, near);
  for (const spot of spots) read(spot, times, states, pattern);
  spots.sort((a, b) => b.clear - a.clear || b.contrast - a.contrast);
  const answered = spots.filter((spot) => spot.answer);
  const lamps = answered.filter((spot, i) => !answered.slice(0, i).some((lamp) => isShadow(spot, lamp)));
  const answers = new Map(lamps.map((spot) => [JSON.stringify(spot.answer), spot]));
  if (answers.size > 1) return { kind: "two", spots: [...answers.values()] };
  const spot = answered[0] || spots[0];
  if (!answered.length) return { kind: "unreadable", why: whyNot(eyes, spots), spot };
  const rival = spots.find((other) => !other.answer && other.promising && !isShadow(other, spot));
  if (rival && !near) return { kind: "unreadable", why: "another", spot, rival };
  return { ...spot.answer, cycles: spot.seen.cycles, spot };
}

// Adds to a spot what its flashes say: flashes, misfit, clear (whether its light has two levels), seen, spelled,
// answer (null where it says nothing certain) and promising: whether it may be a lamp of ours yet.
function read(spot, times, states, pattern) {
  spot.flashes = flashesOf(times, spot.light, spot.clarity, pattern);
  spot.misfit = misfitOf(spot.flashes, times, spot.light);
  spot.clear = spot.misfit.light <= LIGHT_MISFIT_MOST;
  spot.seen = stateOf(spot.flashes, states, pattern);
  spot.spelled = numbersOf(spot.flashes, pattern);
  spot.answer = null;
  const ours = spot.clear && spot.misfit.times <= TIMES_MISFIT_MOST;
  const { state, cycles, against } = spot.seen;
  const numbers = new Set(spot.spelled.numbers.map(String));
  if (ours && numbers.size === 1) {
    spot.answer = { kind: "number", groups: spot.spelled.numbers[0] };
  } else if (ours && !numbers.size && state && cycles >= WHOLE_WANTED + 2 * against && !spot.spelled.begun) {
    spot.answer = { kind: "state", state };
  }
  const goesOn = state ? cycles > 2 * against : !against && spot.flashes.length >= LEAST_FLASHES;
  spot.promising = ours && (numbers.size > 0 || goesOn || Boolean(spot.spelled.begun));
}

// Whether a spot is a part of a lamp or changes when that does: its reflection, or what the exposure made of it.
function isShadow(spot, lamp) {
  if (Math.hypot(spot.x - lamp.x, spot.y - lamp.y) < SAME_PLACE) return true;
  const edges = lamp.flashes.map((flash) => flash.start);
  const starts = spot.flashes.slice(1).map((flash) => flash.start);
  const together = starts.filter((start) => edges.some((edge) => Math.abs(edge - start) < TOGETHER_MS));
  return together.length >= SHADOW_SHARE * starts.length;
}

function whyNot(eyes, spots) {
  const shaken = [0, 1].some((axis) => spreadOf(eyes.moves.map((move) => move[axis])) > SHAKES_MOST);
  const unclear = shaken ? "shake" : spots.length ? "faint" : "nothing";
  if (!spots.length || !spots[0].clear) return unclear;
  const { promising, spelled, misfit, flashes } = spots[0];
  if (promising) return spelled.begun ? "begun" : "cycle";
  const strange = flashes.filter((flash) => flash.kind === STRANGE && !flash.hole).length;
  if (misfit.times > TIMES_MISFIT_MOST || strange * 4 > flashes.length) return "foreign";
  return flashes.some((flash) => flash.hole) ? "holes" : flashes.length < 6 ? "cycle" : "foreign";
}

function spreadOf(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
