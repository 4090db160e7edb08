"use strict";
// node run.js RECORDING PLAN [PART/PARTS [ROWS]]: renders and reads the clips of a plan, or those of the rows that have
// ROWS in their name; prints one line of JSON for each: { row, seed, outcome, why, seconds }. outcome: "right", "wrong" or
// "unread"; seconds of film until the first answer.

const fs = require("fs");
const { chance, film } = require("./scenes.js");
const { Eyes, Answers, verdict } = require("./reading.js");
const { clips } = require("./plan.js");

const JUDGED_EVERY_MS = 1000;

const countOf = ({ flashes, second }) => (second ? `${flashes}-${second}` : String(flashes));

function isExpected(found, { kind, count, groups }) {
  if (found.kind !== kind) return false;
  return kind === "number" ? String(found.groups) === String(groups) : count === countOf(found.state);
}

// Reads a clip as the page does: a verdict every second and one at the end. An answer before the end that is wrong counts as
// wrong, whatever the last one says. The state that the lamp shows around a number is neither.
function readClip({ expected, row, seed, pointed, ...clip }, device) {
  const eyes = new Eyes();
  const answers = new Answers();
  let judged = 0;
  let wrong = null;
  let seconds = null;
  let near = null;
  let last = { kind: "unreadable", why: "short" };
  const judge = (time) => {
    judged = time;
    last = answers.settle(verdict(eyes, near, device), time);
    const answered = last.kind === "state" || last.kind === "number";
    if (!answered || (last.kind === "state" && countOf(last.state) === expected.around)) return;
    if (isExpected(last, expected)) seconds ??= (time - 1000) / 1000;
    else wrong ??= last;
  };
  film({ ...clip, seed }, (rgba, time, exact, lamp) => {
    if (pointed && !near) near = { x: lamp.x / 4, y: lamp.y / 4 };
    eyes.see(rgba, time);
    if (time - judged >= JUDGED_EVERY_MS) judge(time);
  });
  judge(judged + 1);
  const isAnswerWanted = expected.kind === "state" || expected.kind === "number";
  const isRight = !wrong && (isAnswerWanted ? isExpected(last, expected) : true);
  const said = wrong ? wrong.state || wrong.groups : undefined;
  const why = isRight && expected.kind !== "either" ? undefined : last.kind === "two" ? "two" : last.why;
  return { row, seed, outcome: isRight ? "right" : wrong ? "wrong" : "unread", why, said, seconds };
}

// In an order of chance, so that what was read when a run is stopped is a fair sample of the plan.
function shuffled(list, random) {
  for (let i = list.length - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [list[i], list[other]] = [list[other], list[i]];
  }
  return list;
}

const [file, plan, part = "0/1", rows = ""] = process.argv.slice(2);
const [mine, parts] = part.split("/").map(Number);
const recorded = JSON.parse(fs.readFileSync(file, "utf8"));
const device = { states: recorded.lamps, pattern: recorded.pattern, codes: new Set(recorded.codes) };
shuffled(clips(recorded, plan), chance(1)).forEach((clip, i) => {
  if (i % parts === mine && clip.row.includes(rows)) console.log(JSON.stringify(readClip(clip, device)));
});
