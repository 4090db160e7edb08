"use strict";
// node table.js FILE ...: the table of what run.js printed, as Markdown.

const fs = require("fs");

const rows = new Map();
const lines = process.argv.slice(2).flatMap((file) => fs.readFileSync(file, "utf8").trim().split("\n"));
for (const line of lines) {
  const { row, outcome, why, seconds } = JSON.parse(line);
  if (!rows.has(row)) rows.set(row, { right: 0, wrong: 0, unread: 0, whys: {}, seconds: [] });
  const one = rows.get(row);
  one[outcome]++;
  if (outcome === "unread" || (outcome === "right" && why)) one.whys[why] = (one.whys[why] || 0) + 1;
  if (seconds !== null && outcome === "right") one.seconds.push(seconds);
}
console.log("| clips | number | right | wrong | not read | why not | seconds, median |\n|---|---:|---:|---:|---:|---|---:|");
for (const [row, { right, wrong, unread, whys, seconds }] of rows) {
  const total = right + wrong + unread;
  const reasons = Object.entries(whys).map(([why, times]) => `${why} ${times}`).join(", ");
  const median = seconds.sort((a, b) => a - b)[seconds.length >> 1];
  console.log(`| ${row} | ${total} | ${((100 * right) / total).toFixed(1)} % | ${wrong} | ${unread} | ${reasons} | ${median ? median.toFixed(0) : ""} |`);
}
