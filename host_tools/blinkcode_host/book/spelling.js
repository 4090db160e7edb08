"use strict";
// Numbers that the lamp spells, and how they are read from what was filmed, tapped or written. The device makes a dash,
// the vendor counted from 1 (10: none), a dash for a minus, then each digit as flashes (0: ten), with a wait between groups
// as long as that between a state's two groups, and a pause at the end. A dash is as long as two long flashes.

const DASH = "-";
const NO_VENDOR = 10; // a code whose vendor is not told
const QUIET_SHARE = 1.15; // of a pause: a dark time that is longer is no pause
const STEADY_SHARE = 1.3; // of a long flash: what is lit for longer is a steady state
const RETURNS_EARLY_MS = 60; // that a state may come back too early after a number, as the camera sees it
const RETURNS_LATE_MS = 250; // or too late, where the device was busy
const STAYS_DARK_MS = 5000; // after a number, where there is no state: longer than with any digit lost

// The groups of a spelled code: [DASH, 1, DASH, 4, 10, 1, 2] for vendor 1 and -4012.
function spelling(vendor, code) {
  const digits = [...String(Math.abs(code))].map((digit) => Number(digit) || 10);
  return [DASH, vendor, ...(code < 0 ? [DASH] : []), ...digits];
}

// The groups that somebody wrote, such as "- 1 - 4 10 1 2"; null where it is something else.
function writtenGroups(written) {
  const parts = written.replaceAll(/[\u2010-\u2015\u2212_]/g, DASH).replaceAll(",", " ").trim().split(/\s+/);
  const groups = parts.map((part) => (part === DASH ? DASH : /^(10|\d)$/.test(part) ? Number(part) || 10 : null));
  return groups.includes(null) ? null : groups;
}

// The groups that somebody tapped. Where no tap was held, how long a flash was is told from the wait after it.
function tappedGroups(taps, { short_ms: short, long_ms: long, gap_ms: gap, group_ms: group, pause_ms: pause, long_worth: worth }) {
  const held = taps.some(([down, up]) => up - down > Math.sqrt(short * long));
  const kinds = [];
  for (const [lit, value] of [[short, 1], [long, worth], [2 * long, DASH]]) {
    if (value !== DASH) kinds.push({ lit, wait: lit + gap, value, ends: false });
    for (const dark of [group, pause]) kinds.push({ lit, wait: lit + dark, value, ends: true });
  }
  const groups = [0];
  taps.forEach(([down, up], i) => {
    const wait = i + 1 < taps.length ? taps[i + 1][0] - down : null;
    const off = (kind) =>
      (held ? Math.abs(Math.log((up - down) / kind.lit)) : 0) +
      (wait === null ? (kind.ends ? 0 : 1) : Math.abs(Math.log(wait / kind.wait)));
    const { value, ends } = kinds.reduce((best, kind) => (off(kind) < off(best) ? kind : best));
    const last = groups.length - 1;
    groups[last] = value === DASH ? DASH : groups[last] === DASH ? value : groups[last] + value;
    if (ends) groups.push(0);
  });
  return groups.slice(0, -1);
}

// The numbers that somebody filmed: { numbers, begun }. numbers: [{ groups, start }, ...] for each whole one, start in ms.
// begun: what was seen of a number that is not whole, "" where there is none: "middle", "end" or "unclear".
function filmedNumbers(flashes, cycles, pattern) {
  const numbers = [];
  let begun = "";
  for (let at = 0; at < flashes.length; at++) {
    if (flashes[at].kind !== VERY_LONG) continue;
    const first = at;
    if (!isQuiet(flashes[first - 1], pattern)) {
      begun = "middle";
      continue;
    }
    const { groups, ...found } = groupsFrom(flashes, first, pattern);
    at = found.at;
    if (found.begun) begun = found.begun;
    else if (!isNumber(groups)) begun = "unclear";
    else if (!isOver(flashes, at, flashes.slice(0, first).some((flash) => flash.lit), cycles, pattern)) begun = "end";
    else numbers.push({ groups, start: flashes[first].start });
  }
  return { numbers, begun };
}

// Whether a flash is a dark time, longer than any within a number, even where missing frames hide flashes: the first of
// those is between two groups, which makes the time as long as a pause, each further one is a group more.
function isQuiet(flash, { pause_ms: pause, short_ms: short, group_ms: group }) {
  if (!flash || flash.lit) return false;
  return flash.end - flash.darkSince > QUIET_SHARE * pause + Math.max(0, flash.missing - 1) * (short + group);
}

