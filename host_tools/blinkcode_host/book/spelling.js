"use strict";
// Numbers that the lamp spells, as the device does: a dash, the vendor counted from 1 (10: none), a dash for a
// minus, then each digit as flashes (0: ten), with a wait between groups as long as that between a state's two
// groups, and a pause at the end. A dash is as long as two long flashes.

const DASH = "-";

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
