"use strict";
// What is said of a clip: a state, a number, or why it cannot be read. Better no answer than a wrong one.

const SLOWEST_FPS = 12.5;
const LEAST_MS = 3000; // before anything is said
const LEAST_FLASHES = 4; // lit and dark times that are the device's, before a spot may be a lamp of ours
const TOGETHER_MS = 90; // between the edges of a lamp and those of its reflection
const OWN_SHARE = 0.6; // of the times of a lamp of ours are the device's, or more
const SAME_PLACE = 14; // pixels; what blinks so near is a part of the lamp
const NEXT_TO = 26; // pixels; what blinks so near may be a large lamp's other edge
const SHADOW_SHARE = 0.9; // of edges that go together
const SHAKES_MOST = 2.5; // pixels of 160 that the picture moves about
const LIGHT_MISFIT_MOST = 0.28; // as misfitOf() gives them
const TIMES_MISFIT_MOST = 1;
const RIVAL_MISFIT_MOST = 1.4; // of times of a lamp that may be ours; what is further off is none
const RIVAL_CONTRAST = 0.25; // of the lamp's: what changes less has to fit as well as a lamp that is answered

// The verdict on what the eyes have seen:
//   { kind: "state", state, cycles, spot }   { kind: "number", groups, start, known, spot }   { kind: "two", spots }
//   { kind: "unreadable", why, spot }: spot may be missing. why: "short", "slow", "nothing", "faint", "shake", "foreign",
//     "cycle", "begun", "holes", "another" or "disagree"; the page has the words for each.
// spot: { x, y, light, flashes, ... }. start: of the number, in ms. known: whether it is a code of the tables or was
// spelled twice. near: where somebody pointed, in pixels of the reference picture, or null. device: { states, pattern,
// codes }: its states, [{ flashes, second }, ...], its pattern's times, and the groups of each code, a Set of strings.
function verdict(eyes, near, device) {
  const { times } = eyes;
  const count = times.length;
  const lasts = count ? times[count - 1] - times[0] : 0;
  if (lasts < LEAST_MS) return { kind: "unreadable", why: "short" };
  if ((1000 * (count - 1)) / lasts < SLOWEST_FPS) return { kind: "unreadable", why: "slow" };
  const spots = blinkingSpots(eyes, near);
  const cycles = cyclesOf(device.states, device.pattern);
  for (const spot of spots) read(spot, times, cycles, device);
  spots.sort((a, b) => b.clear - a.clear || b.contrast - a.contrast);
  const answered = spots.filter((spot) => spot.answer);
  const spot = answered[0] || spots[0];
  if (!answered.length) return { kind: "unreadable", why: whyNot(eyes, spots), spot };
  const others = answered.filter((other) => keyOf(other.answer) !== keyOf(spot.answer));
  if (others.some((other) => !isSamePlace(other, spot))) return { kind: "two", spots: [spot, ...others] };
  if (others.length) return { kind: "unreadable", why: "disagree", spot };
  const rival = spots.find((other) => isRival(other, spot));
  if (rival && !near) return { kind: "unreadable", why: "another", spot, rival };
  return { ...spot.answer, cycles: spot.seen.cycles, spot };
}

// Adds to a spot what its flashes say: flashes, misfit, clear (whether its light has two levels), seen (its state, see
// stateOf), spelled (its numbers, see filmedNumbers), answer (null where it says nothing certain) and promising: whether it
// may be a lamp of ours yet.
function read(spot, times, known, { pattern, codes }) {
  spot.flashes = flashesOf(times, spot.light, spot.clarity, pattern);
  spot.misfit = misfitOf(spot.flashes, times, spot.light);
  spot.clear = spot.misfit.light <= LIGHT_MISFIT_MOST;
  spot.seen = stateOf(spot.flashes, known);
  spot.spelled = filmedNumbers(spot.flashes, known, pattern);
  spot.answer = null;
  const ours = spot.clear && spot.misfit.times <= TIMES_MISFIT_MOST;
  const { state, cycles, against } = spot.seen;
  const numbers = new Map(spot.spelled.numbers.map((number) => [String(number.groups), number]));
  if (ours && numbers.size === 1) {
    const [[key, number]] = numbers;
    spot.answer = { kind: "number", ...number, known: codes.has(key) || spot.spelled.numbers.length > 1 };
  } else if (ours && !numbers.size && state && cycles >= WHOLE_WANTED + 2 * against && !spot.spelled.begun) {
    spot.answer = { kind: "state", state };
  }
  const strange = spot.flashes.filter(({ kind }) => kind === STRANGE).length;
  const own = spot.flashes.filter(({ kind }) => kind !== STRANGE && kind !== CUT && kind !== SILENCE).length;
  const goesOn = state ? cycles > 2 * against : !against && own >= LEAST_FLASHES && own >= OWN_SHARE * (own + strange);
  spot.promising = spot.clear && spot.misfit.times <= RIVAL_MISFIT_MOST && (numbers.size > 0 || goesOn || Boolean(spot.spelled.begun));
}

// Whether a spot without an answer may be another lamp of ours.
function isRival(other, lamp) {
  if (other.answer || !other.promising || isShadow(other, lamp)) return false;
  return other.misfit.times <= TIMES_MISFIT_MOST || other.contrast >= RIVAL_CONTRAST * lamp.contrast;
}

// What an answer says, without where and when it was read: a number's groups or a state's flashes.
const keyOf = ({ state, groups }) => String(groups ?? [state.flashes, state.second]);

const isSamePlace = (one, other) => Math.hypot(one.x - other.x, one.y - other.y) < SAME_PLACE;

// Whether a spot is a part of a lamp or changes when that does: its reflection, or what the exposure made of it. Then it
// gets brighter whenever the lamp does, or darker whenever the lamp gets brighter.
function isShadow(spot, lamp) {
  if (isSamePlace(spot, lamp)) return true;
  const apart = Math.hypot(spot.x - lamp.x, spot.y - lamp.y);
  if (apart < NEXT_TO && Math.abs(correlation(spot.light, lamp.light)) >= ALIKE_EDGE) return true;
  const edges = spot.flashes.slice(1);
  const goesWith = (edge, flash, alike) => (flash.lit === edge.lit) === alike && Math.abs(flash.start - edge.start) < TOGETHER_MS;
  const together = (alike) => edges.filter((edge) => lamp.flashes.some((flash) => goesWith(edge, flash, alike))).length;
  return Math.max(together(true), together(false)) >= SHADOW_SHARE * edges.length;
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
