"use strict";
// node frames.js RECORDING COUNT SECONDS: prints the frames of a clip of a state, 160 x 120 RGBA each, 30 a second.

const fs = require("fs");
const { film } = require("./scenes.js");

const [file, count, seconds] = process.argv.slice(2);
const { events } = JSON.parse(fs.readFileSync(file, "utf8")).states[count];
const still = { jitter: 0, dropped: 0, shake: 2 };

function written(bytes) {
  for (let at = 0; at < bytes.length; ) at += fs.writeSync(1, bytes, at);
}

film({ events, from: 3000, to: 3000 + 1000 * Number(seconds), seed: 4, ...still }, written);