// The groups from a dash on, up to the dark time that ends them: { groups, at }, at being the last flash that was looked
// at; { begun, at } where they are cut off ("end") or not the device's ("unclear"). A pause is never within or after a
// number: where one seems to be, the light of a single flash between two groups was lost.
function groupsFrom(flashes, first, pattern) {
  const groups = [];
  let longs = 0; // flashes of the group at hand
  let shorts = 0;
  for (let at = first; at < flashes.length; at++) {
    const flash = flashes[at];
    const { kind } = flash;
    const quiet = isQuiet(flash, pattern);
    if (kind === VERY_LONG && !longs && !shorts) groups.push(DASH);
    else if (kind === SHORT) shorts++;
    else if (kind === LONG && !shorts) longs++;
    else if (kind === GROUP || quiet) {
      if (longs + shorts) groups.push(countOf(longs, shorts, pattern));
      [longs, shorts] = [0, 0];
      if (quiet) return { groups, at };
    } else if (kind === CUT) return { begun: "end", at };
    else if (kind !== GAP || !(longs + shorts)) return { begun: "unclear", at };
  }
  return { begun: "end", at: flashes.length };
}

// Whether a number has ended with the dark time at `last`. Then the lamp's state comes back, a pause and two gaps after the
// last flash; a lamp without a state stays dark. Anything else may be a number within which the lamp was lost.
function isOver(flashes, last, stateBefore, cycles, pattern) {
  const { start, end, darkSince, missing } = flashes[last];
  if (darkSince > start) return false; // a flash may be hidden
  const lasts = end - start;
  const late = lasts - pattern.pause_ms - 2 * pattern.gap_ms;
  const after = flashes.slice(last + 1);
  const isInTime = late > -RETURNS_EARLY_MS && late < RETURNS_LATE_MS;
  if (after.length && isInTime) return isSteady(after[0], pattern) || isStateAgain(after, cycles);
  return !stateBefore && !missing && lasts > STAYS_DARK_MS;
}

// Whether a lit time is longer than any flash of a state, and no dash.
const isSteady = ({ kind, start, end }, { long_ms: long }) => kind !== VERY_LONG && end - start > STEADY_SHARE * long;

// Whether flashes, two or more, begin with a cycle of a state, or with a part of one that another number or the film's end
// cuts off.
function isStateAgain(flashes, cycles) {
  let end = flashes.findIndex(({ kind, hole }) => kind === PAUSE || kind === SILENCE || hole);
  if (end < 0) end = flashes.length - 1;
  const { kind, hole } = flashes[end];
  if (kind === SILENCE && flashes[end + 1]?.kind !== VERY_LONG) return false;
  const piece = flashes.slice(0, kind === SILENCE || hole ? end : end + 1);
  return piece.length > 1 && cycles.some((cycle) => shareOf(piece, cycle, false) > 0);
}

// The count of a group, 1 to 10; STRANGE where the device would have made that count otherwise.
function countOf(longs, shorts, { long_worth: worth }) {
  const count = longs * worth + shorts;
  return count <= 10 && longs === (count > worth ? Math.floor(count / worth) : 0) ? count : STRANGE;
}

// Whether groups are a dash, a vendor, perhaps a dash, and one to ten digits.
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

// Whether groups are more than one state's over and over, one or two in a cycle, the first and last of them cut off.
const isSpelled = (groups) => groups.includes(DASH) || groups.slice(1, -3).some((group, i) => group !== groups[i + 3]);

// A vendor's number, counted from 1 among those that a device may have; 0 for others.
function numberOf(id, vendors) {
  return vendors.filter((vendor) => vendor.onDevice).findIndex((vendor) => vendor.id === id) + 1;
}

// What the groups spell, best first: the entries whose code they are, whole, then a part of. A device that knows
// fewer vendors than this book counts them otherwise, so then those with the same digits follow.
function spelled(groups, entries, vendors) {
  const place = (whole, part) => {
    const at = ` ${whole.join(" ")} `.indexOf(` ${part.join(" ")} `);
    return at < 0 ? Infinity : whole.length === part.length ? 0 : 1;
  };
  const digits = groups[0] === DASH && groups.length > 2 ? groups.slice(2) : groups;
  const found = [];
  for (const entry of entries) {
    const whole = spelling(numberOf(entry.vendor, vendors), entry.code);
    const rank = Math.min(place(whole, groups), 2 + (digits === groups ? Infinity : place(whole.slice(2), digits)));
    if (rank < Infinity) found.push({ entry, rank });
  }
  found.sort((a, b) => a.rank - b.rank);
  const best = found.length && found[0].rank;
  return found.filter(({ rank }) => rank === best || (best === 0 && rank === 2)).map(({ entry }) => entry);
}
