"use strict";
// What was answered in the last minute of a film, so that a verdict that does not agree with it is not shown as an answer.

const SAME_NUMBER_MS = 1000; // between two readings of one number's beginning
const RIVAL_WAIT_MS = 5000; // without an answer after another lamp may have been seen
const UNSEEN = ["shake", "faint", "nothing", "slow"]; // reasons for which the flashes do not count

class Answers {
  constructor() {
    this.forget();
  }

  forget() {
    this.given = []; // [{ found, time }, ...]: verdicts that were answers, the last one last
    this.once = []; // the same of numbers that are in no table, and were read once
    this.two = []; // the same of verdicts of two lamps
    this.rival = -Infinity; // when another lamp may have been seen last
  }

  // Takes the verdict at a time in ms; gives the one to show. Two kinds come on top of those of verdict():
  //   { kind: "unreadable", why: "unsure", groups, spot }: a number that is in no table has to be read twice
  //   { kind: "unreadable", why: "disagree", spot }: the same number was read otherwise before
  settle(found, time) {
    for (const name of ["given", "once", "two"]) this[name] = this[name].filter((one) => time - one.time <= MEMORY_MS);
    if (found.why === "another") this.rival = time;
    if (found.kind === "unreadable") {
      const answer = (this.two.at(-1) ?? this.given.at(-1))?.found;
      return answer && !isAgainst(found, answer) ? answer : found;
    }
    if (found.kind !== "two" && time - this.rival < RIVAL_WAIT_MS) return { kind: "unreadable", why: "another", spot: found.spot };
    const shown = found.kind === "two" ? found : this.agreed(found);
    const list = { two: this.two, unreadable: this.once }[shown.kind] ?? this.given;
    list.push({ found: { ...shown, spot: onlyPlace(shown.spot), spots: shown.spots?.map(onlyPlace) }, time });
    return this.two.length ? this.two.at(-1).found : shown;
  }

  // An answer, or what to show in its place because of those before.
  agreed(found) {
    const earlier = this.given.map((one) => one.found);
    const elsewhere = earlier.find((one) => keyOf(one) !== keyOf(found) && !isSamePlace(one.spot, found.spot));
    if (elsewhere) return { kind: "two", spots: [elsewhere.spot, found.spot] };
    if (found.kind === "state") return found;
    const before = earlier.find((one) => isSameNumber(one, found));
    if (before && keyOf(before) !== keyOf(found)) return found.known ? { ...found, kind: "unreadable", why: "disagree" } : before;
    const again = this.once.some((one) => keyOf(one.found) === keyOf(found) && !isSameNumber(one.found, found));
    return found.known || again ? found : { ...found, kind: "unreadable", why: "unsure" };
  }
}

// Whether what was seen since an answer speaks against it; that not all of it is readable any more does not.
function isAgainst({ why, spot }, answer) {
  if (UNSEEN.includes(why) || answer.kind === "two") return false;
  if (!spot || why === "another" || !isSamePlace(spot, answer.spot)) return true;
  const { seen, spelled } = spot;
  if (answer.kind === "number") return spelled.numbers.some((number) => keyOf(number) !== keyOf(answer));
  return seen.against > 0 || seen.spelled > 0 || Boolean(seen.state && keyOf(seen) !== keyOf(answer));
}

// What is remembered of a spot.
const onlyPlace = (spot) => spot && { x: spot.x, y: spot.y };

// Whether two verdicts are of a number that was spelled at one time, whatever each has read.
const isSameNumber = (one, other) => Boolean(one.groups && other.groups) && Math.abs(one.start - other.start) < SAME_NUMBER_MS;
